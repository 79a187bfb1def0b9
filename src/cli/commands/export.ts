/** `bnexp export`: exports the runs of a folder as an HTML page that replays them, or as a CSV table of all frames. */
import type { Command } from 'commander';
import { quote, suggestion } from '../../experiment/words';
import type { ExportOptions } from '../actions/export';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { type Format, formats } from '../files';

export function addExport(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('export')
    .summary('export the runs of a folder as HTML or CSV')
    .description(
      'Reads a run folder (--out of bnexp run, or a folder below .bnexp/runs) and writes it as one file:\n\n' +
        '  html  a page with charts and scrubber that any browser opens offline\n' +
        '  csv   every frame of every run: arm, seed, step and one column per channel\n\n' +
        'A folder of TensorBoard event files of other programs is written as csv too: one row per scalar, with arm, seed, tag,\n' +
        'step, wall time and value.',
    )
    .argument('<format>', formats.join(' or '))
    .argument('<dir>', 'a run folder, or for csv a folder of event files')
    .argument(
      '[file]',
      'file to write (default: named after the experiment, in the current folder); - writes to standard output',
    )
    .option('--force', 'overwrite an existing file')
    .addHelpText(
      'after',
      `
The page contains up to 2,048 frames per run, including the extremes. The table contains all frames. Damaged or missing
parts of the folder are skipped with a warning.

Examples:
  bnexp run first.bnexp.json --out first
  bnexp export html first
  bnexp export csv first - | head`,
    )
    .action(async (format: string, folder: string, file: string | undefined, options: ExportOptions) => {
      const { exportRuns } = await import('../actions/export');
      exportRuns(formatOf(format), folder, file, options, context);
      finish(exitCode.done);
    });
}

function formatOf(text: string): Format {
  const format = formats.find((each) => each === text);
  if (format) return format;
  throw new UsageError(`unknown format ${quote(text)}${suggestion(text, formats)}`);
}
