/** `bnexp presets`: lists the presets. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import { jsonText } from '../console';
import type { Context } from '../context';
import { exitCode } from '../exit';

export function addPresets(program: Command, { console }: Context, finish: (code: number) => void): void {
  program
    .command('presets')
    .summary(l10n.t('list the presets'))
    .description(l10n.t('Lists the presets. "bnexp new" writes one of them to a file.'))
    .option('--json', l10n.t('print them as a JSON array'))
    .addHelpText('after', l10n.t('\nExamples:\n  bnexp presets\n  bnexp new paper-digits'))
    .action(async ({ json }: { json?: boolean }) => {
      const { presets } = await import('../../experiment/presets');
      if (json) {
        const listed = presets.map(({ id, title, summary }) => ({ id, title, summary }));
        console.out(jsonText(listed, 2));
      } else {
        const { bold } = console.outColours;
        console.out(presets.map(({ id, title, summary }) => `${bold(id)}\n  ${title}\n  ${summary}`).join('\n\n'));
      }
      finish(exitCode.done);
    });
}
