/** What a list shows of a run folder, and of an experiment's file. */
import type { Outcome } from '../../experiment/claims/tested';
import type { RunStatus } from '../../shared/progress';

/**
 * State of all runs of a folder: `training` while a process trains one of them, `unfinished` if some have no result and nothing
 * trains them, `unreadable` if the folder cannot be read, and `unread` before it has been read. Otherwise the worst of its runs.
 */
export type EntryState =
  | 'unread'
  | 'unreadable'
  | 'training'
  | 'unfinished'
  | 'failed'
  | 'cancelled'
  | 'diverged'
  | 'completed';

/** A run folder in a list. */
export interface RunEntry {
  /** Absolute path. */
  folder: string;
  /** Absolute path of the experiment's file, which may no longer exist; of a folder that is not read yet, as its name suggests. */
  experiment: string;
  /** When the folder itself was last changed, milliseconds since 1970: its index and its label are replaced then. */
  stamp: number;
  /** Name of the experiment. */
  name: string;
  /** Name that a person gave to this run; null without one. */
  label: string | null;
  pinned: boolean;
  /** When it was started, milliseconds since 1970; null if unknown. */
  time: number | null;
  state: EntryState;
  /** Names of the first arms. */
  arms: string[];
  armCount: number;
  seeds: number;
  /** Number of planned runs, and of runs that have ended. */
  planned: number;
  ended: number;
  /** Number of runs per status; runs without a summary are `waiting`. */
  outcome: Partial<Record<RunStatus, number>>;
  /** Seconds of training, the sum over the runs; null if no run reports it. */
  seconds: number | null;
  /** Bytes of all files. */
  bytes: number;
  claims: number;
  /** Outcome of each claim; null while it is not computed. */
  verdicts: Outcome[] | null;
  /** Why the folder is unreadable, in a sentence. */
  problem: string | null;
}

/** An arm of a run folder in a list. */
export interface ArmEntry {
  folder: string;
  arm: string;
  /** Ids of its runs, at all points. */
  ids: string[];
  outcome: Partial<Record<RunStatus, number>>;
}

/** What a list shows of an experiment's file. */
export interface ExperimentEntry {
  file: string;
  /** Empty if the file cannot be read. */
  name: string;
  arms: number;
  points: number;
  seeds: number;
  errors: number;
  /** Why the file cannot be read, as a clause; null if it can. */
  problem: string | null;
  /** Its newest run; null without one. */
  latest: RunEntry | null;
  runs: number;
}
