/** Results of a sweep, as all its views read them: a cell for each arm and point, counted again only after a run has finished. */
import { hasEnded } from '../../src/shared/progress';
import {
  type Cell,
  type CellMetric,
  emptyCell,
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

export interface SweepResults {
  axes: readonly Axis[];
  /** Metrics that have a number, and the one in the cells. */
  metrics: CellMetric[];
  metric: CellMetric;
  /** Planned runs of each arm and point. */
  planned: number;
  /** Finished runs, with any status. */
  ended: number;
  /** Equal versions have equal cells. */
  version: string;
  /** Smallest and largest mean of all arms. */
  range: Range | null;
  /** Cells of an arm with a finished run, by index in the grid. */
  cellsOf(arm: string): ReadonlyMap<number, Cell>;
  cellAt(arm: string, places: Places): Cell | undefined;
}

interface Source {
  id: string;
  axes: readonly Axis[];
  seeds: readonly number[];
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
    const finished = [...runs].filter(hasEnded);
    const diverged = finished.filter(({ status }) => status === 'diverged').length;
    const completed = finished.filter(({ status }) => status === 'completed').length;
    const version = JSON.stringify([signature, finished.length, completed, diverged, source.seeds.length, wanted]);
    if (this.known?.version === version) return this.known;
    const metrics = metricsOf(finished);
    const metric = metrics.find((each) => each === wanted) ?? metrics[0] ?? 'testAccuracy';
    const grid = new Grid(axes);
    const arms = new Map<string, Map<number, Cell>>();
    for (const run of finished) {
      const index = this.indexOf(run, grid);
      if (index < 0) continue;
      const cells = arms.get(run.arm) ?? new Map<number, Cell>();
      arms.set(run.arm, cells.set(index, withRun(cells.get(index) ?? emptyCell, run, metric)));
    }
    const none: ReadonlyMap<number, Cell> = new Map();
    const cellsOf = (arm: string) => arms.get(arm) ?? none;
    this.known = {
      axes,
      metrics,
      metric,
      planned: source.seeds.length,
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

/** Half the width of the 95 % interval of a mean over seeds, by Student's t; null with fewer than two. */
export function halfWidth({ counted, squares }: Cell): number | null {
  return counted < 2 ? null : tQuantile(counted - 1) * Math.sqrt(squares / (counted - 1) / counted);
}
