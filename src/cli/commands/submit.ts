/** `bnexp submit`: trains a plan on the nodes of a cluster. */
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
    .summary('train an experiment on a cluster: slurm, kubernetes')
    .description(
      'Trains the runs of an experiment on the nodes of a cluster. The plan is divided into parts of many runs each, which all write ' +
        'into one run folder on a disk that the nodes share. A part that is retried trains only what it had left.',
    );
  addOptions(submit.command('slurm'))
    .summary('write and submit a job array of Slurm')
    .description(
      'Writes a script into the run folder, and submits it twice with sbatch: as an array with one task per part, and as a job that ' +
        'starts when all tasks have ended, trains what a lost task left, and writes the verdict.',
    )
    .option('--out <dir>', 'run folder, on a disk that all nodes share (default: in .bnexp/runs beside the file)')
    .option('--dry-run', 'print the script; write and submit nothing')
    .option('--time <limit>', 'time limit of a part, as sbatch takes it, e.g. 2:00:00', oneLine)
    .option('--partition <name>', 'partition of the cluster', oneLine)
    .option('--sbatch <option>', 'further option of sbatch, e.g. --sbatch=--mem=8G; can be repeated', collectLines, [])
    .option(
      '--bnexp <command>',
      'command that starts bnexp on a node, e.g. "npx bnexp" (default: this Node and this program)',
      oneLine,
    )
    .addHelpText(
      'after',
      `
Examples:
  bnexp submit slurm first.bnexp.json --shards 8 --cpus 4 --dry-run
  bnexp submit slurm first.bnexp.json --shards 8 --cpus 4 --time 2:00:00 --sbatch=--account=lab`,
    )
    .action(async (file: string, options: SlurmOptions) => {
      const { submitSlurm } = await import('../actions/submitSlurm');
      finish(await submitSlurm(file, options, context));
    });
  addOptions(submit.command('kubernetes'))
    .summary('print the manifest of an Indexed Job of Kubernetes')
    .description(
      'Prints a ConfigMap with the experiment, and an Indexed Job with one pod per part. The pods write into a volume that they share.',
    )
    .option('--out <dir>', 'run folder as the pods see it, below /runs, where the volume is')
    .option('--image <name>', 'image that contains bnexp (default: a placeholder)')
    .option('--claim <name>', 'PersistentVolumeClaim of the volume', 'bnexp-runs')
    .addHelpText(
      'after',
      `
Example:
  bnexp submit kubernetes first.bnexp.json --shards 8 --cpus 4 --image registry.example/bnexp > job.yaml
  kubectl apply --filename=job.yaml`,
    )
    .action(async (file: string, options: KubernetesOptions) => {
      const { submitKubernetes } = await import('../actions/submitKubernetes');
      finish(await submitKubernetes(file, options, context));
    });
}

function addOptions(command: Command): Command {
  return command
    .argument('<file>', 'an experiment file')
    .requiredOption('--shards <n>', 'number of parts', wholeNumber(mostShards))
    .option('--cpus <n>', 'processor cores of a part, which trains one run on each', wholeNumber(mostJobs), 1)
    .option('--arm <name>', 'train only this arm; can be repeated', collect, [])
    .option('--seeds <list>', "override the file's seeds, e.g. 1-20 or 1,5,9", seedsArgument)
    .option('--steps <n>', "override the file's number of steps", wholeNumber(1e9))
    .option('--disk-budget <mb>', 'megabytes of disk for the runs of a part', wholeNumber(1e9))
    .option('--no-weights', 'do not save the trained weights (weights.safetensors)');
}

/** A value that becomes a part of a line in a script. */
function oneLine(text: string): string {
  if (/\p{Cc}/u.test(text)) throw new InvalidArgumentError('Write it on one line.');
  return text;
}

function collectLines(value: string, values: string[]): string[] {
  return collect(oneLine(value), values);
}
