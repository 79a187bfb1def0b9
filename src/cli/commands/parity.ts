/** `bnexp parity`: trains an experiment here and with PyTorch, and prints how much their tensors differ. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { ParityOptions } from '../actions/parity';
import { collect, seedsArgument, wholeNumber } from '../arguments';
import type { Context } from '../context';

const mostSteps = 1000;
const defaultSteps = 5;

export function addParity(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('parity')
    .summary(l10n.t('compare the training of an experiment with PyTorch, tensor by tensor'))
    .description(
      l10n.t(`Trains the first steps of every arm here, and with PyTorch from the script of bnexp export pytorch --exact. Prints for each tensor the
largest difference: values of the first forward pass, gradients of the first backward pass, parameters and running
statistics after the last step, and the loss of each step. The relative difference is that of the largest magnitude.`),
    )
    .argument('<file>', l10n.t('an experiment file; - reads it from standard input'))
    .option('--steps <n>', l10n.t`number of steps (default: ${defaultSteps})`, wholeNumber(mostSteps), defaultSteps)
    .option('--arm <name>', l10n.t('compare only this arm; can be repeated'), collect, [])
    .option(
      '--seeds <list>',
      l10n.t('compare the first of these seeds (default: the first of the file)'),
      seedsArgument,
    )
    .option('--python <command>', l10n.t('Python with PyTorch 1.12 or newer'), 'python3')
    .option('--json', l10n.t('print one JSON object with every tensor'))
    .addHelpText(
      'after',
      l10n.t(`
A difference beyond the tolerance counts as ill-conditioned, not as an error, if rounding explains it: PyTorch also trains in float64 with
random rounding errors, and the tensor differs between these trainings about as much. Smaller faults cannot be seen there.

Exit code: 0 if no tensor differs, 1 if one differs, 2 if the file is invalid, PyTorch is missing, or cannot express the experiment.

Examples:
  bnexp parity first.bnexp.json
  bnexp parity first.bnexp.json --steps 20 --json
  bnexp parity first.bnexp.json --python ~/venv/bin/python`),
    )
    .action(async (file: string, options: ParityOptions) => {
      const { parity } = await import('../actions/parity');
      finish(await parity(file, options, context));
    });
}
