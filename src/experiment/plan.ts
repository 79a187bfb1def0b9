/**
 * The list of runs that an experiment expands to: arms × sweep points × seeds.
 */
import type { RunSpecification } from '../engine/specification';
import type { Axis, Point } from '../shared/sweep/grid';
import type { Claim, DataSpecification, Experiment } from './schema';

/** Larger plans are not listed whole, neither in memory nor in messages: of their runs only those count that have begun. */
export const mostListedRuns = 10_000;

/** One arm × one point × one seed, trained once. */
export interface Run {
  /** Unique in its plan and fit for a folder name: `BatchNorm/seed-1`, `BatchNorm/learningRate=0.1/seed-1`. */
  id: string;
  arm: string;
  point: Point;
  seed: number;
  /**
   * These three are made when they are asked for.
   * @throws Error that says why, where the values of the point do not fit each other.
   */
  data: DataSpecification;
  specification: RunSpecification;
  /** The resolved experiment of this arm at this point: what `experiment.json` keeps. */
  experiment: Experiment;
}

export interface Plan {
  name: string;
  notes: string;
  arms: string[];
  seeds: number[];
  /** The axes of the sweep; none without one. */
  axes: readonly Axis[];
  /** Number of points; 1 without a sweep. */
  pointCount: number;
  /** What the runs are to test: the claims about arms that are in the plan. */
  claims: Claim[];
  /**
   * Seed by seed, point by point, arms beside each other, so that pairs finish together. Of a large sweep they are made when
   * they are asked for: go through all of them only where each is carried out.
   */
  runs: readonly Run[];
  /** Runs of the first seed that show what there is: every arm, and every value of every axis. */
  samples: readonly Run[];
}
