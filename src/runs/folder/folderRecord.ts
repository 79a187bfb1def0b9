/** Saves the runs of a session in a run folder. */
import { join } from 'node:path';
import type { Plan, Run } from '../../experiment/plan';
import { withChanges } from '../../experiment/steering';
import type { KeptFrames, MadeChange, RunSummary } from '../../protocol';
import { readFrames } from '../readRunFolder';
import { addForks, addToIndex, beginRun, dropFork, writeExperiment, writeIndex, writeSummary } from '../runFolder';
import { type ForkedRun, indexOf } from '../session/runIndex';
import type { SessionRecord } from '../session/sessionRecord';
import { manualChanges } from '../session/sessionRun';

export class FolderRecord implements SessionRecord {
  /**
   * @param place Path of the run folder, which exists.
   * @param isWritten Whether anything is saved there.
   */
  constructor(
    readonly place: string,
    private readonly isWritten = true,
  ) {}

  open(plan: Plan, file: string, engine: string): void {
    if (this.isWritten) writeIndex(this.place, indexOf(plan, file, engine));
  }

  addForks(forks: readonly ForkedRun[]): void {
    if (this.isWritten) addForks(this.place, forks);
  }

  begin(run: Run, isListed: boolean): string | null {
    if (!this.isWritten) return null;
    const folder = beginRun(this.place, run);
    if (!isListed) addToIndex(this.place, run);
    return folder;
  }

  change({ id, seed, experiment }: Run, changes: readonly MadeChange[]): void {
    if (this.isWritten) writeExperiment(this.place, id, seed, withChanges(experiment, manualChanges(changes)));
  }

  drop({ id }: Run): void {
    if (this.isWritten) dropFork(this.place, id);
  }

  conclude(run: Run, summary: RunSummary): void {
    if (this.isWritten) writeSummary(this.place, run, summary);
  }

  frames(id: string): KeptFrames | null {
    return readFrames(this.place, id);
  }

  logFolder(id: string): string {
    return join(this.place, id);
  }

  readOnly(): SessionRecord {
    return new FolderRecord(this.place, false);
  }
}
