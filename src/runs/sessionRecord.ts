/** Keeps the run folder of a session in step with it; of a session without one, nothing. */
import type { Plan, Run } from '../experiment/plan';
import { withChanges } from '../experiment/steering';
import type { MadeChange, RunSummary } from '../protocol';
import {
  addForks,
  addToIndex,
  beginRun,
  dropFork,
  type ForkedRun,
  indexOf,
  writeExperiment,
  writeIndex,
  writeSummary,
} from './runFolder';

export class SessionRecord {
  /** @param folder Exists; null keeps nothing. */
  constructor(readonly folder: string | null) {}

  /** What is known before the first step. @throws RunFolderError */
  open(plan: Plan, file: string, engine: string): void {
    if (this.folder !== null) writeIndex(this.folder, indexOf(plan, file, engine));
  }

  /** @throws RunFolderError */
  addForks(forks: readonly ForkedRun[]): void {
    if (this.folder !== null) addForks(this.folder, forks);
  }

  /**
   * A run is about to train.
   * @param isListed Whether the index has it already.
   * @returns The folder for its log.
   */
  begin(run: Run, isListed: boolean): string | null {
    if (this.folder === null) return null;
    const own = beginRun(this.folder, run);
    if (!isListed) addToIndex(this.folder, run);
    return own;
  }

  /** Once more, when something was changed by hand: what is kept trains the same bits as what ran. */
  change({ id, seed, experiment }: Run, changes: readonly MadeChange[]): void {
    if (this.folder !== null) writeExperiment(this.folder, id, seed, withChanges(experiment, madeByHand(changes)));
  }

  /** A fork that was begun is none. */
  drop({ id }: Run): void {
    if (this.folder !== null) dropFork(this.folder, id);
  }

  conclude(run: Run, summary: RunSummary): void {
    if (this.folder !== null) writeSummary(this.folder, run, summary);
  }
}

/** What was changed by hand, as an experiment plans it. */
export function madeByHand(changes: readonly MadeChange[]) {
  return changes.filter(({ byHand }) => byHand).map(({ byHand: _, ...change }) => change);
}
