/** `bnexp pack`: makes run folders of earlier versions small. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { bytesInWords, count } from '../../experiment/words';
import { folderBytes } from '../../runs/folder/diskSpace';
import { RunFolderError } from '../../runs/folder/layout';
import { packingRuns } from '../../runs/folder/packRuns';
import { atOnce } from '../../runs/pieces';
import { printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';

export function addPack(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('pack')
    .summary('make run folders smaller, without loss')
    .description(
      'Packs the run logs of folders that an earlier version wrote, and of runs that were interrupted. All values stay the same. Each\n' +
        'packed log is read back and compared with the original before it replaces it. TensorBoard then shows fewer frames of each run.',
    )
    .argument('<dirs...>', 'run folders')
    .addHelpText(
      'after',
      `
Runs that are being trained, and damaged logs, stay as they are. Exit code: 1 if such logs are left, otherwise 0.

Examples:
  bnexp pack first
  bnexp pack .bnexp/runs/*/*`,
    )
    .action((folders: string[]) => finish(pack(folders, context)));
}

function pack(folders: readonly string[], { console, cwd }: Context): number {
  let isLeft = false;
  for (const folder of folders) {
    const path = resolve(cwd, folder);
    try {
      const before = folderBytes(path);
      const { packed, already, left } = atOnce(packingRuns(path));
      const others = already > 0 ? `, ${already} already packed` : '';
      const size = `${bytesInWords(before)} → ${bytesInWords(folderBytes(path))}`;
      console.out(printable(`${folder}: ${size} (${count(packed, 'log')} packed${others})`));
      for (const reason of left) console.err(`${console.errColours.yellow('warning:')} ${printable(reason)}`);
      isLeft ||= left.length > 0;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`${folder} does not exist: give a run folder`);
      if (error instanceof RunFolderError) throw new UsageError(error.message);
      throw error;
    }
  }
  return isLeft ? exitCode.failed : exitCode.done;
}
