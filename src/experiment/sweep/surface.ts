/** What runs came to over a sweep: for every arm a table of two axes, one for each choice of the further axes. */
import type { FinalResults } from '../../engine/results';
import type { Point } from './grid';
import { type Axis, Grid, pointInWords } from './grid';

export interface Outcome {
  arm: string;
  point: Point;
  status: string;
  final: FinalResults | null;
}

export type SurfaceMetric = 'testAccuracy' | 'testLoss' | 'trainAccuracy' | 'trainLoss';

export interface Cell {
  /** Over the seeds that have a number; null without one. */
  mean: number | null;
  /** Seeds that have a number. */
  counted: number;
  diverged: number;
}

/** One table: rows go over the first axis, columns over the second; without one there is a single column. */
export interface Slice {
  /** The values of the further axes, in words; empty without further ones. */
  where: string;
  /** By row and column. */
  cells: Cell[][];
}

export interface Surface {
  arm: string;
  slices: Slice[];
}

export interface Surfaces {
  metric: SurfaceMetric;
  rows: Axis;
  columns: Axis | null;
  arms: Surface[];
  /** Least and largest mean of all arms and slices; null where nothing has one. */
  range: [number, number] | null;
}

/** Accuracy where there is one, else the loss. */
export function usualMetric(outcomes: Iterable<Outcome>): SurfaceMetric {
  for (const { final } of outcomes) if (numberOf(final, 'testAccuracy') !== null) return 'testAccuracy';
  return 'testLoss';
}

/** Tables of more cells than these nobody reads. */
export const mostTableCells = 20_000;

/** @param arms In their order. @returns Null without a sweep, and where its tables would be too large. */
export function surfaces(
  axes: readonly Axis[],
  arms: readonly string[],
  outcomes: readonly Outcome[],
  metric = usualMetric(outcomes),
): Surfaces | null {
  const [rows, columns, ...others] = axes;
  if (!rows || new Grid(axes).size * arms.length > mostTableCells) return null;
  const places = axes.map(({ values }) => new Map(values.map((value, place) => [JSON.stringify(value), place])));
  const further = new Grid(others);
  const width = columns?.values.length ?? 1;
  const made = new Map(
    arms.map((arm) => [
      arm,
      Array.from({ length: further.size }, (_, index) => ({
        where: pointInWords(further.point(index), others),
        cells: rows.values.map(() => Array.from({ length: width }, () => ({ sum: 0, counted: 0, diverged: 0 }))),
      })),
    ]),
  );
  for (const { arm, point, status, final } of outcomes) {
    const at = axes.map(({ pointer }, k) => places[k].get(JSON.stringify(point[pointer])));
    const slices = made.get(arm);
    // Runs of another sweep, in a folder that holds several.
    if (!slices || !at.every((place) => place !== undefined)) continue;
    const cell = slices[further.indexAt(at.slice(2))].cells[at[0]][at[1] ?? 0];
    if (status === 'diverged') cell.diverged++;
    const value = status === 'completed' ? numberOf(final, metric) : null;
    if (value === null) continue;
    cell.sum += value;
    cell.counted++;
  }
  const shown = [...made].map(
    ([arm, slices]): Surface => ({
      arm,
      slices: slices.map(({ where, cells }) => ({
        where,
        cells: cells.map((row) =>
          row.map(({ sum, counted, diverged }) => ({ mean: counted > 0 ? sum / counted : null, counted, diverged })),
        ),
      })),
    }),
  );
  return { metric, rows, columns: columns ?? null, arms: shown, range: rangeOf(shown) };
}

function rangeOf(arms: readonly Surface[]): [number, number] | null {
  let range: [number, number] | null = null;
  for (const { slices } of arms) {
    for (const { cells } of slices) {
      for (const { mean } of cells.flat()) {
        if (mean === null) continue;
        range = range ? [Math.min(range[0], mean), Math.max(range[1], mean)] : [mean, mean];
      }
    }
  }
  return range;
}

function numberOf(final: FinalResults | null, metric: SurfaceMetric): number | null {
  const value = final?.[metric];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** `91.2 %`, `0.3151`, `diverged`, `88.0 % (2 diverged)`; a dash without a run. */
export function cellInWords({ mean, diverged }: Cell, metric: SurfaceMetric): string {
  if (mean === null) return diverged > 0 ? 'diverged' : '–';
  const value = metric.endsWith('Accuracy') ? `${(100 * mean).toFixed(1)} %` : mean.toPrecision(4);
  return diverged > 0 ? `${value} (${diverged} diverged)` : value;
}

/** Where a mean lies between the least and the largest of all, 0 to 1; the better end is 1. */
export function levelOf(mean: number, { range, metric }: Surfaces): number {
  if (!range || range[0] === range[1]) return 1;
  const level = (mean - range[0]) / (range[1] - range[0]);
  return metric.endsWith('Loss') ? 1 - level : level;
}
