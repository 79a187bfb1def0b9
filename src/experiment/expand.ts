/** From an experiment's arms to the list of its runs. */
import type { Plan, Point, Run } from './plan';
import { folderNames } from './runId';
import type { Claim, Experiment } from './schema';
import { runSpecification } from './specification';

export interface ResolvedArm {
  name: string;
  experiment: Experiment;
}

/** An experiment without a sweep has one point, which sets nothing. */
const onlyPoint: Point = {};

/** @param arms In the file's order, all with the same seeds. @param allNames Names of all the file's arms: a run keeps its id when only some are run. */
export function expand(
  heading: { name: string; notes: string; claims: Claim[] },
  arms: ResolvedArm[],
  allNames: string[],
): Plan {
  const { name, notes } = heading;
  const isRun = (arm: string) => arms.some((each) => each.name === arm);
  const claims = heading.claims.filter(({ better, than }) => isRun(better) && isRun(than));
  const folders = folderNames(allNames);
  const seeds = arms[0]?.experiment.training.seeds ?? [];
  const points = [onlyPoint];
  const runs: Run[] = [];
  for (const seed of seeds) {
    for (const point of points) {
      for (const { name: arm, experiment } of arms) {
        const id = `${folders.get(arm)}/seed-${seed}`;
        const specification = runSpecification(experiment, seed);
        runs.push({ id, arm, point, seed, data: experiment.data, specification, experiment });
      }
    }
  }
  return { name, notes, arms: arms.map((arm) => arm.name), seeds, points, claims, runs };
}
