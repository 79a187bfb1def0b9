/** Writes exported files. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { UsageError } from './exit';

/** @throws UsageError if the file exists, or cannot be written. */
export function writeNew(path: string, name: string, content: string | Uint8Array, force: boolean): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new UsageError(l10n.t`${name} already exists: choose a different file, or overwrite it with --force`);
    }
    throw new UsageError(
      code === 'EACCES'
        ? l10n.t`${name} cannot be written: check its permissions`
        : l10n.t`${name} cannot be written: ${message}`,
    );
  }
}
