/** The curves of a sweep: which axis is horizontal and which makes the lines, and one chart, or one for each arm. */
import * as l10n from '@vscode/l10n';
import { metricNames } from '../../src/shared/sweep/cells';
import { Grid, pointInWords } from '../../src/shared/sweep/grid';
import { create, setAttribute } from '../view/dom';
import type { Shown } from '../view/shown';
import type { Theme } from '../view/theme';
import { CurveChart } from './curveChart';
import { type CurveChoice, curveCharts, curveChoice, mostCurves } from './curves';
import type { SweepResults } from './results';
import type { SweepEvents, SweepView } from './view';

export class CurvesView implements SweepView {
  private readonly charts = create('div', { class: 'maps' });
  private readonly horizontal = create('select');
  private readonly lines = create('select');
  readonly controls = create(
    'div',
    { class: 'controls small' },
    create('label', {}, `${l10n.t({ message: 'Horizontal', comment: 'Label of a list of axes' })} `, this.horizontal),
    create(
      'label',
      {},
      `${l10n.t({ message: 'Lines', comment: 'Label of a list: what the lines of a chart are' })} `,
      this.lines,
    ),
  );
  readonly element = create('div', {}, this.charts);
  private made: CurveChart[] = [];
  private signature = '';
  private options = '';
  private choice: CurveChoice = { horizontal: 0, lines: -1 };
  private shown: Shown | null = null;

  constructor(
    private readonly events: SweepEvents,
    private readonly theme: Theme,
  ) {
    this.horizontal.addEventListener('change', () => events.sweepChosen({ sweepX: this.horizontal.value }));
    this.lines.addEventListener('change', () => events.sweepChosen({ sweepLines: this.lines.value }));
  }

  update(shown: Shown, results: SweepResults): string[] {
    this.shown = shown;
    this.choice = curveChoice(results.axes, shown.sweepX, shown.sweepLines);
    this.writeControls(results);
    const arms = shown.arms.filter(({ visible }) => visible);
    const contents = curveCharts(results, arms, this.choice, shown.places);
    const signature = JSON.stringify([shown.session.id, contents.map(({ arm }) => arm?.name)]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.made = contents.map(({ arm }) => {
        const id = arm ? `sweep-${shown.arms.findIndex(({ name }) => name === arm.name)}` : 'sweep';
        const events = { ...this.events, chosen: (place: number, line: number | null) => this.choose(place, line) };
        return new CurveChart(id, events, this.theme);
      });
      this.charts.replaceChildren(...this.made.map(({ element }) => element));
    }
    for (const [k, content] of contents.entries()) this.made[k].update(content, shown.tables);
    return [this.words(shown, results)];
  }

  private writeControls({ axes }: SweepResults): void {
    const { horizontal, lines } = this.choice;
    setAttribute(this.controls, 'hidden', axes.length < 2);
    const signature = JSON.stringify([axes.map(({ pointer, name }) => [pointer, name]), horizontal]);
    if (signature !== this.options) {
      this.options = signature;
      const option = (k: number) => create('option', { value: axes[k].pointer }, axes[k].name);
      const all = [...axes.keys()];
      this.horizontal.replaceChildren(...all.map(option));
      const others = all.filter((k) => k !== horizontal);
      this.lines.replaceChildren(create('option', { value: 'arms' }, l10n.t('arms')), ...others.map(option));
    }
    this.horizontal.value = axes[horizontal].pointer;
    this.lines.value = lines < 0 ? 'arms' : axes[lines].pointer;
  }

  private words({ places, session }: Shown, results: SweepResults): string {
    const { axes, metric, hasSeeds } = results;
    const { horizontal, lines } = this.choice;
    const fixed = axes.filter((_, k) => k !== horizontal && k !== lines);
    const name = metricNames[metric];
    const mean = !hasSeeds
      ? l10n.t`mean ${name} over the seeds, one seed: no interval`
      : lines < 0
        ? l10n.t`mean ${name} over the seeds with 95 % intervals`
        : l10n.t`mean ${name} over the seeds with 95 % interval of the selected line`;
    const parts = [mean];
    if (fixed.length > 0) parts.push(l10n.t`at ${pointInWords(new Grid(session.axes).pointAt(places), fixed)}`);
    if (lines >= 0 && axes[lines].values.length > mostCurves)
      parts.push(l10n.t`some of ${axes[lines].values.length} lines`);
    parts.push(`✕ ${l10n.t('diverged')}`, l10n.t('the page shows the selected point'));
    return parts.join(' · ');
  }

  private choose(place: number, line: number | null): void {
    if (!this.shown) return;
    const places = [...this.shown.places];
    places[this.choice.horizontal] = place;
    if (line !== null) places[this.choice.lines] = line;
    this.events.pointChosen(places);
  }
}
