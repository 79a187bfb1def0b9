// @ts-check
/**
 * Finds files of the project. It imports no package, so it works before anything is installed.
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Absolute paths of all files under a folder whose names end in `suffix`, sorted. Empty if the folder does not exist.
 * @param {string} folder
 * @param {string} suffix
 * @returns {string[]}
 */
export function filesUnder(folder, suffix) {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.slice(folder.length).includes('node_modules'))
    .sort();
}
