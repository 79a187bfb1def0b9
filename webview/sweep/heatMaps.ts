/** Heat maps of a sweep over its first two axes: one for each arm, all on one scale. */
import * as l10n from '@vscode/l10n';
import { formatCount } from '../../src/shared/numbers';
import { metricNames, shadeOf } from '../../src/shared/sweep/cells';
import { Grid, pointInWords } from '../../src/shared/sweep/grid';
import { create } from '../view/dom';
import { colourBar } from '../view/palette';
import type { Places } from '../view/point';
import type { Shown } from '../view/shown';
import type { Theme } from '../view/theme';
import { HeatMap, thinned } from './heatMap';
import { endsInWords, type SweepResults } from './results';
import type { SweepEvents, SweepView } from './view';

export class HeatMapsView implements SweepView {
  readonly element = create('div', { class: 'maps' });
  readonly controls = null;
  private heatMaps: HeatMap[] = [];
  private signature = '';
  private shown: Shown | null = null;

  constructor(
    private readonly events: SweepEvents,
    private readonly theme: Theme,
  ) {}

  update(shown: Shown, { metric, range, cellAt }: SweepResults): (Node | string)[] {
    this.shown = shown;
    const { session, places } = shown;
    const [rows, columns = null] = session.axes;
    const signature = JSON.stringify([session.id, shown.arms.map(({ name, style }) => [name, style])]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.heatMaps = shown.arms.map(
        (arm) => new HeatMap(arm, (row, column) => this.choose(row, column), this.events.exportChosen, this.theme),
      );
      this.element.replaceChildren(...this.heatMaps.map(({ element }) => element));
    }
    const rowPlaces = thinned(rows.values.length, places[0]);
    const columnPlaces = columns ? thinned(columns.values.length, places[1]) : [0];
    const ends = endsInWords({ metric, range });
    shown.arms.forEach((arm, k) => {
      const { element } = this.heatMaps[k];
      element.hidden = !arm.visible;
      if (!arm.visible) return;
      this.heatMaps[k].update({
        rows,
        columns,
        rowPlaces,
        columnPlaces,
        chosen: [places[0], places[1] ?? 0],
        metric,
        cell: (row, column) => {
          const cell = cellAt(arm.name, this.placesAt(row, column));
          return cell && cell.ended > 0 ? cell : undefined;
        },
        shade: (mean) => shadeOf(mean, range, metric),
        scale: ends.length > 0 ? l10n.t`dark ${ends[0]} to bright ${ends[1]}` : '',
      });
    });
    const isThin =
      rowPlaces.length < rows.values.length || (columns !== null && columnPlaces.length < columns.values.length);
    return [
      l10n.t`mean ${metricNames[metric]} over the seeds`,
      ...(ends.length > 0 ? [`: ${ends[0]} `, colourBar(), ` ${ends[1]}`] : []),
      this.words(shown, { isThin }),
    ];
  }

  private words({ session, places }: Shown, { isThin }: { isThin: boolean }): string {
    const others = session.axes.slice(2);
    const parts = ['', l10n.t('brighter is better, one scale for all arms')];
    if (others.length > 0) parts.push(l10n.t`at ${pointInWords(new Grid(session.axes).pointAt(places), others)}`);
    if (isThin) {
      const sizes = session.axes.slice(0, 2).map(({ values }) => formatCount(values.length));
      parts.push(l10n.t`some of ${sizes.join(' × ')} points are shown`);
    }
    parts.push(`✕ ${l10n.t('diverged')}`, l10n.t('the page shows the selected cell'));
    return parts.join(' · ');
  }

  private placesAt(row: number, column: number): Places {
    const places = [...(this.shown?.places ?? [])];
    places[0] = row;
    if (places.length > 1) places[1] = column;
    return places;
  }

  private choose(row: number, column: number): void {
    this.events.pointChosen(this.placesAt(row, column));
  }
}
