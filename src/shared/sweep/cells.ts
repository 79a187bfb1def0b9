/** Results of a sweep at each point: one cell per arm and point, with the mean over its seeds. */
import * as l10n from '@vscode/l10n';
import { formatPercent, formatResult } from '../numbers';
import { hasEnded } from '../progress';
import type { Axis, Point } from './grid';

/** Results that a cell can show; the first is the default. */
const cellMetrics = ['testAccuracy', 'testLoss', 'trainAccuracy', 'trainLoss'] as const;
export type CellMetric = (typeof cellMetrics)[number];

export const metricNames: Record<CellMetric, string> = {
  testAccuracy: l10n.t('test accuracy'),
  testLoss: l10n.t('test loss'),
  trainAccuracy: l10n.t('train accuracy'),
  trainLoss: l10n.t('train loss'),
};

export interface SweptRun {
  arm: string;
  point: Point;
  status: string;
  /** Null if the number was not finite before conversion to JSON. */
  final: Partial<Record<CellMetric, number | null>> | null;
}

export interface Cell {
  /** Mean over the runs with a number; null without such runs. */
  mean: number | null;
  /** Sum of the squared deviations from the mean (Welford 1962), for intervals. */
  squares: number;
  /** Number of runs with a number. */
  counted: number;
  diverged: number;
  /** Number of finished runs, with any status. */
  ended: number;
}

/** A cell without a finished run. */
export const emptyCell: Cell = { mean: null, squares: 0, counted: 0, diverged: 0, ended: 0 };

/** Smallest and largest mean. */
export type Range = readonly [least: number, largest: number];

/** Metrics for which at least one run has a number. */
export function metricsOf(runs: Iterable<SweptRun>): CellMetric[] {
  const found = new Set<CellMetric>();
  for (const { final } of runs) {
    for (const metric of cellMetrics) if (numberOf(final, metric) !== null) found.add(metric);
    if (found.size === cellMetrics.length) break;
  }
  return cellMetrics.filter((metric) => found.has(metric));
}

/** Cells by `cellKey`, without the cells that have no finished run. */
export function cellsOf(runs: Iterable<SweptRun>, axes: readonly Axis[], metric: CellMetric): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const run of runs) {
    if (!hasEnded(run)) continue;
    const key = cellKey(run.arm, run.point, axes);
    cells.set(key, withRun(cells.get(key) ?? emptyCell, run, metric));
  }
  return cells;
}

export function cellKey(arm: string, point: Point, axes: readonly Pick<Axis, 'pointer'>[]): string {
  return JSON.stringify([arm, axes.map(({ pointer }) => point[pointer])]);
}

/** A cell with one more finished run. */
export function withRun(cell: Cell, { status, final }: Omit<SweptRun, 'arm' | 'point'>, metric: CellMetric): Cell {
  const value = status === 'completed' ? numberOf(final, metric) : null;
  const ended = cell.ended + 1;
  const diverged = cell.diverged + Number(status === 'diverged');
  if (value === null) return { ...cell, ended, diverged };
  const counted = cell.counted + 1;
  const before = cell.mean ?? 0;
  const mean = (before * cell.counted + value) / counted;
  const squares = cell.squares + (value - (cell.mean ?? mean)) * (value - mean);
  return { mean, squares, counted, diverged, ended };
}

function numberOf(final: SweptRun['final'], metric: CellMetric): number | null {
  const value = final?.[metric];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Range of the means; null if no cell has a mean. */
export function rangeOf(cells: Iterable<Cell>): Range | null {
  let range: Range | null = null;
  for (const { mean } of cells) {
    if (mean === null) continue;
    range = range ? [Math.min(range[0], mean), Math.max(range[1], mean)] : [mean, mean];
  }
  return range;
}

/** Position of a mean in the range, 0 for the worst to 1 for the best; 1 where all are equal. */
export function shadeOf(mean: number, range: Range | null, metric: CellMetric): number {
  if (!range || range[0] === range[1]) return 1;
  const share = (mean - range[0]) / (range[1] - range[0]);
  return metric.endsWith('Loss') ? 1 - share : share;
}

/** Formats a value of a metric: `91.2 %`, `0.3151`. */
export function formatCell(value: number, metric: CellMetric): string {
  return metric.endsWith('Accuracy') ? formatPercent(value) : formatResult(value);
}
