/** What `bnexp merge` does. */

import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { count } from '../../experiment/words';
import { RunFolderError } from '../../runs/folder/layout';
import { type Merged, mergedInWords, mergeFolders } from '../../runs/folder/mergeFolders';
import { formatCount } from '../../shared/numbers';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';

export function merge(
  folders: readonly string[],
  { out, json }: { out: string; json?: boolean },
  { console, cwd }: Context,
): number {
  const paths = [...new Set(folders.map((folder) => resolve(cwd, folder)))];
  let merged: Merged;
  try {
    merged = mergeFolders(paths, resolve(cwd, out));
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
  const { ended, planned, missing, damaged } = merged;
  if (json) console.out(jsonText(merged, 2));
  else {
    console.out(printable(l10n.t`${out}: ${formatCount(ended)} of ${count(planned, 'run')} with results.`));
    for (const sentence of mergedInWords(merged)) console.err(printable(sentence));
  }
  return missing.length + damaged.length > 0 ? exitCode.failed : exitCode.done;
}
