/** `bnexp check`: checks experiment files and their data files. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { Context } from '../context';

export function addCheck(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('check')
    .summary(l10n.t('check experiment files'))
    .description(
      l10n.t(`Checks experiment files and their data files without training. Errors are printed to stderr as
path:line:column: error: message.`),
    )
    .argument('<files...>', l10n.t('experiment files; - reads one from standard input'))
    .option('--json', l10n.t('print the diagnostics as a JSON array'))
    .addHelpText(
      'after',
      l10n.t(`
Exit code: 2 if there is an error, otherwise 0 (warnings do not count).

Examples:
  bnexp check first.bnexp.json
  bnexp check *.bnexp.json --json`),
    )
    .action(async (files: string[], options: { json?: boolean }) => {
      const { check } = await import('../actions/check');
      finish(await check(files, options, context));
    });
}
