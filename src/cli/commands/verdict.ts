/** `bnexp verdict`: computes the verdicts on an experiment's claims from a run folder. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { VerdictOptions } from '../actions/verdict';
import type { Context } from '../context';

export function addVerdict(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('verdict')
    .summary(l10n.t('compute the verdicts on the claims of an experiment from its run folder'))
    .description(
      l10n.t(`Reads a run folder (--out of bnexp run, or a folder in .bnexp/runs) and prints for each claim of its experiment whether
the runs support it, contradict it, or leave it undecided, with the evidence. It trains nothing.`),
    )
    .argument('<dir>', l10n.t('a run folder'))
    .option('--json', l10n.t('print the verdicts, with every pair, as a JSON array'))
    .option('--markdown [file]', l10n.t('write a report as Markdown; without a file, print it'))
    .option('--html [file]', l10n.t('write a report as one self-contained HTML page; without a file, print it'))
    .addHelpText(
      'after',
      l10n.t(`
Exit code: 0 for any verdicts, 2 if the folder cannot be read or its experiment has no claim.

Examples:
  bnexp run first.bnexp.json --seeds 1-20 --out first
  bnexp verdict first
  bnexp verdict first --html first.html --markdown first.md`),
    )
    .action(async (folder: string, options: VerdictOptions) => {
      const { verdict } = await import('../actions/verdict');
      finish(verdict(folder, options, context));
    });
}
