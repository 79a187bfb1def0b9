/** Section "Sweep results": heat maps, curves or parallel coordinates. The rest of the page shows the selected point. */

import * as l10n from '@vscode/l10n';
import { formatCount } from '../../src/shared/numbers';
import { metricNames } from '../../src/shared/sweep/cells';
import { ChoiceBar } from '../controls/choiceBar';
import { CurvesView } from '../sweep/curvesView';
import { HeatMapsView } from '../sweep/heatMaps';
import { ParallelView } from '../sweep/parallelView';
import { ResultCounter, type SweepResults } from '../sweep/results';
import type { SweepEvents, SweepView } from '../sweep/view';
import { type SweepViewName, sweepViews } from '../view/choices';
import { create } from '../view/dom';
import type { Shown } from '../view/shown';
import type { Theme } from '../view/theme';

const labels: Record<SweepViewName, string> = {
  heat: l10n.t('heat map'),
  curves: l10n.t('curves'),
  parallel: l10n.t('parallel coordinates'),
};
/** Number of axes from which combinations can be shown as parallel coordinates. */
const manyAxes = 3;

export class SweepSection {
  readonly element: HTMLElement;
  private readonly hint = create('span', { class: 'dim small hint' });
  private readonly viewBar: ChoiceBar;
  private readonly metricBar: ChoiceBar;
  private readonly controls = create('div', { class: 'controls' });
  private readonly place = create('div');
  private readonly views: Record<SweepViewName, SweepView>;
  private readonly counter = new ResultCounter();
  private current: SweepView | null = null;

  constructor(events: SweepEvents, theme: Theme) {
    this.viewBar = new ChoiceBar(l10n.t('View of the sweep'), (value) =>
      events.sweepChosen({ sweepView: sweepViews.find((each) => each === value) ?? null }),
    );
    this.metricBar = new ChoiceBar(l10n.t('Metric'), (cellMetric) => events.sweepChosen({ cellMetric }));
    this.views = {
      heat: new HeatMapsView(events, theme),
      curves: new CurvesView(events, theme),
      parallel: new ParallelView(events, theme),
    };
    this.element = create(
      'section',
      { class: 'sweep', 'aria-labelledby': 'sweep', hidden: true },
      create(
        'div',
        { class: 'head' },
        create('h2', { id: 'sweep' }, l10n.t('Sweep results')),
        this.hint,
        this.controls,
      ),
      this.place,
    );
  }

  update(shown: Shown): void {
    const { session } = shown;
    this.element.hidden = session.axes.length === 0;
    if (this.element.hidden) return;
    const runs = [...session.runs.values()].map(({ state }) => state);
    const results = this.counter.count(session, runs, shown.cellMetric);
    this.metricBar.update(
      results.metrics.map((each) => ({ value: each, label: metricNames[each] })),
      results.metric,
    );
    const name = viewOf(session.axes.length, shown.sweepView);
    this.viewBar.update(
      viewsFor(session.axes.length).map((value) => ({ value, label: labels[value] })),
      name,
    );
    const view = this.views[name];
    if (view !== this.current) {
      this.current = view;
      this.place.replaceChildren(view.element);
      this.controls.replaceChildren(
        ...(view.controls ? [view.controls] : []),
        this.metricBar.element,
        this.viewBar.element,
      );
    }
    this.hint.replaceChildren(...view.update(shown, results), unfinishedWords(shown, results));
  }
}

function viewsFor(axes: number): SweepViewName[] {
  return sweepViews.filter((view) => view !== 'parallel' || axes >= manyAxes);
}

/** The chosen view if the sweep has it; otherwise, one axis is shown as curves, two as a heat map, and more as lines. */
function viewOf(axes: number, chosen: SweepViewName | null): SweepViewName {
  if (chosen && viewsFor(axes).includes(chosen)) return chosen;
  return axes === 1 ? 'curves' : axes < manyAxes ? 'heat' : 'parallel';
}

/** ` · 3 of 12 runs have finished`; empty when all have. */
function unfinishedWords({ session: { totals, runs } }: Shown, { ended }: SweepResults): string {
  const all = totals?.runs ?? runs.size;
  return ended < all ? ` · ${l10n.t`${formatCount(ended)} of ${formatCount(all)} runs have finished`}` : '';
}
