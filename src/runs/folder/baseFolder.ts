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

/**
 * Path of the experiment's file of a run folder, which may no longer exist. Earlier versions saved its name as in a URI, with `%20` for a
 * space: then it is the file with the decoded name, if only that exists.
 */
export function experimentFileOf(folder: string, file: string): string {
  const base = baseFolderOf(folder, file) ?? dirname(folder);
  const own = join(base, file);
  const decoded = decodedName(file);
  if (decoded === null || existsSync(own)) return own;
  return existsSync(join(base, decoded)) ? join(base, decoded) : own;
}

/** Null if the name is not encoded, or its decoded form is not a name. */
function decodedName(file: string): string | null {
  if (!/%[0-9a-f]{2}/i.test(file)) return null;
  try {
    const decoded = decodeURIComponent(file);
    return basename(decoded) === decoded ? decoded : null;
  } catch {
    return null;
  }
}
