/** `bnexp inspect`: shows the normalizations of a trained model. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { Context } from '../context';

export function addInspect(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('inspect')
    .summary(l10n.t('show the normalizations of a trained model'))
    .description(
      l10n.t(`Reads a .safetensors or .onnx file and prints each normalization with its scale and shift, its running mean and
variance, the factor that it applies, and what looks wrong. Nothing in the file is executed.`),
    )
    .argument('<file>', l10n.t('a model file'))
    .option('--json', l10n.t('print everything as a JSON object, with the values of each channel'))
    .addHelpText(
      'after',
      l10n.t(`
Exit code: 0 for a model that can be read, whatever is found in it; otherwise 2.

Examples:
  bnexp inspect model.safetensors
  bnexp inspect model.onnx --json`),
    )
    .action(async (file: string, options: { json?: boolean }) => {
      const { inspect } = await import('../actions/inspect');
      finish(inspect(file, options, context));
    });
}
