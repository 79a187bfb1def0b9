/** `bnexp submit`: trains a plan on the nodes of a cluster. */
import * as l10n from '@vscode/l10n';
import { type Command, InvalidArgumentError } from 'commander';
import { mostJobs } from '../../runs/session/limits';
import type { KubernetesOptions } from '../actions/submitKubernetes';
import type { SlurmOptions } from '../actions/submitSlurm';
import { collect, seedsArgument, wholeNumber } from '../arguments';
import type { Context } from '../context';

/** Slurm's default for MaxArraySize is 1001; other sites allow more. */
const mostShards = 100_000;

export function addSubmit(program: Command, context: Context, finish: (code: number) => void): void {
  const submit = program
    .command('submit')
    .summary(l10n.t('train an experiment on a cluster: slurm, kubernetes'))
    .description(
      l10n.t(
        'Trains the runs of an experiment on the nodes of a cluster. The plan is divided into parts of many runs each, which all write into one run folder on a disk that the nodes share. A part that is retried trains only what it had left.',
      ),
    );
  addOptions(submit.command('slurm'))
    .summary(l10n.t('write and submit a job array of Slurm'))
    .description(
      l10n.t(
        'Writes a script into the run folder, and submits it twice with sbatch: as an array with one task per part, and as a job that starts when all tasks have ended, trains what a lost task left, and writes the verdict.',
      ),
    )
    .option(
      '--out <dir>',
      l10n.t('run folder, on a disk that all nodes share (default: in .bnexp/runs beside the file)'),
    )
    .option('--dry-run', l10n.t('print the script; write and submit nothing'))
    .option('--time <limit>', l10n.t('time limit of a part, as sbatch takes it, e.g. 2:00:00'), oneLine)
    .option('--partition <name>', l10n.t('partition of the cluster'), oneLine)
    .option(
      '--sbatch <option>',
      l10n.t('further option of sbatch, e.g. --sbatch=--mem=8G; can be repeated'),
      collectLines,
      [],
    )
    .option(
      '--bnexp <command>',
      l10n.t('command that starts bnexp on a node, e.g. "npx bnexp" (default: this Node and this program)'),
      oneLine,
    )
    .addHelpText(
      'after',
      l10n.t(`
Examples:
  bnexp submit slurm first.bnexp.json --shards 8 --cpus 4 --dry-run
  bnexp submit slurm first.bnexp.json --shards 8 --cpus 4 --time 2:00:00 --sbatch=--account=lab`),
    )
    .action(async (file: string, options: SlurmOptions) => {
      const { submitSlurm } = await import('../actions/submitSlurm');
      finish(await submitSlurm(file, options, context));
    });
  addOptions(submit.command('kubernetes'))
    .summary(l10n.t('print the manifest of an Indexed Job of Kubernetes'))
    .description(
      l10n.t(
        'Prints a ConfigMap with the experiment, and an Indexed Job with one pod per part. The pods write into a volume that they share.',
      ),
    )
    .option('--out <dir>', l10n.t('run folder as the pods see it, below /runs, where the volume is'))
    .option('--image <name>', l10n.t('image that contains bnexp (default: a placeholder)'))
    .option('--claim <name>', l10n.t('PersistentVolumeClaim of the volume'), 'bnexp-runs')
    .addHelpText(
      'after',
      l10n.t(`
Example:
  bnexp submit kubernetes first.bnexp.json --shards 8 --cpus 4 --image registry.example/bnexp > job.yaml
  kubectl apply --filename=job.yaml`),
    )
    .action(async (file: string, options: KubernetesOptions) => {
      const { submitKubernetes } = await import('../actions/submitKubernetes');
      finish(await submitKubernetes(file, options, context));
    });
}

function addOptions(command: Command): Command {
  return command
    .argument('<file>', l10n.t('an experiment file'))
    .requiredOption('--shards <n>', l10n.t('number of parts'), wholeNumber(mostShards))
    .option('--cpus <n>', l10n.t('processor cores of a part, which trains one run on each'), wholeNumber(mostJobs), 1)
    .option('--arm <name>', l10n.t('train only this arm; can be repeated'), collect, [])
    .option('--seeds <list>', l10n.t("override the file's seeds, e.g. 1-20 or 1,5,9"), seedsArgument)
    .option('--steps <n>', l10n.t("override the file's number of steps"), wholeNumber(1e9))
    .option('--disk-budget <mb>', l10n.t('megabytes of disk for the runs of a part'), wholeNumber(1e9))
    .option('--no-weights', l10n.t('do not save the trained weights (weights.safetensors)'));
}

/** A value that becomes a part of a line in a script. */
function oneLine(text: string): string {
  if (/\p{Cc}/u.test(text)) throw new InvalidArgumentError(l10n.t('Write it on one line.'));
  return text;
}

function collectLines(value: string, values: string[]): string[] {
  return collect(oneLine(value), values);
}
