/** What `bnexp watch` does. */

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { quote } from '../../experiment/words';
import { moduleName, watcherLines, watcherName, watcherText } from '../../runs/watcher/watcher';
import { printable } from '../console';
import type { Context } from '../context';
import { UsageError } from '../exit';
import { notWritten } from '../writeNew';

export function writeWatcher(file: string, force: boolean, { console, cwd }: Context): void {
  const isFolder = statSync(resolve(cwd, file), { throwIfNoEntry: false })?.isDirectory() ?? false;
  const name = isFolder ? join(file, watcherName) : file;
  const module = moduleName(name);
  if (module === null) {
    throw new UsageError(
      l10n.t`Python cannot import ${quote(name)}: choose a name of letters, digits and underscores that ends in .py, such as ${watcherName}`,
    );
  }
  const isNew = writeWatcherFile(name, force, cwd);
  const done = isNew ? l10n.t`Wrote ${name}. Add these lines to your training script:` : l10n.t`${name} is up to date.`;
  console.err(printable(done));
  console.out(watcherLines(module).trimEnd());
}

/** Writes the watcher. @returns Whether the file did not have this content yet. */
export function writeWatcherFile(name: string, force: boolean, cwd: string): boolean {
  const path = resolve(cwd, name);
  try {
    if (readFileSync(path, 'utf8') === watcherText) return false;
    if (!force)
      throw new UsageError(l10n.t`${name} exists and differs: choose a different file, or overwrite it with --force`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw notWritten(error, name);
  }
  try {
    writeFileSync(path, watcherText);
  } catch (error) {
    throw notWritten(error, name);
  }
  return true;
}
