/** The sweep as the page looks at it: which point is shown, how values and points are written, what runs came to at each point. */
import type { Axis, FinalResults, RunState } from '../src/protocol';
import { formatPercent, formatValue } from './format';

/** Places of a point on the axes, in their order. */
export type Places = number[];

/** The key under which a run of an arm, at a point, with a seed, is found. */
export function runKey(arm: string, point: Record<string, unknown>, axes: readonly Axis[], seed: number): string {
  return JSON.stringify([arm, axes.map(({ pointer }) => point[pointer]), seed]);
}

export function pointAt(axes: readonly Axis[], places: Places): Record<string, unknown> {
  return Object.fromEntries(axes.map(({ pointer, values }, k) => [pointer, values[places[k]]]));
}

/** The chosen places where there are such, else the first of each axis. */
export function soundPlaces(axes: readonly Axis[], chosen: Places | null): Places {
  return axes.map(({ values }, k) => {
    const place = chosen?.[k];
    return place !== undefined && place < values.length ? place : 0;
  });
}

export function axisValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') {
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential().replace('e+', 'e') : String(value);
  }
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** `learningRate 0.1, gain 1`; empty without a sweep. */
export function pointWords(axes: readonly Axis[], point: Record<string, unknown>): string {
  return axes
    .filter(({ pointer }) => pointer in point)
    .map(({ name, pointer }) => `${name} ${axisValue(point[pointer])}`)
    .join(', ');
}

/** What of a run stands in the cells. */
export const cellMetrics = ['testAccuracy', 'testLoss', 'trainAccuracy', 'trainLoss'] as const;
export type CellMetric = (typeof cellMetrics)[number];

export const metricNames: Record<CellMetric, string> = {
  testAccuracy: 'test accuracy',
  testLoss: 'test loss',
  trainAccuracy: 'train accuracy',
  trainLoss: 'train loss',
};

export function formatCell(metric: CellMetric, value: number): string {
  return metric.endsWith('Accuracy') ? formatPercent(value) : formatValue(value);
}

export interface CellState {
  /** Over the runs that have a number; NaN without one. */
  mean: number;
  counted: number;
  diverged: number;
  /** Runs that have ended, in whatever way. */
  ended: number;
}

/** What is known of the runs of a sweep. */
interface SweptRuns {
  runs: ReadonlyMap<string, { state: RunState }>;
  axes: readonly Axis[];
}

export function metricsOf({ runs }: Pick<SweptRuns, 'runs'>): CellMetric[] {
  const found = new Set<CellMetric>();
  for (const { state } of runs.values()) {
    for (const metric of cellMetrics) if (numberOf(state.final, metric) !== null) found.add(metric);
    if (found.size === cellMetrics.length) break;
  }
  return cellMetrics.filter((metric) => found.has(metric));
}

/** By `cellKey`; points without a run that has ended are missing. */
export function cellsOf({ runs, axes }: SweptRuns, metric: CellMetric): Map<string, CellState> {
  const cells = new Map<string, CellState>();
  for (const { state } of runs.values()) {
    if (state.status === 'waiting' || state.status === 'running') continue;
    const key = cellKey(state.arm, state.point, axes);
    const cell = cells.get(key) ?? { mean: Number.NaN, counted: 0, diverged: 0, ended: 0 };
    cells.set(key, add(cell, state, metric));
  }
  return cells;
}

export function cellKey(arm: string, point: Record<string, unknown>, axes: readonly Axis[]): string {
  return JSON.stringify([arm, axes.map(({ pointer }) => point[pointer])]);
}

function add(cell: CellState, { status, final }: RunState, metric: CellMetric): CellState {
  const value = status === 'completed' ? numberOf(final, metric) : null;
  const ended = cell.ended + 1;
  const diverged = cell.diverged + Number(status === 'diverged');
  if (value === null) return { ...cell, ended, diverged };
  const counted = cell.counted + 1;
  const sum = (cell.counted > 0 ? cell.mean * cell.counted : 0) + value;
  return { mean: sum / counted, counted, diverged, ended };
}

function numberOf(final: FinalResults | null, metric: CellMetric): number | null {
  const value = final?.[metric];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
