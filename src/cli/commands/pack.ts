/** `bnexp pack`: makes run folders of earlier versions small. */
import type { Command } from 'commander';
import type { Context } from '../context';

export function addPack(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('pack')
    .summary('make run folders smaller, without loss')
    .description(
      'Packs the run logs of folders that an earlier version wrote, and of runs that were interrupted. All values stay the same. Each\n' +
        'packed log is read back and compared with the original before it replaces it. TensorBoard then shows fewer frames of each run.',
    )
    .argument('<dirs...>', 'run folders')
    .addHelpText(
      'after',
      `
Runs that are being trained, and damaged logs, stay as they are. Exit code: 1 if such logs are left, otherwise 0.

Examples:
  bnexp pack first
  bnexp pack .bnexp/runs/*/*`,
    )
    .action(async (folders: string[]) => {
      const { pack } = await import('../actions/pack');
      finish(pack(folders, context));
    });
}
