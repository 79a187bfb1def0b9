/** `bnexp compare`: compares the arms of several run folders. */
import type { Command } from 'commander';
import type { CompareOptions } from '../actions/compare';
import { collect } from '../arguments';
import type { Context } from '../context';

export function addCompare(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('compare')
    .summary('compare the results and settings of run folders')
    .description(
      'Reads run folders, of one experiment or of several, and prints for each arm its results with the 95 % interval of their\n' +
        'mean, its differences from the first arm, and the settings that differ. Differences are in pairs of runs where two arms\n' +
        'share seeds and data. It trains nothing.',
    )
    .argument('<dirs...>', 'run folders: at least two, or one with several arms')
    .option('--arm <name>', 'compare only this arm of each folder that has it; can be repeated', collect, [])
    .option('--json', 'print the comparison as JSON')
    .addHelpText(
      'after',
      `
Exit code: 0 for any comparison, 2 if a folder cannot be read or there are fewer than two arms.

Examples:
  bnexp compare first second
  bnexp compare .bnexp/runs/first/* --arm BatchNorm --json`,
    )
    .action(async (folders: string[], options: CompareOptions) => {
      const { compare } = await import('../actions/compare');
      finish(compare(folders, options, context));
    });
}
