/** The files of one run, written when it starts, is changed and has finished. */
import { randomUUID } from 'node:crypto';
import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Run } from '../../experiment/plan';
import type { Experiment } from '../../experiment/schema';
import type { RunSummary } from '../../protocol';
import { experimentName, make, makeFolders, RunFolderError } from './layout';
import { renameAgain } from './renameAgain';
import { writeSummaryFile } from './summaryFile';
import { writeWhole } from './wholeFile';
import { removeFork } from './writeIndex';

/**
 * Makes the folder of one run, with its resolved experiment: an experiment file that trains only this run. Of several
 * processes that start the same run, one makes the folder.
 * @throws RunFolderError if the folder already exists; the system's error.
 */
export function beginRun(folder: string, run: Run): string {
  const { experiment, seed } = run;
  const own = join(folder, run.id);
  makeFolders(dirname(own));
  if (!make(own))
    throw new RunFolderError(l10n.t`${folder} already contains ${run.id}: choose another folder, or remove it`);
  writeExperiment(folder, run.id, seed, experiment);
  return own;
}

/** Writes experiment.json; again after a manual change, so that it trains the same bits as the run did. */
export function writeExperiment(folder: string, id: string, seed: number, experiment: Experiment): void {
  writeWhole(join(folder, id, experimentName), savedExperiment(experiment, seed));
}

/** Content of experiment.json. */
export function savedExperiment(experiment: Experiment, seed: number): Experiment {
  return { ...experiment, training: { ...experiment.training, seeds: [seed] } };
}

/** Describes the folder of a run, so that it differs after a different process has removed it and made it again; null if it is missing. */
export function stateOf(own: string): string | null {
  const found = statSync(own, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeMs}` : null;
}

/**
 * Removes the files of an earlier process before a run is trained again. The folder is renamed first, so that of several processes
 * that were started with the same part of a plan, none removes what a different one trains.
 * @param state The folder when it was read.
 * @throws RunFolderError if it has changed since.
 */
export function removeRun(folder: string, id: string, state: string): void {
  const own = join(folder, id);
  const now = stateOf(own);
  if (now === null) return;
  if (now !== state)
    throw new RunFolderError(
      l10n.t`${own} was started by a different process meanwhile: start again when it has finished`,
    );
  const removed = `${own}.${randomUUID()}`;
  renameAgain(own, removed);
  rmSync(removed, { recursive: true, force: true, maxRetries: 5 });
}

export function writeSummary(folder: string, run: Run, summary: RunSummary): void {
  const own = join(folder, run.id);
  makeFolders(own);
  writeSummaryFile(own, summary);
}

/** Removes a fork and its files from the folder. */
export function dropFork(folder: string, id: string, writer: string): void {
  const own = join(folder, id);
  rmSync(own, { recursive: true, force: true, maxRetries: 5 });
  for (let above = dirname(own); above !== folder && readdirSync(above).length === 0; above = dirname(above)) {
    rmdirSync(above);
  }
  removeFork(folder, id, writer);
}
