/** What `bnexp pack` does. */

import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { bytesInWords, count } from '../../experiment/words';
import { folderBytes } from '../../runs/folder/diskSpace';
import { RunFolderError } from '../../runs/folder/layout';
import { packingRuns } from '../../runs/folder/packRuns';
import { atOnce } from '../../runs/pieces';
import { printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';

export function pack(folders: readonly string[], { console, cwd }: Context): number {
  let isLeft = false;
  for (const folder of folders) {
    const path = resolve(cwd, folder);
    try {
      const before = folderBytes(path);
      const { packed, already, left } = atOnce(packingRuns(path));
      const others = already > 0 ? l10n.t`, ${already} already packed` : '';
      const size = `${bytesInWords(before)} → ${bytesInWords(folderBytes(path))}`;
      console.out(printable(`${folder}: ${size} (${count(packed, 'log packed')}${others})`));
      for (const reason of left) console.err(`${console.errColours.yellow('warning:')} ${printable(reason)}`);
      isLeft ||= left.length > 0;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR')
        throw new UsageError(l10n.t`${folder} does not exist: give a run folder`);
      if (error instanceof RunFolderError) throw new UsageError(error.message);
      throw error;
    }
  }
  return isLeft ? exitCode.failed : exitCode.done;
}
