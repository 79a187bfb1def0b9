/** `bnexp logs`: lists what the event files of any program contain. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { Context } from '../context';

export function addLogs(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('logs')
    .summary(l10n.t('list the runs and tags of TensorBoard event files'))
    .description(
      l10n.t(`Reads the TensorBoard event files (*tfevents*) in a folder and its subfolders, of any program that writes them: PyTorch, Keras,
TensorFlow, Lightning and others. Prints their runs and tags with kinds, steps and numbers of values, and what is damaged.`),
    )
    .argument('<dir>', l10n.t('a folder, or one event file'))
    .option('--json', l10n.t('print everything as one JSON object'))
    .addHelpText(
      'after',
      l10n.t(`
Each folder with event files is an arm; a folder named seed-N is a seed of the arm above it.

Exit code: 1 if a part is damaged or cannot be read, 2 if there are no event files, otherwise 0.

Examples:
  bnexp logs runs
  bnexp logs lightning_logs/version_0 --json
  bnexp export csv runs scalars.csv`),
    )
    .action(async (folder: string, options: { json?: boolean }) => {
      const { logs } = await import('../actions/logs');
      finish(await logs(folder, options, context));
    });
}
