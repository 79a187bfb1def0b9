/**
 * The folder that the runs of a started experiment are saved in:
 *
 *     .bnexp/runs/FILE/2026-01-31T12-00-00/    or the folder given by --out
 *       runs.json                               what ran: names, arms, seeds, sweep, claims, runs
 *       runs.ID.json                            the same for each further process that trains or forks runs here
 *       runs.jsonl, runs.ID.jsonl               for a plan of more than 10,000 runs: each run, when it starts
 *       ARM/seed-1/experiment.json              resolved: every default filled in
 *       ARM/seed-1/events.out.tfevents.….bnexp  run log
 *       ARM/seed-1/summary.json                 written when the run has ended
 *       ARM/seed-1/weights.safetensors          trained weights, as PyTorch names and stores them
 *
 * With a sweep, each point is a folder between arm and seed: ARM/learningRate=0.1, gain=1/seed-1.
 */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RecordError } from '../session/sessionRecord';
import { unwritable } from './systemErrors';

export const indexName = 'runs.json';
export const startedName = 'runs.jsonl';
export const experimentName = 'experiment.json';
export const summaryName = 'summary.json';
export const weightsName = 'weights.safetensors';

/** A folder cannot be written or read. The message names it and a remedy. */
export class RunFolderError extends RecordError {
  override readonly name = 'RunFolderError';
}

/** Folder of all run folders beside an experiment's file. */
export function runsFolder(folderOfExperiment: string): string {
  return join(folderOfExperiment, '.bnexp', 'runs');
}

/**
 * Makes the folder for a started experiment.
 * @param experimentFile Its path; nothing is read from there.
 * @param out A folder to use instead of one beside the file. Its contents stay.
 * @returns Its absolute path.
 * @throws RunFolderError
 */
export function newRunFolder(experimentFile: string, out?: string, now = new Date()): string {
  if (out !== undefined) {
    const folder = resolve(out);
    writing(folder, () => makeFolders(folder));
    return folder;
  }
  const runs = runsFolder(dirname(resolve(experimentFile)));
  const parent = join(runs, folderNameOf(experimentFile));
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  return writing(parent, () => {
    const isFirst = !existsSync(dirname(runs));
    makeFolders(parent);
    if (isFirst) hideFromGit(dirname(runs));
    for (let number = 1; ; number++) {
      const folder = join(parent, number === 1 ? stamp : `${stamp}-${number}`);
      if (make(folder)) return folder;
    }
  });
}

/** Paths of the run folders of an experiment's file, in no particular order. @param experimentFile Its path. */
export function runFoldersOf(experimentFile: string): string[] {
  return foldersIn(join(runsFolder(dirname(resolve(experimentFile))), folderNameOf(experimentFile)));
}

/** Windows drops dots and spaces at the end of a folder's name. @param experimentFile Its path. */
function folderNameOf(experimentFile: string): string {
  const name = basename(experimentFile).replace(/(\.bnexp)?\.jsonc?$/i, '');
  return name.replace(/[. ]+$/, '') || 'experiment';
}

/**
 * Makes a folder and its missing parents. Node's recursive mkdir never returns if the system reports ENOENT for an existing
 * parent, as Linux does in /proc.
 */
export function makeFolders(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  const above = dirname(folder);
  if (above !== folder && !existsSync(above)) makeFolders(above);
  if (!make(folder) && !statSync(folder).isDirectory())
    throw Object.assign(new Error(l10n.t('not a folder')), { code: 'ENOTDIR' });
}

/**
 * Makes one folder, whose parent exists.
 * @returns Whether this call made it: of several processes that try at the same moment, one does.
 */
export function make(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/**
 * Ignores run folders in git, because they can be reproduced from the experiment. Written with the first run only: deleting the file
 * adds them to git.
 */
export function hideFromGit(folder: string): void {
  const file = join(folder, '.gitignore');
  if (!existsSync(file)) writeFileSync(file, '*\n');
}

/** Runs `work`; an error of the system becomes one that names the folder, the cause and a remedy. @throws RunFolderError */
export function writing<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof RunFolderError) throw cause;
    throw new RunFolderError(unwritable(folder, cause));
  }
}

/** Paths of the subfolders of a folder; empty if it is missing or cannot be read. */
export function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

/** Whether the id of a run names a folder below the run folder. */
export function isInside(id: string): boolean {
  return id !== '' && !id.includes('\0') && !/^\.?[\\/]*$/.test(id) && !/(^|[\\/])\.\.([\\/]|$)/.test(id);
}
