/** `bnexp new`: writes a preset to a file. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { Context } from '../context';
import { exitCode } from '../exit';
import { ending } from '../files';

export function addNew(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('new')
    .summary(l10n.t('create an experiment file from a preset'))
    .description(l10n.t('Writes a preset to a file. An existing file is not overwritten without --force.'))
    .argument('<preset>', l10n.t('id of a preset; "bnexp presets" lists them'))
    .argument(
      '[file]',
      l10n.t`file or folder to write to (default: PRESET${ending} in the current folder); - writes to standard output`,
    )
    .option('--force', l10n.t('overwrite an existing file'))
    .addHelpText(
      'after',
      l10n.t`
Examples:
  bnexp new first
  bnexp new paper-digits experiments/digits${ending}
  bnexp new first - | bnexp run - --steps 200`,
    )
    .action(async (preset: string, file: string | undefined, options: { force?: boolean }) => {
      const { create } = await import('../actions/new');
      create(preset, file, options.force ?? false, context);
      finish(exitCode.done);
    });
}
