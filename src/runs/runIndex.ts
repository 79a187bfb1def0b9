/** What `runs.json` in a run folder lists: enough to know the runs by, before their own files are read. */
import type { Claim } from '../experiment/schema';
import type { Axis, Fork } from '../protocol';
import type { Steerable } from '../shared/settings';

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
  /** What could not be read, in sentences. */
  remarks?: string[];
}
