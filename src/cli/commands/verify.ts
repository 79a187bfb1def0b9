/** `bnexp verify`: trains saved runs again, and compares every bit. */
import type { Command } from 'commander';
import { mostJobs } from '../../runs/session/limits';
import type { VerifyOptions } from '../actions/verify';
import { wholeNumber } from '../arguments';
import type { Context } from '../context';

const mostSampled = 1_000_000;

export function addVerify(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('verify')
    .summary('train the runs of a run folder again, and compare every bit')
    .description(
      'Trains the runs of a run folder again, from the settings that it keeps, and compares with what it contains: each value of each\n' +
        'frame, the results, the hash of all parameters, and the verdicts. The folder stays unchanged. Two machines get the same bits.',
    )
    .argument('<dir>', 'a run folder')
    .option('--sample <n>', 'train only n of the runs, evenly spaced', wholeNumber(mostSampled))
    .option('--data <dir>', 'folder that the paths of data files start from (default: where the experiment is, or was)')
    .option('--jobs <n>', 'number of parallel runs (default: one per core)', wholeNumber(mostJobs))
    .option('--json', 'print everything as one JSON object')
    .option('--quiet', 'print no progress')
    .addHelpText(
      'after',
      `
Exit code: 1 if a run differs, is damaged or cannot be trained; 2 if the folder or its data cannot be read; otherwise 0.

Examples:
  bnexp verify .bnexp/runs/first/2026-01-31T12-00-00
  bnexp verify sweep --sample 20`,
    )
    .action(async (folder: string, options: VerifyOptions) => {
      const { verify } = await import('../actions/verify');
      finish(await verify(folder, options, context));
    });
}
