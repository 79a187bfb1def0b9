/** `bnexp fix`: corrects the mistakes in experiment files whose correction is clear. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { Context } from '../context';

export function addFix(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('fix')
    .summary(l10n.t('correct clear mistakes in experiment files'))
    .description(
      l10n.t(`Corrects the mistakes whose correction is clear: misspelt words, names from PyTorch and Keras, short forms, numbers in
quotation marks. Comments and formatting stay. Other errors are printed to stderr as path:line:column: error: message.`),
    )
    .argument(
      '<files...>',
      l10n.t('experiment files; - reads one from standard input and writes it to standard output'),
    )
    .addHelpText(
      'after',
      l10n.t(`
Exit code: 2 if an error is left, otherwise 0 (warnings do not count).

Examples:
  bnexp fix first.bnexp.json
  bnexp fix - < draft.json > first.bnexp.json`),
    )
    .action(async (files: string[]) => {
      const { fix } = await import('../actions/fix');
      finish(await fix(files, context));
    });
}
