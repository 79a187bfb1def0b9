/** `bnexp fix`: corrects the mistakes in experiment files whose correction is clear. */
import type { Command } from 'commander';
import type { Context } from '../context';

export function addFix(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('fix')
    .summary('correct clear mistakes in experiment files')
    .description(
      'Corrects the mistakes whose correction is clear: misspelt words, names from PyTorch and Keras, short forms, numbers in\n' +
        'quotation marks. Comments and formatting stay. Other errors are printed to stderr as path:line:column: error: message.',
    )
    .argument('<files...>', 'experiment files; - reads one from standard input and writes it to standard output')
    .addHelpText(
      'after',
      `
Exit code: 2 if an error is left, otherwise 0 (warnings do not count).

Examples:
  bnexp fix first.bnexp.json
  bnexp fix - < draft.json > first.bnexp.json`,
    )
    .action(async (files: string[]) => {
      const { fix } = await import('../actions/fix');
      finish(await fix(files, context));
    });
}
