/** What `runs.json` in a run folder lists: enough to know the runs by, before their own files are read. */
import { mostListedRuns, type Plan, type Run } from '../../experiment/plan';
import type { Claim } from '../../experiment/schema';
import { steerable } from '../../experiment/steering';
import type { Axis, Fork } from '../../protocol';
import type { Steerable } from '../../shared/settings';

export interface IndexedRun {
  id: string;
  arm: string;
  seed: number;
  point: Record<string, unknown>;
  steps: number;
  /** Absent in folders of earlier versions. */
  settings?: Steerable | null;
  /** Absent where it is no fork. */
  fork?: Fork;
  /** Id of the process that added it to a folder that another one had begun; absent for those of the first. */
  writer?: string;
}

/** What `runs.json` says. */
export interface RunIndex {
  name: string;
  notes: string;
  /** Name of the experiment's file. */
  file: string;
  engine: string;
  arms: string[];
  seeds: number[];
  /** What the runs were to test, as it stood before they began. */
  claims: Claim[];
  /** The axes of the sweep; none without one. */
  axes: Axis[];
  /** Of a large plan: those that have begun. */
  runs: IndexedRun[];
  /** How many runs there were to be. */
  planned: number;
  /** When the runs were started, as an ISO date; absent in folders of earlier versions. */
  started?: string;
  /** What could not be read, in sentences. */
  remarks?: string[];
}

/** A run, and where it leaves another one. */
export interface ForkedRun {
  run: Run;
  fork: Fork;
}

export function indexOf(plan: Plan, file: string, engine: string): RunIndex {
  const { name, notes, arms, seeds, axes, claims } = plan;
  const planned = plan.runs.length;
  const runs = planned > mostListedRuns ? [] : plan.runs.map((run) => indexed(run));
  const own = file.slice(file.lastIndexOf('/') + 1);
  return { name, notes, file: own, engine, arms, seeds, axes: [...axes], claims, planned, runs };
}

export function indexed(run: Run, fork?: Fork): IndexedRun {
  const { id, arm, seed, point } = run;
  const own = { id, arm, seed, point: { ...point } };
  return { ...own, steps: stepsOf(run), settings: settingsOf(run), ...(fork && { fork }) };
}

/** 0 where the values of the run's point do not fit each other: it fails when it is asked for. */
export function stepsOf(run: Run): number {
  try {
    return run.experiment.training.steps;
  } catch {
    return 0;
  }
}

/** Null where the values of the run's point do not fit each other. */
export function settingsOf(run: Run): Steerable | null {
  try {
    return steerable(run);
  } catch {
    return null;
  }
}
