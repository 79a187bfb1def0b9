/** `bnexp watch`: writes the Python file that watches a PyTorch network. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { Context } from '../context';
import { exitCode } from '../exit';

export function addWatch(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('watch')
    .summary(l10n.t('watch a PyTorch network while it trains'))
    .description(
      l10n.t(`Writes a Python file that watches a PyTorch network, and prints the lines to add to the training script. The file needs
Python 3.8 and PyTorch 1.12 or newer. A file that differs is not overwritten without --force.`),
    )
    .requiredOption('--python <file>', l10n.t('file or folder to write to, beside the training script'))
    .option('--force', l10n.t('overwrite a file that differs'))
    .addHelpText(
      'after',
      l10n.t(`
Examples:
  bnexp watch --python .
  bnexp watch --python src/batchnorm_lab.py --force`),
    )
    .action(async ({ python, force = false }: { python: string; force?: boolean }) => {
      const { writeWatcher } = await import('../actions/watch');
      writeWatcher(python, force, context);
      finish(exitCode.done);
    });
}
