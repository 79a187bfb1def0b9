/** Finds the folder that paths in the experiment of a run folder start from. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Finds the folder of the experiment of a run folder: the one that contains `.bnexp/runs`, or the one that contains both the
 * run folder and the experiment. Null if neither is found.
 */
export function baseFolderOf(folder: string, file: string): string | null {
  const runs = resolve(folder, '../..');
  if (basename(runs) === 'runs' && basename(dirname(runs)) === '.bnexp') return resolve(runs, '../..');
  return file !== '' && existsSync(join(dirname(folder), file)) ? dirname(folder) : null;
}
