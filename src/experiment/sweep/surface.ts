/** Results of a sweep as tables: one table of two axes per arm and combination of the further axes. */
import * as l10n from '@vscode/l10n';
import { noValue } from '../../shared/numbers';
import {
  type Cell,
  type CellMetric,
  cellKey,
  cellsOf,
  emptyCell,
  formatCell,
  metricsOf,
  type Range,
  rangeOf,
  type SweptRun,
} from '../../shared/sweep/cells';
import { type Axis, Grid, pointInWords } from '../../shared/sweep/grid';

/** One table: a row per value of the first axis, a column per value of the second; a single column without a second axis. */
export interface Slice {
  /** Values of the further axes, in words; empty if there are none. */
  where: string;
  /** Cells by row and column. */
  cells: Cell[][];
}

export interface Surface {
  arm: string;
  slices: Slice[];
}

export interface Surfaces {
  metric: CellMetric;
  rows: Axis;
  columns: Axis | null;
  arms: Surface[];
  /** Range over all arms and slices. */
  range: Range | null;
}

/** Maximum number of cells that are shown as tables. */
const mostTableCells = 20_000;

/**
 * @param arms Arms in their order.
 * @param runs All finished runs; runs of a different sweep are ignored.
 * @returns Null without a sweep, and if its tables would be too large.
 */
export function surfaces(axes: readonly Axis[], arms: readonly string[], runs: readonly SweptRun[]): Surfaces | null {
  const [rows, columns = null, ...others] = axes;
  if (!rows || new Grid(axes).size * arms.length > mostTableCells) return null;
  const [metric = 'testLoss'] = metricsOf(runs);
  const cells = cellsOf(runs, axes, metric);
  const further = new Grid(others);
  const made = arms.map((arm): Surface => {
    const slices = Array.from({ length: further.size }, (_, index): Slice => {
      const where = further.point(index);
      const cellAt = (row: unknown, column: unknown) => {
        const point = { ...where, [rows.pointer]: row, ...(columns && { [columns.pointer]: column }) };
        return cells.get(cellKey(arm, point, axes)) ?? emptyCell;
      };
      return {
        where: pointInWords(where, others),
        cells: rows.values.map((row) => (columns?.values ?? [null]).map((column) => cellAt(row, column))),
      };
    });
    return { arm, slices };
  });
  const range = rangeOf(made.flatMap(({ slices }) => slices.flatMap((slice) => slice.cells.flat())));
  return { metric, rows, columns, arms: made, range };
}

/** Formats a cell: `91.2 %`, `0.3151`, `diverged`, `88.0 % (2 diverged)`; a dash without a run. */
export function cellInWords({ mean, diverged }: Cell, metric: CellMetric): string {
  if (mean === null) return diverged > 0 ? l10n.t({ message: 'diverged', comment: 'Runs of a cell' }) : noValue;
  const value = formatCell(mean, metric);
  return diverged > 0 ? l10n.t`${value} (${diverged} diverged)` : value;
}
