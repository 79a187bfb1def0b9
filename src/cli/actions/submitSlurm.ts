/** What `bnexp submit slurm` does. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { count } from '../../experiment/words';
import { hideFromGit, newRunFolder, RunFolderError, runsFolder, writing } from '../../runs/folder/layout';
import { visible } from '../../shared/text';
import { printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { stem } from '../readFile';
import { sbatchValue, shellWord } from '../shellWords';
import {
  jobName,
  runArguments,
  type Submission,
  type SubmissionOptions,
  sizeInEnglish,
  submissionOf,
} from './submission';

export interface SlurmOptions extends SubmissionOptions {
  dryRun?: boolean;
  time?: string;
  partition?: string;
  /** Further options of sbatch, as `--mem=8G`. */
  sbatch: string[];
  /** Shell words that start bnexp on the nodes; by default this Node and this program. */
  bnexp?: string;
}

export async function submitSlurm(file: string, options: SlurmOptions, context: Context): Promise<number> {
  const submission = await submissionOf(file, options, context);
  if (!submission) return exitCode.wrongInput;
  const { console, cwd, environment } = context;
  const runs = runsFolder(submission.baseFolder);
  const isOwn = options.out === undefined;
  const folder = isOwn ? join(runs, stem(file), `slurm-${submission.hash}`) : resolve(cwd, options.out ?? '');
  const script = join(folder, `slurm.${submission.hash}.sh`);
  const text = slurmScript(submission, folder, script, options, context);
  if (options.dryRun) {
    console.data(text.replace(/\n$/, ''));
    console.err(l10n.t('Nothing was written or submitted, because of --dry-run.'));
    return exitCode.done;
  }

  try {
    newRunFolder(file, folder);
    writing(folder, () => {
      if (isOwn) hideFromGit(join(runs, '..'));
      writeFileSync(join(folder, submission.copy), submission.text);
      writeFileSync(script, text);
    });
  } catch (cause) {
    if (cause instanceof RunFolderError) throw new UsageError(cause.message);
    throw cause;
  }
  const array = sbatch([arrayOption(options), script], environment);
  let finish: string;
  try {
    finish = sbatch([...finishOptions(array, folder), script], environment);
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new UsageError(
      l10n.t`${cause.message}. The array job ${array} was submitted and trains; its results are not joined. Submit the last part later: ${finishCommand(array, folder, script)}`,
    );
  }
  console.out(
    l10n.t`Submitted ${count(submission.plan.runs.length, 'run')} in ${count(options.shards, 'part')} as job ${array}, and job ${finish}, which trains what a lost part left and writes the verdict.`,
  );
  for (const line of [
    l10n.t`Run folder: ${folder}`,
    l10n.t`Progress:   squeue --jobs ${array},${finish}`,
    l10n.t`Cancel:     scancel ${array} ${finish}`,
  ])
    console.out(printable(line));
  return exitCode.done;
}

function arrayOption({ shards }: SlurmOptions): string {
  return `--array=0-${shards - 1}`;
}

/** Path of a log, where Slurm replaces `%j` and the like. @param id Pattern of the job's number. */
function logIn(folder: string, id: string): string {
  return `${folder.replaceAll('%', '%%')}/slurm-${id}.log`;
}

/** `afterany`: also after parts that failed, because the job trains what they left. */
function finishOptions(array: string, folder: string): string[] {
  return [`--dependency=afterany:${array}`, `--output=${logIn(folder, '%j')}`];
}

function finishCommand(array: string, folder: string, script: string): string {
  return ['sbatch', ...finishOptions(array, folder), script].map(shellWord).join(' ');
}

/** Calls sbatch and returns the id of the job. @throws UsageError */
function sbatch(args: readonly string[], environment: Context['environment']): string {
  const { error, status, stdout, stderr } = spawnSync('sbatch', ['--parsable', ...args], {
    env: { ...environment },
    encoding: 'utf8',
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw new UsageError(
      l10n.t('sbatch was not found: run this on a login node of a Slurm cluster, or print the script with --dry-run'),
    );
  const id = /^(\d+)(?:;\S+)?$/m.exec(stdout ?? '')?.[1];
  if (error || status !== 0 || id === undefined) {
    const said = error?.message ?? `${stderr}${stdout}`.trim();
    throw new UsageError(l10n.t`sbatch refused the job: ${visible(said)}`);
  }
  return id;
}

/**
 * One script for the tasks of the array and for the job after it. A task that is requeued, because its node was lost or its job was
 * preempted, resumes its part.
 */
export function slurmScript(
  { name, plan, copy, dataPaths, baseFolder }: Submission,
  folder: string,
  script: string,
  options: SlurmOptions,
  { dist }: Pick<Context, 'dist'>,
): string {
  // An #SBATCH line ends at a line break, whatever is quoted, and a backslash in a path turns off the number of the job in its name.
  if (/[\p{Cc}\\]/u.test(folder))
    throw new UsageError(
      l10n.t`${visible(folder)} contains a control character or a backslash, which Slurm refuses in names of logs: choose a different --out folder`,
    );
  const { shards, cpus, time, partition, sbatch: more } = options;
  const bnexp = options.bnexp ?? [process.execPath, join(dist, 'cli.js')].map(shellWord).join(' ');
  const run = runArguments(join(folder, copy), folder, dataPaths.length > 0 ? baseFolder : null, options).map(
    shellWord,
  );
  const settings = [
    `--job-name=${jobName(name)}`,
    `--chdir=${sbatchValue(folder)}`,
    `--output=${sbatchValue(logIn(folder, '%A_%a'))}`,
    '--open-mode=append',
    '--requeue',
    `--cpus-per-task=${cpus}`,
    ...(time === undefined ? [] : [`--time=${sbatchValue(time)}`]),
    ...(partition === undefined ? [] : [`--partition=${sbatchValue(partition)}`]),
    ...more,
  ];
  const verdict = `exec ${bnexp} verdict ${shellWord(folder)} --markdown ${shellWord(join(folder, 'verdict.md'))}`; // not translated: a command
  return [
    '#!/bin/bash',
    // not translated: the script is for a cluster, whose administrators may read another language
    `# ${visible(plan.name || name)}: ${sizeInEnglish({ plan }, shards)}. Written by bnexp submit slurm, which submits:`,
    '#',
    `#   ${visible(`sbatch ${arrayOption(options)} ${shellWord(script)}`)}`,
    `#   ${visible(finishCommand('ID_OF_THE_ARRAY', folder, script))}`,
    '#',
    ...settings.map((setting) => `#SBATCH ${setting}`),
    '',
    'if [ -n "$SLURM_ARRAY_TASK_ID" ]; then',
    // not translated: a command
    `  exec ${bnexp} ${run.join(' ')} --quiet --shard auto/${shards}`,
    'fi',
    '',
    // not translated: a comment of the script
    '# All parts have ended. Runs that a lost or failed part left are trained here, and named.',
    ...(plan.claims.length === 0 ? [`exec ${bnexp} ${run.join(' ')}`] : [`${bnexp} ${run.join(' ')} || exit`, verdict]),
    '',
  ].join('\n');
}
