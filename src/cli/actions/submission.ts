/** What submissions to all schedulers share: an experiment that was checked, and the arguments of `bnexp run` for its parts. */

import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { dataFiles } from '../../experiment/dataFiles';
import type { Plan } from '../../experiment/plan';
import { count } from '../../experiment/words';
import { type CheckedFile, checkFile } from '../checkFile';
import type { Context } from '../context';
import { UsageError } from '../exit';
import { ending } from '../files';
import { hasError, printDiagnostics, shownName } from '../printDiagnostics';
import { readText, stdinName, stem } from '../readFile';

export interface SubmissionOptions {
  shards: number;
  /** Parallel runs of a part. */
  cpus: number;
  out?: string;
  arm: string[];
  seeds?: number[];
  steps?: number;
  diskBudget?: number;
  weights: boolean;
}

export interface Submission extends CheckedFile {
  plan: Plan;
  /** Text of the experiment when it was submitted, because tasks may start hours later. */
  text: string;
  /** Name of the copy of the file, which contains a part of the hash of the text and of the number of steps. */
  copy: string;
  hash: string;
  /** Paths of the data files, relative to the base folder. */
  dataPaths: string[];
}

/** Null if the file has errors, which were printed. */
export async function submissionOf(
  file: string,
  options: SubmissionOptions,
  context: Context,
): Promise<Submission | null> {
  if (file === stdinName)
    throw new UsageError(
      l10n.t('standard input cannot be submitted: save it as a file, which tasks can read when they start'),
    );
  const { arm: arms, seeds, steps, shards } = options;
  const checked = await checkFile(file, { arms, seeds, steps }, context);
  printDiagnostics(checked.diagnostics, context.console);
  const { plan } = checked;
  const { text } = await readText(file, context);
  if (!plan || text === null || hasError(checked.diagnostics)) return null;
  if (shards > plan.runs.length)
    throw new UsageError(
      l10n.t`${shownName(file)} has ${count(plan.runs.length, 'run')}, so parts beyond that have nothing to do: give --shards ${plan.runs.length} or fewer`,
    );
  const hash = createHash('sha256')
    .update(JSON.stringify([text, steps ?? null]))
    .digest('hex')
    .slice(0, 8);
  const dataPaths = [...new Set(plan.samples.flatMap((run) => dataFiles(run.data).map(({ path }) => path)))];
  return { ...checked, plan, text, hash, copy: `${stem(file)}.${hash}${ending}`, dataPaths };
}

/** Arguments of `bnexp run`, without those that choose a part. */
export function runArguments(
  file: string,
  folder: string,
  dataFolder: string | null,
  { arm, seeds, steps, diskBudget, weights, cpus }: SubmissionOptions,
): string[] {
  return [
    ...['run', file, '--out', folder, '--jobs', String(cpus)],
    ...(dataFolder === null ? [] : ['--data-folder', dataFolder]),
    // One word each, because names may start with a dash.
    ...arm.map((name) => `--arm=${name}`),
    ...(seeds ? ['--seeds', seeds.join(',')] : []),
    ...(steps ? ['--steps', String(steps)] : []),
    ...(diskBudget ? ['--disk-budget', String(diskBudget)] : []),
    ...(weights ? [] : ['--no-weights']),
    ...['--yes', '--wait'],
  ];
}

/** The size of a submission for comments of its script or manifest, which are in English in all languages. */
export function sizeInEnglish({ plan }: Pick<Submission, 'plan'>, shards: number): string {
  const amount = (n: number, noun: string) => `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
  return `${amount(plan.runs.length, 'run')} in ${amount(shards, 'part')}`; // not translated: see above
}

/** A name for a scheduler: letters, digits and dashes. */
export function jobName(file: string): string {
  const own = stem(basename(resolve(file)))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  return own === '' ? 'bnexp' : `bnexp-${own}`;
}
