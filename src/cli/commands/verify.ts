/** `bnexp verify`: trains saved runs again, and compares every bit. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import { mostJobs } from '../../runs/session/limits';
import type { VerifyOptions } from '../actions/verify';
import { wholeNumber } from '../arguments';
import type { Context } from '../context';

const mostSampled = 1_000_000;

export function addVerify(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('verify')
    .summary(l10n.t('train the runs of a run folder or of an exported page again, and compare every bit'))
    .description(
      l10n.t(`Trains the runs of a run folder, or of a page that bnexp export html has written, again, from the settings that it keeps, and compares
with what it contains: each value of each frame, the results, the hash of all parameters, and the verdicts. It stays unchanged. Two
machines get the same bits. A page may have fewer frames than the folder: those that it has are compared.`),
    )
    .argument('<source>', l10n.t('a run folder, or an HTML file'))
    .option('--sample <n>', l10n.t('train only n of the runs, evenly spaced'), wholeNumber(mostSampled))
    .option(
      '--data <dir>',
      l10n.t(
        'folder that the paths of data files start from (default: where the experiment is, or was; for a page, its own folder)',
      ),
    )
    .option('--jobs <n>', l10n.t('number of parallel runs (default: one per core)'), wholeNumber(mostJobs))
    .option('--json', l10n.t('print everything as one JSON object'))
    .option('--quiet', l10n.t('print no progress'))
    .addHelpText(
      'after',
      l10n.t(`
Exit code: 1 if a run differs, is damaged or cannot be trained; 2 if the source or its data cannot be read; otherwise 0.

Examples:
  bnexp verify .bnexp/runs/first/2026-01-31T12-00-00
  bnexp verify sweep --sample 20
  bnexp verify first.html`),
    )
    .action(async (source: string, options: VerifyOptions) => {
      const { verify } = await import('../actions/verify');
      finish(await verify(source, options, context));
    });
}
