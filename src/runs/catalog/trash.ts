/**
 * The trash of run folders: `.bnexp/trash/TIME-ID/FILE/STAMP` beside `.bnexp/runs/FILE/STAMP`. A folder is moved there and back by
 * renaming it, which happens completely or not at all, on any system, also where the editor has no trash.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { foldersIn, makeFolders, RunFolderError } from '../folder/layout';
import { unwritable } from '../folder/systemErrors';
import { isFolderTraining } from './describe';

/** A run folder in the trash. */
export interface Discarded {
  /** Where it is, and where it was. */
  place: string;
  folder: string;
}

/** Folder of the trash of an experiment folder. */
function trashFolder(folderOfExperiments: string): string {
  return join(folderOfExperiments, '.bnexp', 'trash');
}

/** The folder that contains `.bnexp/runs` with a run folder. @throws RunFolderError if it is somewhere else. */
function baseOf(folder: string): string {
  const runs = resolve(folder, '../..');
  if (basename(runs) !== 'runs' || basename(dirname(runs)) !== '.bnexp') {
    throw new RunFolderError(l10n.t`${folder} is not in .bnexp/runs: delete it with a file manager`);
  }
  return resolve(runs, '../..');
}

/**
 * Moves a run folder to the trash.
 * @returns Null if it does not exist any more: a different window may have deleted it.
 * @throws RunFolderError if it is training, or cannot be moved.
 */
export function discard(folder: string, now = new Date()): Discarded | null {
  const base = baseOf(folder);
  if (!existsSync(folder)) return null;
  if (isFolderTraining(folder)) throw new RunFolderError(l10n.t`${folder} is still training: stop it first`);
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const own = join(trashFolder(base), `${stamp}-${randomUUID().slice(0, 8)}`);
  const place = join(own, relative(join(base, '.bnexp', 'runs'), folder));
  try {
    makeFolders(dirname(place));
    renameSync(folder, place);
  } catch (cause) {
    removeEmpty(dirname(place), trashFolder(base));
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync(folder)) return null;
    throw new RunFolderError(unwritable(folder, cause));
  }
  return { place, folder };
}

/**
 * Moves a run folder back.
 * @throws RunFolderError if it is no longer in the trash, or its old place is taken.
 */
export function restore({ place, folder }: Discarded): void {
  if (!existsSync(place)) {
    if (existsSync(folder)) return;
    throw new RunFolderError(l10n.t`${folder} cannot be restored: it is no longer in the trash, which was emptied`);
  }
  if (existsSync(folder)) throw new RunFolderError(l10n.t`${folder} exists again: the deleted one is in ${place}`);
  try {
    makeFolders(dirname(folder));
    renameSync(place, folder);
  } catch (cause) {
    throw new RunFolderError(unwritable(folder, cause));
  }
  removeEmpty(dirname(place), dirname(dirname(dirname(place))));
}

/** Run folders in the trash, the last deleted first. */
export function discarded(folderOfExperiments: string): Discarded[] {
  const trash = trashFolder(folderOfExperiments);
  return foldersIn(trash)
    .sort()
    .reverse()
    .flatMap((own) =>
      foldersIn(own).flatMap((file) =>
        foldersIn(file).map((place) => ({
          place,
          folder: join(folderOfExperiments, '.bnexp', 'runs', relative(own, place)),
        })),
      ),
    );
}

/** Deletes everything in the trash for ever. @throws RunFolderError */
export function emptyTrash(folderOfExperiments: string): void {
  const trash = trashFolder(folderOfExperiments);
  try {
    rmSync(trash, { recursive: true, force: true });
  } catch (cause) {
    throw new RunFolderError(unwritable(trash, cause));
  }
}

/** Removes a folder and those above it, as long as they are empty, below `top`. */
function removeEmpty(folder: string, top: string): void {
  for (let at = folder; at !== top && at.startsWith(top); at = dirname(at)) {
    try {
      if (readdirSync(at).length > 0) return;
      rmdirSync(at);
    } catch {
      // A different process uses it.
      return;
    }
  }
}
