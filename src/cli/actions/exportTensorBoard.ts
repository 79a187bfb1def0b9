/** What `bnexp export tensorboard` does. */

import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { count } from '../../experiment/words';
import { exportTensorBoard } from '../../runs/export/tensorBoard';
import { RunFolderError } from '../../runs/folder/layout';
import { printable } from '../console';
import type { Context } from '../context';
import { UsageError } from '../exit';
import { stdinName } from '../readFile';
import type { ExportOptions } from './export';

/** Channels that are exported by default: results of the whole network. */
const defaultChannels = ['network/**'];

export function exportToTensorBoard(
  source: string,
  target: string | undefined,
  { channels, long, run }: ExportOptions,
  { console, cwd }: Context,
): void {
  if (target === undefined || target === stdinName)
    throw new UsageError(l10n.t('name a folder to write, such as: bnexp export tensorboard first logs'));
  if (long || run !== undefined) throw new UsageError(l10n.t('--long and --run are for tables: omit them'));
  const warn = (problem: string) => console.err(`${console.errColours.yellow('warning:')} ${printable(problem)}`);
  try {
    const patterns = channels.length > 0 ? channels : defaultChannels;
    const runs = exportTensorBoard(resolve(cwd, source), resolve(cwd, target), patterns, warn);
    console.out(
      printable(l10n.t`Wrote ${target}: ${count(runs, 'run')}. Show them with tensorboard --logdir ${target}`),
    );
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
}
