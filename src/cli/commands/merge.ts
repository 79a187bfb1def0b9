/** `bnexp merge`: makes one run folder of several. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { Context } from '../context';

export function addMerge(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('merge')
    .summary(l10n.t('make one run folder of several, such as those of shards'))
    .description(
      l10n.t(`Copies the runs of several run folders of one experiment into a new one, which gives the same verdict as if one machine had
trained them all. Names runs that are missing, in several folders, or damaged. Shards that write into one folder need no merge.`),
    )
    .argument('<dirs...>', l10n.t('run folders'))
    .requiredOption('--out <dir>', l10n.t('new folder for the merged runs'))
    .option('--json', l10n.t('print what was merged as one JSON object'))
    .addHelpText(
      'after',
      l10n.t(`
Exit code: 1 if runs are missing or damaged, 2 if the folders do not belong together or cannot be read, otherwise 0.

Example:
  bnexp merge shard-1 shard-2 shard-3 --out all
  bnexp verdict all`),
    )
    .action(async (folders: string[], options: { out: string; json?: boolean }) => {
      const { merge } = await import('../actions/merge');
      finish(merge(folders, options, context));
    });
}
