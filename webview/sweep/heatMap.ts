/**
 * Heat map of one arm over two axes of a sweep: a table whose cells are coloured by the results of their runs and selected by mouse
 * or keyboard. It is its own data table.
 */

import * as l10n from '@vscode/l10n';
import { count } from '../../src/shared/counts';
import { formatCount, noValue, shortestDecimal } from '../../src/shared/numbers';
import { rowsText } from '../../src/shared/rowsText';
import { type Cell, type CellMetric, formatCell, metricNames } from '../../src/shared/sweep/cells';
import { type Axis, valueInWords } from '../../src/shared/sweep/grid';
import type { Exportable, ExportHandler } from '../export/exportPart';
import { ExportMenu } from '../export/menu';
import { printOf } from '../export/print';
import { armMarker } from '../view/armStyle';
import { create, setAttribute, setText } from '../view/dom';
import { paintCell } from '../view/palette';
import type { ShownArm } from '../view/shown';
import type { Theme } from '../view/theme';
import { tooltip } from '../view/tooltip';

/** Maximum number of cells per side: smaller cells are hard to distinguish and to click. */
export const mostCells = 40;
/** Number of columns above which cells are too narrow for their numbers, which then are in their titles. */
const mostWritten = 8;

export interface HeatMapContent {
  rows: Axis;
  columns: Axis | null;
  /** Positions on the axes that have a row or a column. */
  rowPlaces: number[];
  columnPlaces: number[];
  /** Row and column of the selected point. */
  chosen: [row: number, column: number];
  metric: CellMetric;
  cell(row: number, column: number): Cell | undefined;
  /** Maps a mean to a value from 0 (worst of all arms) to 1 (best). */
  shade(mean: number): number;
  /** The means with the values 0 and 1, in words; empty without results. */
  scale: string;
}

export class HeatMap {
  readonly element: HTMLElement;
  private readonly table = create('table', { role: 'grid' });
  private signature = '';
  private cells: HTMLElement[][] = [];
  private content: HeatMapContent | null = null;
  /** The cell whose numbers the tooltip has. */
  private read: HTMLElement | null = null;

  constructor(
    private readonly arm: Pick<ShownArm, 'name' | 'style'>,
    private readonly choose: (row: number, column: number) => void,
    exportChosen: ExportHandler,
    private readonly theme: Theme,
  ) {
    const exportMenu = new ExportMenu(async (what) => exportChosen(what, this.exportable()));
    exportMenu.name(l10n.t`sweep results of ${arm.name}`);
    this.element = create(
      'figure',
      { class: 'heat', 'data-arm': arm.name },
      create('figcaption', {}, armMarker(arm.style), create('span', {}, arm.name), exportMenu.element),
      create('div', { class: 'table' }, this.table),
    );
    this.table.setAttribute('aria-label', l10n.t`Sweep results of ${arm.name}`);
    this.table.addEventListener('keydown', (event) => this.key(event));
  }

  update(content: HeatMapContent): void {
    this.content = content;
    const { rows, columns, rowPlaces, columnPlaces, metric } = content;
    const signature = JSON.stringify([rows, columns, rowPlaces, columnPlaces]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(content);
    }
    const isWritten = columnPlaces.length <= mostWritten;
    setAttribute(this.element, 'data-written', String(isWritten));
    rowPlaces.forEach((row, r) => {
      columnPlaces.forEach((column, c) => {
        const cell = this.cells[r][c];
        const state = content.cell(row, column);
        const words = cellWords(state, metric);
        const isChosen = row === content.chosen[0] && column === content.chosen[1];
        const at = pointInWords(content, row, column);
        const label = `${at}: ${words}${state ? `, ${count(state.ended, 'run')}` : ''}`;
        setAttribute(cell, 'aria-label', label);
        setAttribute(cell, 'aria-selected', String(isChosen));
        setAttribute(cell, 'tabindex', isChosen ? 0 : -1);
        setAttribute(cell, 'data-state', stateOf(state));
        setText(cell, isWritten ? cellText(state, metric) : shape(state));
        paintCell(cell, state?.mean == null ? null : content.shade(state.mean));
        if (this.read === cell) this.showTooltip(cell, row, column);
      });
    });
  }

  private build({ rows, columns, rowPlaces, columnPlaces }: HeatMapContent): void {
    const short = columnPlaces.length <= mostWritten;
    const head = create(
      'tr',
      {},
      create('th', { scope: 'col' }, columns ? `${rows.name} ↓ ${columns.name} →` : rows.name),
    );
    for (const place of columnPlaces) {
      const words = columns ? valueInWords(columns.values[place]) : l10n.t('mean');
      head.append(
        create('th', { scope: 'col', title: words }, short ? words : create('span', { class: 'aloud' }, words)),
      );
    }
    this.cells = rowPlaces.map((row) =>
      columnPlaces.map((column) => {
        const cell = create('td', { role: 'gridcell' });
        cell.addEventListener('click', () => this.choose(row, column));
        for (const type of ['pointerenter', 'focus'])
          cell.addEventListener(type, () => this.showTooltip(cell, row, column));
        for (const type of ['pointerleave', 'blur']) cell.addEventListener(type, () => this.hideTooltip());
        return cell;
      }),
    );
    this.table.replaceChildren(
      create('thead', {}, head),
      create(
        'tbody',
        {},
        ...rowPlaces.map((row, r) =>
          create('tr', {}, create('th', { scope: 'row' }, valueInWords(rows.values[row])), ...this.cells[r]),
        ),
      ),
    );
  }

  private showTooltip(cell: HTMLElement, row: number, column: number): void {
    const { content, arm } = this;
    if (!content) return;
    this.read = cell;
    const state = content.cell(row, column);
    const { right, top, height } = cell.getBoundingClientRect();
    tooltip.show(
      this,
      {
        head: pointInWords(content, row, column),
        rows: [
          {
            swatch: armMarker(arm.style),
            name: arm.name,
            value: cellWords(state, content.metric),
            more: state ? l10n.t`mean ${metricNames[content.metric]} of ${count(state.ended, 'run')}` : '',
          },
        ],
      },
      { x: right, y: top + height / 2 },
    );
  }

  private hideTooltip(): void {
    this.read = null;
    tooltip.hide(this);
  }

  private exportable(): Exportable {
    const { element, arm, theme, content } = this;
    const mean = content ? l10n.t`mean ${metricNames[content.metric]} over the seeds` : '';
    const unit = [mean, content?.scale].filter(Boolean).join(', ');
    return {
      id: `sweep ${arm.name}`,
      step: null,
      picture: ({ name }) => printOf(element, { title: l10n.t('Sweep results'), unit, whose: name }, theme),
      table: (delimiter) => rowsText(content ? cellRows(content) : [], delimiter),
    };
  }

  private key(event: KeyboardEvent): void {
    const { content } = this;
    if (!content) return;
    const { rowPlaces, columnPlaces, chosen } = content;
    const [row, column] = [rowPlaces.indexOf(chosen[0]), columnPlaces.indexOf(chosen[1])];
    const targets: Record<string, [number, number]> = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 0],
      End: [row, columnPlaces.length - 1],
    };
    const target = targets[event.key];
    if (!target) return;
    event.preventDefault();
    const within = (place: number, count: number) => Math.max(0, Math.min(count - 1, place));
    const [r, c] = [within(target[0], rowPlaces.length), within(target[1], columnPlaces.length)];
    this.choose(rowPlaces[r], columnPlaces[c]);
    this.cells[r][c].focus();
  }
}

/** `learningRate 0.1, gain 1`. */
function pointInWords({ rows, columns }: HeatMapContent, row: number, column: number): string {
  const inRows = `${rows.name} ${valueInWords(rows.values[row])}`;
  return columns ? `${inRows}, ${columns.name} ${valueInWords(columns.values[column])}` : inRows;
}

/** All cells, including those that the page omits for lack of space. */
function cellRows({ rows, columns, metric, cell }: HeatMapContent): (string | number)[][] {
  // not translated: headings of CSV
  const head = [rows.name, ...(columns ? [columns.name] : []), `mean ${metric}`, 'runs counted', 'diverged'];
  const cells = rows.values.flatMap((row, r) =>
    (columns?.values ?? [null]).map((column, c) => {
      const state = cell(r, c);
      return [
        valueInWords(row),
        ...(columns ? [valueInWords(column)] : []),
        shortestDecimal(state?.mean ?? Number.NaN),
        state?.counted ?? 0,
        state?.diverged ?? 0,
      ];
    }),
  );
  return [head, ...cells];
}

function stateOf(state: Cell | undefined): string {
  if (!state) return 'empty';
  if (state.counted === 0) return state.diverged > 0 ? 'diverged' : 'empty';
  return state.diverged > 0 ? 'partly' : 'whole';
}

/** A sign that does not depend on colour. */
function shape(state: Cell | undefined): string {
  return state && state.diverged > 0 ? '✕' : '';
}

/** Like `cellWords`, without the number of diverged runs, to save space. */
function cellText(state: Cell | undefined, metric: CellMetric): string {
  if (!state || state.mean === null || state.diverged === 0) return cellWords(state, metric);
  return `${formatCell(state.mean, metric)} ✕ ${state.diverged}`;
}

function cellWords(state: Cell | undefined, metric: CellMetric): string {
  if (!state) return noValue;
  if (state.mean === null) return state.diverged > 0 ? `✕ ${l10n.t('diverged')}` : noValue;
  const value = formatCell(state.mean, metric);
  return state.diverged > 0 ? `${value} ✕ ${l10n.t`${formatCount(state.diverged)} diverged`}` : value;
}

/** Evenly spaced positions of a long axis, including the first, the last and a given one. */
export function thinned(count: number, wanted: number, most = mostCells): number[] {
  if (count <= most) return Array.from({ length: count }, (_, place) => place);
  const places = new Set(Array.from({ length: most }, (_, k) => Math.round((k * (count - 1)) / (most - 1))));
  return [...places.add(wanted)].sort((a, b) => a - b);
}
