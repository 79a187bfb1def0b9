/** Where a session saves its runs, and reads past ones from. A session without a record keeps everything in memory. */
import type { Plan, Run } from '../../experiment/plan';
import type { MadeChange, RunSummary, StoredFrames } from '../../protocol';
import type { LogDetail } from '../../shared/logDetail';
import type { ForkedRun } from './runIndex';
import type { StorageError } from './storageError';

/** The record cannot take what is to be saved: which place, and what to do. */
export class RecordError extends Error {
  override readonly name: string = 'RecordError';
}

/** Part of a plan that was not trained when nothing more could be saved. */
export interface LeftRuns {
  runs: number;
  /** Steps of all of them. */
  steps: number;
}

export interface SessionRecord {
  /** Names the record to a person and identifies its session: the path of the run folder. */
  readonly place: string;

  /** How much is logged of each run; null for everything. */
  readonly detail: LogDetail | null;

  /** Writes what is known before the first step. @throws RecordError */
  open(plan: Plan, file: string, engine: string): void;

  /** Adds forks before they train. @throws RecordError */
  addForks(forks: readonly ForkedRun[]): void;

  /** Adds the runs of the next look of a sequential test before they train. @throws RecordError */
  addRuns(runs: readonly Run[]): void;

  /**
   * Prepares for a run that starts to train.
   * @param isListed Whether `open` has listed the run already.
   * @returns The folder for its log; null where logs are not saved.
   * @throws StorageError where no further run can be saved either; RecordError.
   */
  begin(run: Run, isListed: boolean): string | null;

  /** Saves manual changes of settings, so that the saved experiment trains the same bits as the run did. */
  change(run: Run, changes: readonly MadeChange[]): void;

  /** Removes a fork that does not match the record of the run that it leaves. */
  drop(run: Run): void;

  /**
   * Saves the summary of a run that has ended.
   * @throws StorageError where no further run can be saved either; RecordError where what was saved of this run is gone.
   */
  conclude(run: Run, summary: RunSummary): void;

  /** Whether the place was removed since the session started, so that nothing more is saved. */
  readonly isGone: boolean;

  /** Says, in sentences, what keeps runs from being saved, and what would help. @param left What was not trained. */
  storageProblem(cause: StorageError, left: LeftRuns): string;

  /** Reads the frames of a run; null where none were saved. */
  frames(id: string): StoredFrames | null;

  /** Folder of a run's log, for a worker that compares a fork with it. */
  logFolder(id: string): string;

  /** Whether the log of a run is there now: a different program may have removed it. */
  hasLog(id: string): boolean;

  /** The same record, from which everything can be read and to which nothing is written. */
  readOnly(): SessionRecord;
}
