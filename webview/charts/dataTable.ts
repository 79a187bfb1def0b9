/** A chart's values as a table: one column per line, and a readable number of evenly spaced steps. */

import * as l10n from '@vscode/l10n';
import { formatCount } from '../../src/shared/numbers';
import { create, setAttribute, setText } from '../view/dom';
import { type Horizontal, placesInWords, tickOnAxis } from '../view/period';
import { isInside, isWhole } from '../view/span';
import { type ChartContent, type Series, valueAt } from './content';
import { named, qualities, wordsOf } from './names';
import { formatReading } from './readings';

const mostRows = 40;
const tableHeads: Record<Horizontal, string> = {
  step: l10n.t('Step'),
  relative: l10n.t('Relative time'),
  wall: l10n.t('Wall time'),
};

export interface Column {
  series: Series;
}

/** All numbers of a chart over the steps. */
export function columnsOf(content: ChartContent): Column[] {
  const columns = content.lines.map(({ series }) => ({ series }));
  for (const band of content.bands) {
    if (band.lined) continue;
    columns.push(
      { series: { name: named(band.name, qualities['lower edge']), run: band.run, at: (frame) => band.low(frame) } },
      { series: { name: named(band.name, qualities['upper edge']), run: band.run, at: (frame) => band.high(frame) } },
    );
  }
  return columns;
}

/** Steps of all frames of the columns, ascending. */
export function allSteps(runs: { steps: ArrayLike<number>; count: number }[]): number[] {
  const all = new Set<number>();
  for (const { steps, count } of runs) for (let frame = 0; frame < count; frame++) all.add(steps[frame]);
  return [...all].sort((a, b) => a - b);
}

/** Evenly spaced steps, including the first, the last, and the selected step or the one before it. */
export function tableSteps(steps: number[], most: number, step: number): { rows: number[]; current: number } {
  const at = Math.max(
    0,
    steps.findLastIndex((each) => each <= step),
  );
  const rows =
    steps.length <= most
      ? [...steps]
      : Array.from({ length: most }, (_, row) => steps[Math.round((row * (steps.length - 1)) / (most - 1))]);
  const before = rows.findLastIndex((each) => each <= steps[at]);
  if (steps.length > 0 && rows[before] !== steps[at]) rows.splice(before + 1, 0, steps[at]);
  return { rows, current: rows.indexOf(steps[at]) };
}

/** `40 of 200 steps; its CSV has all`. */
function someInWords(some: number, all: number, areTimes: boolean): string {
  const [part, whole] = [formatCount(some), formatCount(all)];
  return areTimes
    ? l10n.t`${part} of ${whole} times; its CSV has all`
    : l10n.t`${part} of ${whole} steps; its CSV has all`;
}

/** Words of the button that shows or hides the data table. */
export function tableButtonWords(title: string, isOpen: boolean): string {
  return isOpen ? l10n.t`Hide the data table of ${title}` : l10n.t`Show the data table of ${title}`;
}

export class DataTable {
  readonly element: HTMLElement;
  private readonly caption = create('caption');
  private readonly head = create('tr');
  private readonly body = create('tbody');

  constructor(id: string) {
    this.element = create(
      'div',
      { class: 'table', id, role: 'region', tabindex: 0 },
      create('table', {}, this.caption, create('thead', {}, this.head), this.body),
    );
  }

  /** @param step The displayed step, whose row is marked. */
  update(content: ChartContent, step: number): void {
    const columns = columnsOf(content);
    const { span, time } = content;
    const isPartial = !isWhole(span, content.steps);
    const all = allSteps([...new Set(columns.map(({ series }) => series.run.frames))]);
    const watched = isPartial ? all.filter((each) => isInside(span, each)) : all;
    const { rows: steps, current } = tableSteps(watched, mostRows, step);
    this.element.setAttribute('aria-label', l10n.t`${content.title}, data table`);
    const title = `${content.title}${content.unit ? `, ${content.unit}` : ''}`;
    const parts = [
      isPartial ? placesInWords(content, span) : '',
      someInWords(steps.length, all.length, time !== undefined),
    ];
    setText(this.caption, steps.length < all.length ? `${title} · ${parts.filter(Boolean).join(', ')}` : title);
    this.writeRow(
      this.head,
      [tableHeads[time?.kind ?? 'step'], ...columns.map(({ series }) => wordsOf(series.name))],
      () => create('th', { scope: 'col' }),
    );
    while (this.body.rows.length > steps.length) this.body.deleteRow(-1);
    while (this.body.rows.length < steps.length) this.body.append(create('tr'));
    for (const [row, each] of steps.entries()) {
      setAttribute(this.body.rows[row], 'aria-current', row === current && isInside(span, step) ? 'step' : undefined);
      this.writeRow(
        this.body.rows[row],
        [
          time ? tickOnAxis(time, each) : formatCount(each),
          ...columns.map(({ series }) => formatReading(content, valueAt(series, each))),
        ],
        (column) => (column === 0 ? create('th', { scope: 'row' }) : create('td')),
      );
    }
  }

  private writeRow(row: HTMLTableRowElement, values: string[], makeCell: (column: number) => HTMLElement): void {
    while (row.cells.length > values.length) row.deleteCell(-1);
    while (row.cells.length < values.length) row.append(makeCell(row.cells.length));
    for (const [column, text] of values.entries()) setText(row.cells[column], text);
  }
}
