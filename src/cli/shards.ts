/**
 * Parts of a plan for several machines. In a job array each task finds its own part in the environment, which the scheduler sets:
 *
 * - Slurm: https://slurm.schedmd.com/job_array.html#env_vars
 * - Kubernetes: https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
 * - AWS Batch: https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
 * - GitLab: https://docs.gitlab.com/ci/variables/predefined_variables/
 */
import * as l10n from '@vscode/l10n';
import { InvalidArgumentError } from 'commander';
import { lazyList } from '../experiment/lazyList';
import type { Plan } from '../experiment/plan';
import { UsageError } from './exit';

/** Part of a plan; `index` starts at 1. */
export interface Shard {
  index: number;
  count: number;
}

/** A part that the environment names. */
export interface AutomaticShard {
  automatic: true;
  /** Number of parts; null if the environment gives it too. */
  count: number | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Parses `I/N`, `auto/N` and `auto`. */
export function shardArgument(text: string): Shard | AutomaticShard {
  const [, which, of] = /^(auto|\d{1,6})(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  const count = of === undefined ? null : Number(of);
  if (which === 'auto' && count !== 0) return { automatic: true, count };
  const index = Number(which);
  if (count !== null && index > count && count > 0) {
    throw new InvalidArgumentError(
      l10n.t`There is no part ${index} of ${count}: the parts are 1/${count} to ${count}/${count}.`,
    );
  }
  if (count === null || !(index >= 1 && index <= count)) {
    throw new InvalidArgumentError(
      l10n.t(
        'Write it as I/N, e.g. 1/4 for the first of four parts, or as auto/N in a job array, where each task runs its own part.',
      ),
    );
  }
  return { index, count };
}

/**
 * The part that this process runs.
 * @throws UsageError if the environment does not name one.
 */
export function shardIn(environment: Environment, choice: Shard | AutomaticShard): Shard {
  if (!('automatic' in choice)) return choice;
  for (const scheduler of [slurm, kubernetes, awsBatch, gitLab]) {
    const task = scheduler(environment);
    if (task) return partOf(task, choice.count);
  }
  throw new UsageError(
    l10n.t(
      '--shard auto needs a job array of Slurm, Kubernetes, AWS Batch or GitLab, and none of their variables is set here: write --shard I/N',
    ),
  );
}

/** A task of a job array. */
interface Task {
  /** The variable that names it, with its value. */
  named: string;
  /** Starts at 0. */
  index: number;
  /** Number of tasks; null if the environment does not say, or cannot be trusted. */
  count: number | null;
  /** Why the number is not known, as a clause. */
  unknown: string;
  /** Whether indices count on without end, so that each `count` of them in a row are different parts. */
  wraps: boolean;
  /** First and last index of the job, if the environment gives them. */
  ends?: [first: number, last: number] | null;
}

function partOf({ named, index, count: known, unknown, wraps, ends }: Task, wanted: number | null): Shard {
  const count = wanted ?? known;
  if (count === null)
    throw new UsageError(l10n.t`${named}: ${unknown}. Write --shard auto/N, with the same N in all tasks`);
  if (!wraps && index >= count)
    throw new UsageError(
      l10n.t`${named} is beyond the ${count} parts of --shard auto/${count}: give it the number of tasks of the job`,
    );
  if (ends && ends[1] - ends[0] >= count)
    throw new UsageError(
      l10n.t`${named}: the tasks are numbered from ${ends[0]} to ${ends[1]}, so several of them would run the same of ${count} parts: number them without gaps, e.g. --array=0-${count - 1}`,
    );
  return { index: (index % count) + 1, count };
}

/** A whole number of the environment, or null. */
function numberIn(environment: Environment, name: string): number | null {
  const text = environment[name];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/**
 * Arrays start at any number, and may have steps and gaps. Numbers without gaps are parts by their remainder, so that arrays from 0 and
 * from 1 are both complete, and a task that is submitted again alone gets the same part.
 */
function slurm(environment: Environment): Task | null {
  const index = numberIn(environment, 'SLURM_ARRAY_TASK_ID');
  if (index === null) return null;
  const [count, least, most] = ['COUNT', 'MIN', 'MAX'].map((name) => numberIn(environment, `SLURM_ARRAY_TASK_${name}`));
  const isWhole = count !== null && least !== null && most !== null && count > 1 && most - least + 1 === count;
  return {
    named: `SLURM_ARRAY_TASK_ID=${index}`,
    index,
    count: isWhole ? count : null,
    unknown: l10n.t('the array has gaps or a single task, so the number of parts is not known'),
    wraps: true,
    ends: least !== null && most !== null ? [least, most] : null,
  };
}

function kubernetes(environment: Environment): Task | null {
  const index = numberIn(environment, 'JOB_COMPLETION_INDEX');
  if (index === null) return null;
  const unknown = l10n.t('Kubernetes does not tell a pod the number of completions');
  return { named: `JOB_COMPLETION_INDEX=${index}`, index, count: null, unknown, wraps: false };
}

function awsBatch(environment: Environment): Task | null {
  const index = numberIn(environment, 'AWS_BATCH_JOB_ARRAY_INDEX');
  if (index === null) return null;
  const count = numberIn(environment, 'AWS_BATCH_JOB_ARRAY_SIZE');
  const unknown = l10n.t('AWS_BATCH_JOB_ARRAY_SIZE is not set');
  return { named: `AWS_BATCH_JOB_ARRAY_INDEX=${index}`, index, count, unknown, wraps: false };
}

function gitLab(environment: Environment): Task | null {
  const number = numberIn(environment, 'CI_NODE_INDEX');
  if (!number) return null;
  const count = numberIn(environment, 'CI_NODE_TOTAL');
  const unknown = l10n.t('CI_NODE_TOTAL is not set');
  return { named: `CI_NODE_INDEX=${number}`, index: number - 1, count, unknown, wraps: false };
}

/**
 * One run of each `count` in a row, each time one place further: the arms of a plan follow each other, and one of them may take ten times
 * as long as another. The shards are disjoint, and together contain all runs.
 */
export function shardOf(plan: Plan, { index, count }: Shard): Plan {
  const place = (row: number) => (index - 1 + row) % count;
  const rows = Math.floor(plan.runs.length / count);
  const length = place(rows) < plan.runs.length % count ? rows + 1 : rows;
  return { ...plan, runs: lazyList(length, (row) => plan.runs[row * count + place(row)]) };
}
