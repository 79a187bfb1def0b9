/** `bnexp run`: trains every run of one or more experiments and prints the results. */
import * as l10n from '@vscode/l10n';
import { type Command, Option } from 'commander';
import { defaultBound } from '../../experiment/bound';
import { defaultBudget, mostJobs, mostWithoutQuestion } from '../../runs/session/limits';
import { registersChoices } from '../../runs/worker/wideRegisters';
import { formatCount } from '../../shared/numbers';
import type { RunOptions } from '../actions/run';
import { collect, seedsArgument, wholeNumber } from '../arguments';
import type { Context } from '../context';
import { shardArgument } from '../shards';

/** Same limit as of a list of seeds. */
const mostSeedsOfTest = 10_000;
/** Same limit as in the file. */
const mostSteps = 1e9;
/** Megabytes: a thousand terabytes. */
const mostBudget = 1e9;

export function addRun(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('run')
    .summary(l10n.t('train every run of an experiment and print the results'))
    .description(
      l10n.t(`Trains every arm at every point of the sweep with every seed, and prints the results. Progress goes to stderr, results to stdout. Each run saves
its resolved experiment, frames, trained weights and summary in a run folder: .bnexp/runs/… beside the file, or --out.`),
    )
    .argument('<files...>', l10n.t('experiment files, run one after another; - reads one from standard input'))
    .option(
      '--out <dir>',
      l10n.t('run folder; one that exists is resumed; with several files, it contains one folder per file'),
    )
    .option('--arm <name>', l10n.t('run only this arm; can be repeated'), collect, [])
    .option('--seeds <list>', l10n.t("override the file's seeds, e.g. 1-20 or 1,5,9"), seedsArgument)
    .option(
      '--until-clear',
      l10n.t(
        'add seeds until the verdict of every claim is clear or a bound is reached: a sequential test, with looks at 20, 40, 80 … seeds that are fixed before the first run. It uses seeds that the file does not have, or those of --seeds, and runs only arms of claims',
      ),
    )
    .option(
      '--seeds-at-most <n>',
      l10n.t`with --until-clear: the bound (default: ${defaultBound})`,
      wholeNumber(mostSeedsOfTest),
    )
    .option('--steps <n>', l10n.t("override the file's number of steps"), wholeNumber(mostSteps))
    .option('--jobs <n>', l10n.t('number of parallel runs (default: one per core)'), wholeNumber(mostJobs))
    .option(
      '--disk-budget <mb>',
      l10n.t`megabytes of disk for the runs of a file (default: ${defaultBudget}); where they need more, less is saved, which is printed`,
      wholeNumber(mostBudget),
    )
    .option('--no-weights', l10n.t('do not save the trained weights (weights.safetensors)'))
    .option(
      '--shard <i/n>',
      l10n.t(
        'run only the i-th of n parts of the plan, to distribute it over machines; auto/n: the part of this task of a job array',
      ),
      shardArgument,
    )
    .addOption(
      new Option(
        '--registers <width>',
        l10n.t(
          'registers to train with: wide (256 bits, Node 24 or newer on x64 with AVX2), narrow (128 bits), or auto; the results are the same',
        ),
      )
        .choices([...registersChoices])
        .default('auto'),
    )
    .addOption(new Option('--avx2', l10n.t('earlier name of --registers wide')).hideHelp())
    .addOption(
      new Option(
        '--retry <which>',
        l10n.t(
          'with the --out folder of an earlier run: train its failed runs again, which otherwise stay as they are',
        ),
      ).choices(['failed']),
    )
    .option(
      '--wait',
      l10n.t(
        'if a different process trains runs of this plan, wait until it has finished, or has written nothing for ten minutes',
      ),
    )
    .option(
      '--data-folder <dir>',
      l10n.t("folder that the paths of data files start from (default: the experiment's folder)"),
    )
    .option('--json', l10n.t('print results as JSON: one object per file, each on one line'))
    .option('--yes', l10n.t`start more than ${formatCount(mostWithoutQuestion)} runs without confirmation`)
    .option('--quiet', l10n.t('print no progress, only errors and warnings'))
    .addHelpText(
      'after',
      l10n.t(`
Exit code: 0 if all runs have finished (a diverged run is a result), 1 if a run failed, 2 if a file or an argument is
invalid, 130 if interrupted. Results up to an interrupt are saved. Run the same command again with
--out and the run folder to train the rest: complete runs are not trained twice, and failed ones only with --retry failed.

Examples:
  bnexp run first.bnexp.json
  bnexp run first.bnexp.json --arm BatchNorm --seeds 1-20 --steps 500
  bnexp run first.bnexp.json --json --quiet > results.json
  bnexp run first.bnexp.json --until-clear --seeds-at-most 160
  bnexp run first.bnexp.json --shard 1/4 --out shared/first
  bnexp run first.bnexp.json --shard auto/8 --out shared/first     (in sbatch --array=0-7)`),
    )
    .action(async (files: string[], options: RunOptions) => {
      context.warmWorker(options.registers);
      const { run } = await import('../actions/run');
      finish(await run(files, options, context));
    });
}
