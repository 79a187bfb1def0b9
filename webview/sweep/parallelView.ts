/**
 * Parallel coordinates of a sweep. Dragging along an axis filters the combinations; a click on a line, or Enter, chooses the
 * combination whose point the page shows.
 */
import * as l10n from '@vscode/l10n';
import { count } from '../../src/shared/counts';
import { formatCount } from '../../src/shared/numbers';
import { rowsText } from '../../src/shared/rowsText';
import { formatCell, metricNames } from '../../src/shared/sweep/cells';
import { Grid, pointInWords } from '../../src/shared/sweep/grid';
import { tableButtonWords } from '../charts/dataTable';
import type { Exportable } from '../export/exportPart';
import { ExportMenu } from '../export/menu';
import { printedBy, printOf } from '../export/print';
import { armMarker } from '../view/armStyle';
import type { SlotRange } from '../view/choices';
import { create, icon, setAttribute, setText } from '../view/dom';
import { KeptSize } from '../view/keptSize';
import { colourBar, lineFill } from '../view/palette';
import type { Shown } from '../view/shown';
import type { Theme } from '../view/theme';
import { tooltip } from '../view/tooltip';
import { AxisFilter } from './axisFilter';
import { resultRows, seedsOfCell, valueOfCell } from './curves';
import {
  type Combination,
  filtered,
  filterWords,
  nearestLine,
  type ParallelContent,
  parallelContent,
  soundFilter,
} from './parallel';
import { axisDistance, axisX, ParallelDrawing, parallelY } from './parallelDrawing';
import { endsInWords, type SweepResults } from './results';
import { fillTable } from './table';
import type { SweepEvents, SweepView } from './view';

const tableId = 'sweep-parallel';
const mostRows = 40;
/** Pixels between the pointer and a line that it reads. */
const reach = 14;

export class ParallelView implements SweepView {
  private readonly canvas = create('canvas', { role: 'img' });
  /** Has the line that is read, so that reading does not draw all lines again. */
  private readonly above = create('canvas', { class: 'above', 'aria-hidden': 'true' });
  private readonly reader = create('div', {
    class: 'reader',
    role: 'slider',
    tabindex: 0,
    'aria-valuemin': 1,
  });
  private readonly filters = create('div', { class: 'axis-filters' });
  private readonly plot = create(
    'div',
    { class: 'plot parallel-plot' },
    this.canvas,
    this.above,
    this.reader,
    this.filters,
  );
  private readonly tableButton = create(
    'button',
    { type: 'button', class: 'icon small', 'aria-controls': `table-${tableId}` },
    icon('table'),
  );
  private readonly clear = create('button', { type: 'button', class: 'link small' }, l10n.t('Clear filters'));
  private readonly status = create('span', { class: 'dim small', role: 'status' });
  private readonly table = create('div', { class: 'table', id: `table-${tableId}`, role: 'region', tabindex: 0 });
  private readonly figure: HTMLElement;
  readonly element: HTMLElement;
  readonly controls = null;
  private readonly drawing = new ParallelDrawing(this.canvas);
  private readonly overlay = new ParallelDrawing(this.above);
  private readonly size: KeptSize;
  private axisFilters: AxisFilter[] = [];
  private content: ParallelContent | null = null;
  private version = '';
  private drawn = '';
  /** From the worst to the best. */
  private kept: Combination[] = [];
  private ranges: SlotRange[] = [];
  private read: Combination | null = null;
  private shown: Shown | null = null;

  constructor(
    private readonly events: SweepEvents,
    private readonly theme: Theme,
  ) {
    const exportMenu = new ExportMenu(async (what) => events.exportChosen(what, this.exportable()));
    exportMenu.name(l10n.t('parallel coordinates of the sweep'));
    this.tableButton.addEventListener('click', () => events.tableToggled(tableId));
    this.clear.addEventListener('click', () => this.filter(this.ranges.map(() => null)));
    this.figure = create(
      'figure',
      { class: 'parallel' },
      create(
        'figcaption',
        {},
        this.status,
        this.clear,
        create('div', { class: 'tools' }, this.tableButton, exportMenu.element),
      ),
      this.plot,
      this.table,
    );
    this.element = create('div', {}, this.figure);
    this.size = new KeptSize(this.plot, events.resized);
    this.listen();
  }

  update(shown: Shown, results: SweepResults): (Node | string)[] {
    this.shown = shown;
    const { theme } = this;
    const arms = shown.arms.filter(({ visible }) => visible);
    const version = JSON.stringify([results.version, arms.map(({ name, style }) => [name, style])]);
    if (version !== this.version || !this.content) {
      this.version = version;
      this.content = parallelContent(results, arms);
      this.read = null;
    }
    const { content } = this;
    this.ranges = soundFilter(content.axes, shown.sweepFilter);
    this.kept = filtered(content.combinations, this.ranges);
    this.writeFilters(content);
    this.draw(content, shown);
    const { metric } = results;
    const isFiltered = this.ranges.some((each) => each !== null);
    const words = isFiltered
      ? l10n.t`${formatCount(this.kept.length)} of ${count(content.found, 'combination')}`
      : count(content.found, 'combination');
    setText(this.status, words);
    setAttribute(this.clear, 'hidden', !isFiltered);
    this.writeTable(content, results, shown);
    this.showReading();
    const ends = endsInWords(results);
    const few =
      content.combinations.length < content.found ? l10n.t`${formatCount(content.combinations.length)} are drawn` : '';
    return [
      l10n.t`one line a combination, mean ${metricNames[metric]} over the seeds`,
      ...(ends.length > 0
        ? [
            `: ${l10n.t`worst ${ends[0]}`} `,
            colourBar((level) => lineFill(level, theme.background)),
            ` ${l10n.t`best ${ends[1]}`}`,
          ]
        : []),
      [
        '',
        few,
        l10n.t('drag along an axis to filter'),
        l10n.t('dashed: diverged'),
        l10n.t('the page shows the selected line'),
      ]
        .filter((part, k) => k === 0 || part !== '')
        .join(' · '),
    ];
  }

  private draw(content: ParallelContent, shown: Shown): void {
    const { width, height } = this.size;
    const chosen = this.chosen(shown);
    const signature = JSON.stringify([
      this.version,
      this.ranges,
      shown.places,
      width,
      height,
      this.theme.version,
      window.devicePixelRatio,
    ]);
    if (width === 0 || height === 0 || signature === this.drawn) return;
    this.drawn = signature;
    const { kept, theme } = this;
    const size = { width, height };
    this.drawing.draw(content, kept, chosen, size, theme);
    printedBy(this.canvas, {
      isVector: true,
      draw: (other, scale) => new ParallelDrawing(other).draw(content, kept, chosen, size, theme, scale),
    });
    setAttribute(this.canvas, 'aria-label', this.describe(content, chosen));
  }

  /** The combinations of the selected point. */
  private chosen({ places }: Shown): Combination[] {
    return (this.content?.combinations ?? []).filter((each) => places.every((place, k) => place === each.places[k]));
  }

  private describe({ axes, results }: ParallelContent, chosen: readonly Combination[]): string {
    const best = this.kept[this.kept.length - 1];
    const words = (each: Combination) => `${this.inWords(each)}: ${valueOfCell(each.cell, results)}`;
    return [
      l10n.t`Parallel coordinates over ${axes.map(({ name }) => name).join(', ')}`,
      count(this.kept.length, 'combination'),
      best ? l10n.t`best ${words(best)}` : l10n.t('no results'),
      ...chosen.map((each) => l10n.t`selected ${words(each)}`),
    ].join('. ');
  }

  /** `BatchNorm, learningRate 0.1, gain 1`. */
  private inWords({ arm, places }: Combination): string {
    const axes = this.content?.results.axes ?? [];
    return `${arm}, ${pointInWords(new Grid(axes).pointAt(places), axes)}`;
  }

  private writeFilters({ axes, results }: ParallelContent): void {
    if (this.axisFilters.length !== axes.length) {
      this.axisFilters = axes.map(
        (_, k) =>
          new AxisFilter((range) => this.filter(this.ranges.map((each, other) => (other === k ? range : each)))),
      );
      this.filters.replaceChildren(...this.axisFilters.map(({ element }) => element));
    }
    const { width, height } = this.size;
    const format = (value: number) => formatCell(value, results.metric);
    axes.forEach((axis, k) => {
      const range = this.ranges[k];
      this.axisFilters[k].update({
        axis,
        range,
        words: filterWords(axis, range, format),
        x: axisX(k, axes.length, width),
        room: axisDistance(axes.length, width),
        top: parallelY(1, height),
        bottom: parallelY(0, height),
      });
    });
  }

  private writeTable({ axes, results }: ParallelContent, { axes: swept }: SweepResults, shown: Shown): void {
    const isOpen = shown.tables.includes(tableId);
    const words = tableButtonWords(l10n.t('the best combinations'), isOpen);
    setAttribute(this.tableButton, 'aria-expanded', String(isOpen));
    setAttribute(this.tableButton, 'aria-label', words);
    setAttribute(this.tableButton, 'title', words);
    setAttribute(this.table, 'hidden', !isOpen);
    if (!isOpen) return;
    const best = this.kept.slice(-mostRows).reverse();
    const grid = new Grid(swept);
    setAttribute(this.table, 'aria-label', l10n.t('Best combinations, data table'));
    fillTable(this.table, {
      caption: l10n.t`Best ${formatCount(best.length)} of ${count(this.kept.length, 'combination')}: mean ± half the 95 % interval; the CSV has all`,
      head: [l10n.t('arm'), ...swept.map(({ name }) => name), axes[axes.length - 1].name, l10n.t('seeds')],
      rows: best.map(({ arm, places, cell }) => {
        const point = grid.pointAt(places);
        return [
          arm,
          ...swept.map((axis) => pointInWords(point, [axis]).slice(axis.name.length + 1)),
          valueOfCell(cell, results),
          seedsOfCell(cell),
        ];
      }),
      current: best.findIndex(({ places }) => places.every((place, k) => place === shown.places[k])),
    });
  }

  private filter(slots: SlotRange[]): void {
    if (!this.shown) return;
    const sweepFilter = slots.every((range) => range === null) ? null : { session: this.shown.session.id, slots };
    this.events.sweepChosen({ sweepFilter });
  }

  private listen(): void {
    const { reader } = this;
    reader.addEventListener('pointermove', (event) => this.readAt(event));
    reader.addEventListener('pointerleave', () => this.stopReading());
    reader.addEventListener('click', (event) => {
      this.readAt(event);
      this.choose();
    });
    reader.addEventListener('focus', () => {
      if (!this.shown || !reader.matches(':focus-visible')) return;
      this.read =
        this.chosen(this.shown).find((each) => this.kept.includes(each)) ?? this.kept[this.kept.length - 1] ?? null;
      this.showReading();
    });
    reader.addEventListener('blur', () => this.stopReading());
    reader.addEventListener('keydown', (event) => this.key(event));
  }

  private readAt({ clientX, clientY }: MouseEvent): void {
    const { left, top } = this.plot.getBoundingClientRect();
    const { width, height } = this.size;
    const from = axisX(0, 2, width);
    const share = (clientX - left - from) / (axisX(1, 2, width) - from);
    const [low, high] = [parallelY(0, height), parallelY(1, height)];
    const position = (low - (clientY - top)) / (low - high);
    this.read = nearestLine(this.kept, share, position, reach / (low - high));
    this.showReading({ x: clientX, y: clientY });
  }

  private stopReading(): void {
    this.read = null;
    this.showReading();
  }

  private choose(): void {
    if (this.read) this.events.pointChosen(this.read.places);
  }

  private showReading(anchor?: { x: number; y: number }): void {
    const { content, read, reader, above } = this;
    if (!content) return;
    const { width, height } = this.size;
    const at = read ? this.kept.length - this.kept.indexOf(read) : 1;
    setAttribute(reader, 'aria-label', l10n.t('Combinations from the best to the worst'));
    setAttribute(reader, 'aria-valuemax', Math.max(1, this.kept.length));
    setAttribute(reader, 'aria-valuenow', at);
    const words = read ? `${this.inWords(read)}: ${valueOfCell(read.cell, content.results)}` : l10n.t('No combination');
    setAttribute(reader, 'aria-valuetext', words);
    setAttribute(above, 'hidden', !read);
    if (!read) {
      tooltip.hide(this);
      return;
    }
    this.overlay.drawAlone(content.axes, read, { width, height }, this.theme);
    const { left, top } = this.plot.getBoundingClientRect();
    const { axes, metric } = content.results;
    tooltip.show(
      this,
      {
        head: pointInWords(new Grid(axes).pointAt(read.places), axes),
        rows: [
          {
            swatch: armMarker(read.style),
            name: read.arm,
            value: valueOfCell(read.cell, content.results),
            more: l10n.t`mean ${metricNames[metric]}, ${seedsOfCell(read.cell)}`,
          },
        ],
      },
      anchor ?? {
        x: left + axisX(1, 2, width),
        y: top + parallelY(read.positions[read.positions.length - 1], height),
      },
    );
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { kept } = this;
    const last = kept.length - 1;
    const at = this.read ? kept.indexOf(this.read) : last + 1;
    const move = (to: number) => () => {
      this.read = kept[Math.max(0, Math.min(last, to))] ?? null;
      this.showReading();
    };
    const keys: Record<string, () => void> = {
      ArrowRight: move(at - 1),
      ArrowDown: move(at - 1),
      ArrowLeft: move(at + 1),
      ArrowUp: move(at + 1),
      PageDown: move(at - 10),
      PageUp: move(at + 10),
      Home: move(last),
      End: move(0),
      Enter: () => this.choose(),
      Escape: () => this.stopReading(),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  private exportable(): Exportable {
    const { figure, theme, content } = this;
    return {
      id: 'sweep combinations',
      step: null,
      picture: ({ name }) =>
        printOf(
          figure,
          {
            title: l10n.t('Sweep results'),
            unit: content
              ? l10n.t`one line a combination, mean ${metricNames[content.results.metric]} over the seeds`
              : '',
            whose: name,
          },
          theme,
        ),
      table: (delimiter) => rowsText(content ? resultRows(content.results, content.combinations) : [], delimiter),
    };
  }
}
