/** `bnexp watch`: writes the Python file that watches a PyTorch network. */
import type { Command } from 'commander';
import type { Context } from '../context';
import { exitCode } from '../exit';

export function addWatch(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('watch')
    .summary('watch a PyTorch network while it trains')
    .description(
      'Writes a Python file that watches a PyTorch network, and prints the lines to add to the training script. The file needs\n' +
        'Python 3.8 and PyTorch 1.12 or newer. A file that differs is not overwritten without --force.',
    )
    .requiredOption('--python <file>', 'file or folder to write to, beside the training script')
    .option('--force', 'overwrite a file that differs')
    .addHelpText(
      'after',
      `
Examples:
  bnexp watch --python .
  bnexp watch --python src/batchnorm_lab.py --force`,
    )
    .action(async ({ python, force = false }: { python: string; force?: boolean }) => {
      const { writeWatcher } = await import('../actions/watch');
      writeWatcher(python, force, context);
      finish(exitCode.done);
    });
}
