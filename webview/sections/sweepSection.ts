/** Section "Sweep results": one heat map for each arm, all on one scale. The rest of the page shows the selected cell. */

import { formatCount } from '../../src/shared/numbers';
import { cellKey, cellsOf, formatCell, metricNames, metricsOf, rangeOf, shadeOf } from '../../src/shared/sweep/cells';
import { Grid, pointInWords } from '../../src/shared/sweep/grid';
import { ChoiceBar } from '../controls/choiceBar';
import type { ExportHandler } from '../export/exportPart';
import { create } from '../view/dom';
import { colourBar } from '../view/palette';
import type { Places } from '../view/point';
import type { Shown } from '../view/shown';
import type { Theme } from '../view/theme';
import { HeatMap, thinned } from './heatMap';

export class SweepSection {
  readonly element: HTMLElement;
  private readonly hint = create('span', { class: 'dim small hint' });
  private readonly metricBar: ChoiceBar;
  private readonly maps = create('div', { class: 'maps' });
  private heatMaps: HeatMap[] = [];
  private signature = '';
  private shown: Shown | null = null;

  constructor(
    private readonly pointChosen: (places: Places) => void,
    metricChosen: (metric: string) => void,
    private readonly exportChosen: ExportHandler,
    private readonly theme: Theme,
  ) {
    this.metricBar = new ChoiceBar('Cell metric', metricChosen);
    this.element = create(
      'section',
      { class: 'sweep', 'aria-labelledby': 'sweep', hidden: true },
      create(
        'div',
        { class: 'head' },
        create('h2', { id: 'sweep' }, 'Sweep results'),
        this.hint,
        create('div', { class: 'controls' }, this.metricBar.element),
      ),
      this.maps,
    );
  }

  update(shown: Shown): void {
    this.shown = shown;
    const { session, places } = shown;
    const [rows, columns = null] = session.axes;
    this.element.hidden = rows === undefined;
    if (!rows) return;
    const runs = [...session.runs.values()].map(({ state }) => state);
    const metrics = metricsOf(runs);
    const metric = metrics.find((each) => each === shown.cellMetric) ?? metrics[0] ?? 'testAccuracy';
    this.metricBar.update(
      metrics.map((each) => ({ value: each, label: metricNames[each] })),
      metric,
    );
    const signature = JSON.stringify([session.id, shown.arms.map(({ name, style }) => [name, style])]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.heatMaps = shown.arms.map(
        (arm) => new HeatMap(arm, (row, column) => this.choose(row, column), this.exportChosen, this.theme),
      );
      this.maps.replaceChildren(...this.heatMaps.map(({ element }) => element));
    }
    const cells = cellsOf(runs, session.axes, metric);
    const range = rangeOf(cells.values());
    const rowPlaces = thinned(rows.values.length, places[0]);
    const columnPlaces = columns ? thinned(columns.values.length, places[1]) : [0];
    // The worst and the best mean of all arms.
    const ends = range
      ? (metric.endsWith('Loss') ? range.toReversed() : [...range]).map((mean) => formatCell(mean, metric))
      : [];
    this.hint.replaceChildren(
      `mean ${metricNames[metric]} over the seeds`,
      ...(ends.length > 0 ? [`: ${ends[0]} `, colourBar(), ` ${ends[1]}`] : []),
      this.words(shown, {
        isThin:
          rowPlaces.length < rows.values.length || (columns !== null && columnPlaces.length < columns.values.length),
      }),
    );
    const grid = new Grid(session.axes);
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
        cell: (row, column) => cells.get(cellKey(arm.name, grid.pointAt(this.placesAt(row, column)), session.axes)),
        shade: (mean) => shadeOf(mean, range, metric),
        scale: ends.length > 0 ? `dark ${ends[0]} to bright ${ends[1]}` : '',
      });
    });
  }

  private words({ session, places }: Shown, { isThin }: { isThin: boolean }): string {
    const others = session.axes.slice(2);
    const parts = ['', 'brighter is better, one scale for all arms'];
    if (others.length > 0) parts.push(`at ${pointInWords(new Grid(session.axes).pointAt(places), others)}`);
    if (isThin) {
      const sizes = session.axes.slice(0, 2).map(({ values }) => formatCount(values.length));
      parts.push(`some of ${sizes.join(' × ')} points are shown`);
    }
    parts.push('✕ diverged', 'the page shows the selected cell');
    return parts.join(' · ');
  }

  private placesAt(row: number, column: number): Places {
    const places = [...(this.shown?.places ?? [])];
    places[0] = row;
    if (places.length > 1) places[1] = column;
    return places;
  }

  private choose(row: number, column: number): void {
    this.pointChosen(this.placesAt(row, column));
  }
}
