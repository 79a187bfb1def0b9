/** The order of the runs of a folder, which does not depend on the processes that trained them. */
import { Grid } from '../../shared/sweep/grid';
import type { IndexedRun, RunIndex } from '../session/runIndex';

/** Sorts runs as their plan does: by seed, then point, then arm. Forks come last, in the order in which they were made. */
export function inPlanOrder(
  runs: readonly IndexedRun[],
  { arms, seeds, axes }: Pick<RunIndex, 'arms' | 'seeds' | 'axes'>,
): IndexedRun[] {
  const grid = new Grid(axes);
  const [armAt, seedAt] = [placesOf(arms), placesOf(seeds)];
  const valuesAt = axes.map(({ pointer, values }) => ({ pointer, at: placesOf(values) }));
  const pointOf = ({ point }: IndexedRun) => grid.indexAt(valuesAt.map(({ pointer, at }) => at(point[pointer])));
  const keyed = runs.map((run) => ({
    run,
    key: run.fork ? [Number.POSITIVE_INFINITY] : [seedAt(run.seed), pointOf(run), armAt(run.arm)],
  }));
  keyed.sort((a, b) => {
    const place = a.key.findIndex((value, k) => value !== b.key[k]);
    return place < 0 ? 0 : a.key[place] - b.key[place];
  });
  return keyed.map(({ run }) => run);
}

/** The place of each value in a list; −1 for others. */
function placesOf(values: readonly unknown[]): (value: unknown) => number {
  const places = new Map(values.map((value, place) => [JSON.stringify(value), place]));
  return (value) => places.get(JSON.stringify(value)) ?? -1;
}
