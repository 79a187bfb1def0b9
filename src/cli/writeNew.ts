/** Writes exported files. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { quote } from '../experiment/words';
import { UsageError } from './exit';

/** @throws UsageError if the file exists, or cannot be written. */
export function writeNew(path: string, name: string, content: string | Uint8Array, force: boolean): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    throw notWritten(error, name);
  }
}

/** The error of a command whose file could not be written. @param name The file, as the person knows it. */
export function notWritten(error: unknown, name: string): UsageError {
  return error instanceof UsageError ? error : new UsageError(reason(error as NodeJS.ErrnoException, name));
}

function reason({ code, message }: NodeJS.ErrnoException, name: string): string {
  switch (code) {
    case 'EEXIST':
      return l10n.t`${name} already exists: choose a different file, or overwrite it with --force`;
    case 'ENOENT':
      return l10n.t`the folder ${quote(dirname(name))} does not exist: create it first`;
    case 'EACCES':
      return l10n.t`${name} cannot be written: check its permissions`;
    default:
      return l10n.t`${name} cannot be written: ${message}`;
  }
}
