/** `bnexp compare`: compares the arms of several run folders. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { CompareOptions } from '../actions/compare';
import { collect } from '../arguments';
import type { Context } from '../context';

export function addCompare(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('compare')
    .summary(l10n.t('compare the results and settings of run folders'))
    .description(
      l10n.t(`Reads run folders, of one experiment or of several, and prints for each arm its results with the 95 % interval of their
mean, its differences from the first arm, and the settings that differ. Differences are in pairs of runs where two arms
share seeds and data. It trains nothing.`),
    )
    .argument('<dirs...>', l10n.t('run folders: at least two, or one with several arms'))
    .option('--arm <name>', l10n.t('compare only this arm of each folder that has it; can be repeated'), collect, [])
    .option('--json', l10n.t('print the comparison as JSON'))
    .addHelpText(
      'after',
      l10n.t(`
Exit code: 0 for any comparison, 2 if a folder cannot be read or there are fewer than two arms.

Examples:
  bnexp compare first second
  bnexp compare .bnexp/runs/first/* --arm BatchNorm --json`),
    )
    .action(async (folders: string[], options: CompareOptions) => {
      const { compare } = await import('../actions/compare');
      finish(compare(folders, options, context));
    });
}
