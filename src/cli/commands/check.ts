/** `bnexp check`: checks experiment files and their data files. */
import type { Command } from 'commander';
import type { Context } from '../context';

export function addCheck(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('check')
    .summary('check experiment files')
    .description(
      'Checks experiment files and their data files without training. Errors are printed to stderr as\n' +
        'path:line:column: error: message.',
    )
    .argument('<files...>', 'experiment files; - reads one from standard input')
    .option('--json', 'print the diagnostics as a JSON array')
    .addHelpText(
      'after',
      `
Exit code: 2 if there is an error, otherwise 0 (warnings do not count).

Examples:
  bnexp check first.bnexp.json
  bnexp check *.bnexp.json --json`,
    )
    .action(async (files: string[], options: { json?: boolean }) => {
      const { check } = await import('../actions/check');
      finish(await check(files, options, context));
    });
}
