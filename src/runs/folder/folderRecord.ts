/** Saves the runs of a session in a run folder. */
import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Plan, Run } from '../../experiment/plan';
import { withChanges } from '../../experiment/steering';
import { bytesInWords, count } from '../../experiment/words';
import type { MadeChange, RunSummary, StoredFrames } from '../../protocol';
import { fullDetail, type LogDetail } from '../../shared/logDetail';
import { diskUse, type Saving } from '../session/diskUse';
import { type ForkedRun, indexOf } from '../session/runIndex';
import type { LeftRuns, SessionRecord } from '../session/sessionRecord';
import { manualChanges } from '../session/sessionRun';
import { isFull, isLasting, StorageError } from '../session/storageError';
import { freeBytes } from './diskSpace';
import { RunFolderError, weightsName } from './layout';
import { fileNameOf } from './paths';
import { readFrames } from './readRunFolder';
import { nothingResumed, type Resumed } from './resume';
import { beginRun, dropFork, removeRun, writeExperiment, writeSummary } from './runFiles';
import { logNamesIn } from './runLogFiles';
import { refusalOf, unwritable } from './systemErrors';
import { markTraining, unmarkTraining } from './trainingMark';
import { addForks, addRuns, addStarted, writeIndex } from './writeIndex';

/** System calls that can fail on a full disk. Tests replace them. */
export interface RecordSystem {
  /** Free bytes on the disk of a folder. */
  free(folder: string): number | null;
  beginRun: typeof beginRun;
  writeSummary: typeof writeSummary;
}

const system: RecordSystem = {
  free: freeBytes,
  beginRun,
  writeSummary,
};

export class FolderRecord implements SessionRecord {
  /** Identifies this process's part of the index, uniquely among all machines that share the folder. */
  private readonly writer = randomUUID();
  private hasMadeIndex = false;
  private started = 0;
  /** How much is saved of a run. Before the plan is known, and for forks of saved runs: everything that may be. */
  detail: LogDetail | null;
  /** Totals of the finished runs: bytes of their logs and weights, and steps. */
  private readonly saved = { bytes: 0, steps: 0, runs: 0 };

  /**
   * @param place Path of the run folder, which exists.
   * @param isWritten Whether anything is saved there.
   * @param resumed Runs of the plan that the folder already contains.
   * @param saving What is saved of the runs of a plan.
   */
  constructor(
    readonly place: string,
    private readonly isWritten = true,
    private readonly files: RecordSystem = system,
    private readonly resumed: Pick<Resumed, 'complete' | 'again'> = nothingResumed,
    private readonly saving: Saving = {},
  ) {
    this.detail = saving.weights === false ? { ...fullDetail, weights: false } : null;
  }

  /** Writes the index before the first step. @throws RunFolderError */
  open(plan: Plan, file: string, engine: string, now = new Date()): void {
    if (!this.isWritten) return;
    this.detail = diskUse(plan, this.saving).detail;
    const index = { ...indexOf(plan, fileNameOf(file), engine), started: now.toISOString() };
    const known = new Set([...this.resumed.complete.keys(), ...this.resumed.again.keys()]);
    this.hasMadeIndex = writeIndex(this.place, index, this.writer, known);
  }

  /** @throws RunFolderError */
  addRuns(runs: readonly Run[]): void {
    if (this.isWritten && !this.isGone) addRuns(this.place, runs, this.writer);
  }

  /** @throws RunFolderError */
  addForks(forks: readonly ForkedRun[]): void {
    if (this.isWritten) addForks(this.place, forks, this.writer);
  }

  /**
   * Prepares the folder of a run that is about to train.
   * @param isListed Whether the index already lists it.
   * @returns The folder for its log.
   * @throws StorageError if no further run can be saved either; RunFolderError.
   */
  begin(run: Run, isListed: boolean): string | null {
    const { place: folder, writer } = this;
    if (!this.isWritten || this.isGone) return null;
    return this.writing(folder, () => {
      const state = this.resumed.again.get(run.id);
      if (state !== undefined) removeRun(folder, run.id, state);
      const own = this.files.beginRun(folder, run);
      markTraining(own);
      if (!isListed) addStarted(folder, run, this.hasMadeIndex ? null : writer, this.started === 0);
      this.started++;
      return own;
    });
  }

  /** Rewrites experiment.json after a manual change, so that it trains the same bits as the run did. */
  change({ id, seed, experiment }: Run, changes: readonly MadeChange[]): void {
    const { place: folder } = this;
    if (!this.isWritten) return;
    this.writing(folder, () => writeExperiment(folder, id, seed, withChanges(experiment, manualChanges(changes))));
  }

  /** A fork counts only once it has trained a step. */
  drop({ id }: Run): void {
    if (this.isWritten) dropFork(this.place, id, this.writer);
  }

  /**
   * Saves the summary of a finished run.
   * @throws StorageError if no further run can be saved either; RunFolderError if the saved files of this run are gone.
   */
  conclude(run: Run, summary: RunSummary): void {
    const { place: folder } = this;
    if (!this.isWritten) return;
    const own = join(folder, run.id);
    if (this.isGone) throw new RunFolderError(l10n.t`${folder} was removed while the run trained: its frames are lost`);
    // The log was deleted with its folder. A new folder with only the summary would hide that.
    if (!existsSync(own))
      throw new RunFolderError(l10n.t`its folder ${own} was removed while it trained: its frames are lost`);
    const [log] = logNamesIn(own).slice(-1);
    if (log === undefined && summary.steps > 0) {
      throw new RunFolderError(l10n.t`its run log was removed from ${own} while it trained: its frames are lost`);
    }
    this.writing(folder, () => this.files.writeSummary(folder, run, summary));
    this.writing(folder, () => unmarkTraining(own));
    if (log === undefined) return;
    for (const name of [log, weightsName]) {
      this.saved.bytes += statSync(join(own, name), { throwIfNoEntry: false })?.size ?? 0;
    }
    this.saved.steps += summary.steps;
    this.saved.runs++;
  }

  /** Whether the whole folder was removed since the session started. Then nothing more is saved. */
  get isGone(): boolean {
    return this.isWritten && !existsSync(this.place);
  }

  /** Explains, in sentences, why runs cannot be saved. @param left Runs that were not trained. */
  storageProblem(cause: StorageError, left: LeftRuns): string {
    const { place: folder } = this;
    const sentences = [
      l10n.t`The experiment was stopped, because its runs cannot be saved: ${cause.message}.`,
      isFull(cause.code) ? this.roomInWords(folder, left) : '',
      runsLeft(left.runs),
      l10n.t('Everything saved before is complete.'),
      left.runs === 0
        ? ''
        : l10n.t`To train the rest later, start the same experiment with --out ${folder} --retry failed.`,
    ];
    return sentences.filter(Boolean).join(' ');
  }

  private roomInWords(folder: string, { steps, runs }: LeftRuns): string {
    const free = this.freeBytes(folder);
    if (this.saved.steps === 0 || runs === 0) return free === null ? '' : l10n.t`${bytesInWords(free)} are free.`;
    const needed = Math.ceil((this.saved.bytes / this.saved.steps) * steps + runs * besideLog);
    const more = bytesInWords(Math.max(0, needed - (free ?? 0)));
    return free === null
      ? l10n.t`About ${more} more are needed for the rest.`
      : l10n.t`About ${more} more are needed for the rest (${bytesInWords(free)} are free).`;
  }

  private freeBytes(folder: string): number | null {
    try {
      return this.files.free(folder);
    } catch {
      return null;
    }
  }

  private writing<T>(folder: string, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      if (cause instanceof RunFolderError) throw cause;
      const { code } = refusalOf(cause, folder);
      const words = unwritable(folder, cause);
      throw isLasting(code) ? new StorageError(words, code) : new RunFolderError(words);
    }
  }

  frames(id: string): StoredFrames | null {
    return readFrames(this.place, id);
  }

  logFolder(id: string): string {
    return join(this.place, id);
  }

  hasLog(id: string): boolean {
    const own = this.logFolder(id);
    return existsSync(own) && logNamesIn(own).length > 0;
  }

  readOnly(): SessionRecord {
    return new FolderRecord(this.place, false);
  }
}

/** Approximate bytes of the other files of a run. */
const besideLog = 20_000;

function runsLeft(runs: number): string {
  if (runs === 0) return '';
  return runs === 1
    ? l10n.t('1 run of the experiment is left.')
    : l10n.t`${count(runs, 'run')} of the experiment are left.`;
}
