/** `bnexp pack`: makes run folders of earlier versions small. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { Context } from '../context';

export function addPack(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('pack')
    .summary(l10n.t('make run folders smaller, without loss'))
    .description(
      l10n.t(`Packs the run logs of folders that an earlier version wrote, and of runs that were interrupted. All values stay the same. Each
packed log is read back and compared with the original before it replaces it. TensorBoard then shows fewer frames of each run.`),
    )
    .argument('<dirs...>', l10n.t('run folders'))
    .addHelpText(
      'after',
      l10n.t(`
Runs that are being trained, and damaged logs, stay as they are. Exit code: 1 if such logs are left, otherwise 0.

Examples:
  bnexp pack first
  bnexp pack .bnexp/runs/*/*`),
    )
    .action(async (folders: string[]) => {
      const { pack } = await import('../actions/pack');
      finish(pack(folders, context));
    });
}
