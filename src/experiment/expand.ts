/** Expands the arms of an experiment to the list of its runs. */

import type { Grid, Point } from '../shared/sweep/grid';
import { lazyList } from './lazyList';
import { mostListedRuns, type Plan, type Run } from './plan';
import { folderNames, pointFolders } from './runId';
import { runSpecification } from './runSpecification';
import type { Experiment } from './schema';

export interface ResolvedArm {
  name: string;
  experiment: Experiment;
  /** The arm's experiment at a point. @throws Error if the point's values are inconsistent. */
  at(point: Point): Experiment;
}

/** Maximum number of cached experiments (arms × points). Beyond it, experiments are created again for each seed. */
const mostCached = 10_000;
const mostSamples = 1000;

/** @param arms In the file's order, all with the same seeds. @param allNames Names of all arms of the file, so that a run has the same id if only some arms are run. */
export function expand(
  heading: Pick<Plan, 'name' | 'notes' | 'pace' | 'claims' | 'watchedBySetting'>,
  arms: ResolvedArm[],
  allNames: string[],
  grid: Grid,
): Plan {
  const { name, notes, pace, watchedBySetting } = heading;
  const isRun = (arm: string) => arms.some((each) => each.name === arm);
  const claims = heading.claims.filter(({ better, than }) => isRun(better) && isRun(than));
  const seeds = arms[0]?.experiment.training.seeds ?? [];
  const length = arms.length * grid.size * seeds.length;
  const at = runMaker(arms, grid, seeds, allNames);
  return {
    name,
    notes,
    ...(pace !== undefined && { pace }),
    ...(watchedBySetting && { watchedBySetting }),
    arms: arms.map((arm) => arm.name),
    seeds,
    axes: grid.axes,
    pointCount: grid.size,
    claims,
    runs: length > mostListedRuns ? lazyList(length, at) : Array.from({ length }, (_, index) => at(index)),
    samples:
      seeds.length === 0
        ? []
        : grid.sample(mostSamples).flatMap((point) => arms.map((_, arm) => at(point * arms.length + arm))),
  };
}

function runMaker(arms: ResolvedArm[], grid: Grid, seeds: number[], allNames: string[]): (index: number) => Run {
  const folders = folderNames(allNames);
  const pointFolder = pointFolders(grid.axes);
  const cached = new Map<number, Experiment>();
  const variants = arms.length * grid.size;

  const experimentOf = (variant: number): Experiment => {
    const known = cached.get(variant);
    if (known) return known;
    const experiment = arms[variant % arms.length].at(grid.point(Math.floor(variant / arms.length)));
    if (cached.size < mostCached) cached.set(variant, experiment);
    return experiment;
  };

  return (index) => {
    const seed = seeds[Math.floor(index / variants)];
    const variant = index % variants;
    const { name: arm } = arms[variant % arms.length];
    const places = grid.places(Math.floor(variant / arms.length));
    const id = [folders.get(arm), pointFolder(places), `seed-${seed}`].filter((part) => part).join('/');
    return {
      id,
      arm,
      point: grid.pointAt(places),
      seed,
      get experiment() {
        return experimentOf(variant);
      },
      get data() {
        return experimentOf(variant).data;
      },
      get specification() {
        return runSpecification(experimentOf(variant), seed);
      },
    };
  };
}
