/**
 * The list of runs that an experiment expands to: arms × sweep points × seeds.
 */
import type { RunSpecification } from '../engine/specification';
import type { Claim, DataSpecification, Experiment } from './schema';

/** One point of a sweep: the JSON Pointer of each axis and the value taken there. Empty without a sweep. */
export type Point = Readonly<Record<string, unknown>>;

/** One arm × one point × one seed, trained once. */
export interface Run {
  /** Unique in its plan and fit for a folder name: `BatchNorm/seed-1`. */
  id: string;
  arm: string;
  point: Point;
  seed: number;
  data: DataSpecification;
  specification: RunSpecification;
  /** The resolved experiment of this arm: what `experiment.json` keeps. */
  experiment: Experiment;
}

export interface Plan {
  name: string;
  notes: string;
  arms: string[];
  seeds: number[];
  points: Point[];
  /** What the runs are to test: the claims about arms that are in the plan. */
  claims: Claim[];
  /** Seed by seed, arms beside each other, so that pairs finish together. */
  runs: Run[];
}
