/** Contents of `runs.json` in a run folder: enough to list the runs before their files are read. */
import * as l10n from '@vscode/l10n';
import type { Looks } from '../../experiment/claims/looks';
import { mostListedRuns, type Plan, type Run } from '../../experiment/plan';
import type { Claim } from '../../experiment/schema';
import { steerable } from '../../experiment/steering';
import type { Axis, ClaimInBrief, Fork } from '../../protocol';
import type { Steerable } from '../../shared/settings';

/** Shown in place of the version of the engine where a folder does not contain it. */
export const unknownVersion = l10n.t({ message: 'unknown', comment: 'Version of the engine' });

export interface IndexedRun {
  id: string;
  arm: string;
  seed: number;
  point: Record<string, unknown>;
  steps: number;
  /** Absent in folders of earlier versions. */
  settings?: Steerable | null;
  /** Absent if it is not a fork. */
  fork?: Fork;
  /** Id of the process that added it to an existing folder; absent for runs of the first process. */
  writer?: string;
}

/** Contents of `runs.json`. */
export interface RunIndex {
  name: string;
  notes: string;
  /** Name of the experiment's file. */
  file: string;
  engine: string;
  arms: string[];
  seeds: number[];
  /** The claims, as they were before the runs started. */
  claims: Claim[];
  /** The axes of the sweep; empty without a sweep. */
  axes: Axis[];
  /** All runs; for a large plan, only those that have started. */
  runs: IndexedRun[];
  /** Number of planned runs. */
  planned: number;
  /** When the runs were started, as an ISO date; absent in folders of earlier versions. */
  started?: string;
  /** The design of a sequential test; absent for a fixed number of seeds. The runs are those of the looks that have started. */
  looks?: Looks;
  /** Problems of reading, in sentences. */
  remarks?: string[];
}

/** Only the parts that the panel shows before the verdict. */
export function claimInBrief({ says, better, than }: Claim): ClaimInBrief {
  return { says, better, than };
}

/** A run, and the parent and step that it is forked from. */
export interface ForkedRun {
  run: Run;
  fork: Fork;
}

export function indexOf(plan: Plan, file: string, engine: string): RunIndex {
  const { name, notes, arms, seeds, axes, claims, looks } = plan;
  const planned = plan.runs.length;
  const runs = planned > mostListedRuns ? [] : plan.runs.map((run) => indexed(run));
  return { name, notes, file, engine, arms, seeds, axes: [...axes], claims, ...(looks && { looks }), planned, runs };
}

export function indexed(run: Run, fork?: Fork): IndexedRun {
  const { id, arm, seed, point } = run;
  const own = { id, arm, seed, point: { ...point } };
  return { ...own, steps: stepsOf(run), settings: settingsOf(run), ...(fork && { fork }) };
}

/** 0 if the values of the run's point are inconsistent: the run fails when it starts. */
export function stepsOf(run: Run): number {
  try {
    return run.experiment.training.steps;
  } catch {
    return 0;
  }
}

/** Null if the values of the run's point are inconsistent. */
export function settingsOf(run: Run): Steerable | null {
  try {
    return steerable(run);
  } catch {
    return null;
  }
}
