/**
 * The list of runs that an experiment expands to: arms × sweep points × seeds.
 */
import type { RunSpecification } from '../engine/specification';
import type { Axis, Point } from '../shared/sweep/grid';
import type { Looks } from './claims/looks';
import type { Claim, DataSpecification, Experiment } from './schema';
import { count } from './words';

/** Maximum number of runs that are listed completely in memory and in messages. Of larger plans, only started runs are listed. */
export const mostListedRuns = 10_000;

/** One arm × one point × one seed, trained once. */
export interface Run {
  /** Unique in its plan and valid as a folder name: `BatchNorm/seed-1`, `BatchNorm/learningRate=0.1/seed-1`. */
  id: string;
  arm: string;
  point: Point;
  seed: number;
  /**
   * This property and the next two are computed on access.
   * @throws Error with the reason if the values of the point are inconsistent.
   */
  data: DataSpecification;
  specification: RunSpecification;
  /** Resolved experiment of this arm at this point, the content of `experiment.json`. */
  experiment: Experiment;
}

export interface Plan {
  name: string;
  notes: string;
  /** Steps per second of each run while people watch; absent for as fast as it can. Does not affect the results. */
  pace?: number;
  /** Properties of `watch` that come from a setting of the editor; absent without one. */
  watchedBySetting?: readonly string[];
  arms: string[];
  seeds: number[];
  /** Axes of the sweep; empty without a sweep. */
  axes: readonly Axis[];
  /** Number of points; 1 without a sweep. */
  pointCount: number;
  /** Claims about arms in the plan. */
  claims: Claim[];
  /** The design of a sequential test, of which `seeds` are all seeds up to the bound; absent for a fixed number of seeds. */
  looks?: Looks;
  /**
   * Ordered by seed, then point, then arm, so that pairs finish together. For a large sweep, runs are created on access, so
   * iterate over all of them only to carry each one out.
   */
  runs: readonly Run[];
  /** Runs of the first seed that together contain every arm and every value of every axis. */
  samples: readonly Run[];
}

/** Formats the size of a plan: `2 arms × 3 seeds = 6 runs`. */
export function planInWords({ arms, seeds, pointCount, runs }: Plan): string {
  const factors = [count(arms.length, 'arm')];
  if (pointCount > 1) factors.push(count(pointCount, 'point'));
  factors.push(count(seeds.length, 'seed'));
  return `${factors.join(' × ')} = ${count(runs.length, 'run')}`;
}
