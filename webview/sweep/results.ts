/** Results of a sweep, as all its views read them: a cell for each arm and point, counted again only after a run has finished. */
import { hasEnded } from '../../src/shared/progress';
import {
  type Cell,
  type CellMetric,
  emptyCell,
  formatCell,
  metricsOf,
  type Range,
  rangeOf,
  type SweptRun,
  withRun,
} from '../../src/shared/sweep/cells';
import { type Axis, Grid } from '../../src/shared/sweep/grid';
import { tQuantile } from '../charts/tQuantile';
import type { Places } from '../view/point';

/** A run with its identifier. */
export type IdentifiedRun = SweptRun & { id: string };

/** A cell with the number of its runs, finished or not. */
export type SweepCell = Cell & { planned: number };

export const noRuns: SweepCell = { ...emptyCell, planned: 0 };

export interface SweepResults {
  axes: readonly Axis[];
  /** Metrics that have a number, and the one in the cells. */
  metrics: CellMetric[];
  metric: CellMetric;
  /** Whether an arm and point have several runs, and so an interval. */
  hasSeeds: boolean;
  /** Finished runs, with any status. */
  ended: number;
  /** Equal versions have equal cells. */
  version: string;
  /** Smallest and largest mean of all arms. */
  range: Range | null;
  /** Cells of an arm with a run, by index in the grid. */
  cellsOf(arm: string): ReadonlyMap<number, SweepCell>;
  cellAt(arm: string, places: Places): SweepCell | undefined;
}

interface Source {
  id: string;
  axes: readonly Axis[];
  seeds: readonly number[];
  /** Given if only the runs that have started are listed: then every arm and point has all seeds. */
  totals: object | null;
}

/** Counts results, and remembers them until more runs have finished. */
export class ResultCounter {
  private session = '';
  /** Place of each value of each axis, by its JSON. */
  private placesOf: Map<string, number>[] = [];
  /** Index in the grid of each run's point; −1 for a point of a different sweep. */
  private readonly indices = new Map<string, number>();
  private known: SweepResults | undefined;

  /** @param wanted The metric that the user selected. */
  count(source: Source, runs: Iterable<IdentifiedRun>, wanted: string | null): SweepResults {
    const { axes } = source;
    const signature = JSON.stringify([source.id, axes]);
    if (signature !== this.session) {
      this.session = signature;
      this.indices.clear();
      this.known = undefined;
      this.placesOf = axes.map(({ values }) => new Map(values.map((value, place) => [JSON.stringify(value), place])));
    }
    const all = [...runs];
    const finished = all.filter(hasEnded);
    const diverged = finished.filter(({ status }) => status === 'diverged').length;
    const completed = finished.filter(({ status }) => status === 'completed').length;
    const counts = [all.length, finished.length, completed, diverged, source.seeds.length];
    const version = JSON.stringify([signature, ...counts, wanted]);
    if (this.known?.version === version) return this.known;
    const metrics = metricsOf(finished);
    const metric = metrics.find((each) => each === wanted) ?? metrics[0] ?? 'testAccuracy';
    const grid = new Grid(axes);
    const leastPlanned = source.totals ? source.seeds.length : 0;
    const arms = new Map<string, Map<number, SweepCell>>();
    for (const run of all) {
      const index = this.indexOf(run, grid);
      if (index < 0) continue;
      const cells = arms.get(run.arm) ?? new Map<number, SweepCell>();
      const cell = cells.get(index) ?? noRuns;
      const counted = hasEnded(run) ? withRun(cell, run, metric) : cell;
      arms.set(run.arm, cells.set(index, { ...counted, planned: cell.planned + 1 }));
    }
    if (leastPlanned > 0) {
      for (const cells of arms.values()) {
        for (const [index, cell] of cells) cells.set(index, { ...cell, planned: Math.max(leastPlanned, cell.planned) });
      }
    }
    const none: ReadonlyMap<number, SweepCell> = new Map();
    const cellsOf = (arm: string) => arms.get(arm) ?? none;
    this.known = {
      axes,
      metrics,
      metric,
      hasSeeds: source.seeds.length > 1,
      ended: finished.length,
      version,
      range: rangeOf([...arms.values()].flatMap((cells) => [...cells.values()])),
      cellsOf,
      cellAt: (arm, places) => cellsOf(arm).get(grid.indexAt(places)),
    };
    return this.known;
  }

  private indexOf({ id, point }: IdentifiedRun, grid: Grid): number {
    const known = this.indices.get(id);
    if (known !== undefined) return known;
    const places = grid.axes.map(({ pointer }, k) => this.placesOf[k].get(JSON.stringify(point[pointer])) ?? -1);
    const index = places.includes(-1) ? -1 : grid.indexAt(places);
    this.indices.set(id, index);
    return index;
  }
}

/** Ratio of the largest to the smallest loss from which its axis is logarithmic. */
const leastRatio = 10;

/** Scaling of the metric's axis. */
export function metricScaling(metric: CellMetric, low: number, high: number): 'linear' | 'log' {
  return metric.endsWith('Loss') && low > 0 && high / low >= leastRatio ? 'log' : 'linear';
}

/** The worst and the best mean of all arms in words; empty without results. */
export function endsInWords({ metric, range }: Pick<SweepResults, 'metric' | 'range'>): string[] {
  if (!range) return [];
  return (metric.endsWith('Loss') ? range.toReversed() : [...range]).map((mean) => formatCell(mean, metric));
}

/** Half the width of the 95 % interval of a mean over seeds, by Student's t; null with fewer than two. */
export function halfWidth({ counted, squares }: Cell): number | null {
  return counted < 2 ? null : tQuantile(counted - 1) * Math.sqrt(squares / (counted - 1) / counted);
}
