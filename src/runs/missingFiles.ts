/** Words for a data folder that lacks some of its files. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { DataError } from '../engine/data/dataset';
import { readProblem } from './readProblem';

/** A file that could not be opened, and the files that belong together with it. */
export interface Missing {
  /** Name of the file. */
  name: string;
  /** Path of the folder, from `baseFolder`. */
  path: string;
  /** Names of all files of the folder. */
  all: readonly string[];
  /** Name of the data set. */
  what: string;
  baseFolder: string;
}

/** The error for a missing file, or for a file in place of the folder; other causes are returned as they are. */
export function missingOf(cause: unknown, { path, all, what, baseFolder }: Missing): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOTDIR')
    return new DataError(`${path} ${readProblem(cause as NodeJS.ErrnoException, 'folder')}`, 'folder');
  if (code !== 'ENOENT') return cause;
  const lacking = all.filter((each) => !existsSync(join(baseFolder, path, each)));
  if (lacking.length === 0) return cause;
  if (!existsSync(join(baseFolder, path))) {
    return new DataError(
      l10n.t`there is no folder "${path}" in the experiment's folder: copy it there, or correct the path`,
      'folder',
    );
  }
  const here = all.length - lacking.length;
  return new DataError(
    here === 0
      ? l10n.t`the folder "${path}" has none of the files of ${what} (${all.join(', ')}): give the folder that has them`
      : lackingInWords(path, all.length, what, lacking),
    'folder',
  );
}

/** Says that a folder has some of the files that belong together. */
export function lackingInWords(folder: string, all: number, what: string, lacking: readonly string[]): string {
  const here = all - lacking.length;
  return lacking.length === 1
    ? l10n.t`the folder "${folder}" has ${here} of the ${all} files of ${what}, and lacks ${lacking[0]}: copy it there too`
    : l10n.t`the folder "${folder}" has ${here} of the ${all} files of ${what}, and lacks ${lacking.join(', ')}: copy them there too`;
}
