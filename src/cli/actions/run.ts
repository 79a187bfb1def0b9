/** What `bnexp run` does. */

import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { DataError } from '../../engine/data/dataset';
import { defaultBound } from '../../experiment/bound';
import { atInWords } from '../../experiment/claims/looks';
import type { Verdict } from '../../experiment/claims/verdict';
import { type DataSummary, divergenceHints } from '../../experiment/dataSummary';
import type { Plan } from '../../experiment/plan';
import type { WantedTest } from '../../experiment/sequential';
import { bytesInWords, count, quote } from '../../experiment/words';
import type { KernelsUsed, RunSummary, Status } from '../../protocol';
import { folderBytes, freeBytes } from '../../runs/folder/diskSpace';
import { newRunFolder, RunFolderError } from '../../runs/folder/layout';
import { isInside } from '../../runs/folder/paths';
import { BeingTrainedError, nothingResumed, type Resumed, readResumed } from '../../runs/folder/resume';
import { trainerOf } from '../../runs/folder/trainingMark';
import { loadPlanData } from '../../runs/loadData';
import { defaultJobs } from '../../runs/resources';
import { systemClock } from '../../runs/session/clock';
import { diskInWords, diskUse, type Saving } from '../../runs/session/diskUse';
import { estimateSeconds, sizeInWords } from '../../runs/session/estimate';
import { defaultBudget, mostWithoutQuestion } from '../../runs/session/limits';
import { needFrames } from '../../runs/session/measured';
import { identified } from '../../runs/session/planFiles';
import type { RegistersChoice } from '../../runs/worker/wideRegisters';
import { outcomeInWords } from '../../shared/outcomeWords';
import { pointInWords } from '../../shared/sweep/grid';
import { type CheckedFile, checkFile } from '../checkFile';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { dataLines } from '../dataText';
import { exitCode, UsageError } from '../exit';
import { hasError, printDiagnostics, shownName } from '../printDiagnostics';
import { showProgress } from '../progressDisplay';
import { stdinName, stem } from '../readFile';
import { resultsText } from '../resultsText';
import { type AutomaticShard, type Shard, shardIn, shardOf } from '../shards';
import { verdictJson, verdictsText } from '../verdictText';
import { version } from '../version';

/** Milliseconds between two looks at a run that a different process trains. */
const waitingInterval = 1000;

export interface RunOptions {
  out?: string;
  arm: string[];
  seeds?: number[];
  untilClear?: boolean;
  seedsAtMost?: number;
  steps?: number;
  jobs?: number;
  diskBudget?: number;
  weights: boolean;
  retry?: 'failed';
  shard?: Shard | AutomaticShard;
  registers: RegistersChoice;
  avx2?: boolean;
  json?: boolean;
  quiet?: boolean;
  yes?: boolean;
  wait?: boolean;
  dataFolder?: string;
}

export async function run(files: string[], options: RunOptions, context: Context): Promise<number> {
  refuseCollisions(files, options);
  const test = testOf(options);
  if (options.avx2) options.registers = 'wide';
  if (options.registers === 'wide' && !context.hasWideRegisters) {
    throw new UsageError(
      l10n.t('--registers wide needs Node 24 or newer on an x64 processor: omit it, or use a newer Node'),
    );
  }
  const shard = options.shard && shardIn(context.environment, options.shard);
  if (shard && !options.quiet && 'automatic' in (options.shard ?? {}))
    context.console.err(l10n.t`This task runs part ${shard.index} of ${shard.count}.`);
  // Check all files before training the first one, so that an error in the last one is not found an hour later.
  const experiments: (CheckedFile & { plan: Plan })[] = [];
  for (const file of files) {
    const { arm: arms, seeds, steps, dataFolder } = options;
    const checked = await checkFile(file, { arms, seeds, steps, dataFolder, ...(test && { test }) }, context);
    printDiagnostics(checked.diagnostics, context.console);
    if (checked.plan && !hasError(checked.diagnostics)) experiments.push({ ...checked, plan: checked.plan });
  }
  if (experiments.length < files.length) return exitCode.wrongInput;

  const ready: typeof experiments = [];
  for (const experiment of experiments) {
    const plan = shard ? shardOf(experiment.plan, shard) : experiment.plan;
    ready.push({ ...experiment, plan });
    const begins = await mayBegin({ ...experiment, plan }, options, context).catch((error) => {
      throw asUsage(error, experiment.name);
    });
    if (!begins) return exitCode.wrongInput;
  }

  let failed = false;
  /** Remarks that were already printed. */
  const remarks = new Set<string>();
  for (const experiment of ready) {
    const { summaries, isSaved } = await train(experiment, files.length > 1, options, context, remarks).catch(
      (error) => {
        throw asUsage(error, experiment.name);
      },
    );
    failed ||= !isSaved || summaries.some(({ status }) => status === 'failed');
    if (context.interrupts.exitCode !== null) return context.interrupts.exitCode;
  }
  return failed ? exitCode.failed : exitCode.done;
}

function refuseCollisions(files: readonly string[], { out }: RunOptions): void {
  if (files.filter((file) => file === stdinName).length > 1) {
    throw new UsageError(l10n.t('standard input (-) can be read only once'));
  }
  const stems = files.map(stem);
  const twice = stems.find((name, k) => stems.indexOf(name) < k);
  if (out !== undefined && twice !== undefined) {
    throw new UsageError(
      l10n.t`two of the files have the name ${quote(twice)} and would share a folder in ${quote(out)}: run them separately`,
    );
  }
}

/** The sequential test that the options ask for; undefined for a fixed number of seeds. */
function testOf({ untilClear, seedsAtMost, seeds, shard }: RunOptions): WantedTest | undefined {
  if (!untilClear) {
    if (seedsAtMost !== undefined)
      throw new UsageError(l10n.t('--seeds-at-most is the bound of --until-clear: give both'));
    return undefined;
  }
  if (shard) {
    throw new UsageError(
      l10n.t(
        '--until-clear decides after each look whether to train more seeds, which parts on several machines cannot: omit --shard, or run a fixed number of --seeds',
      ),
    );
  }
  if (seeds && seedsAtMost !== undefined) {
    throw new UsageError(l10n.t('with --until-clear, --seeds lists all seeds up to the bound: omit --seeds-at-most'));
  }
  return { bound: seedsAtMost ?? defaultBound };
}

/** Whether to start a plan. For a large plan, estimates its duration and asks for confirmation. */
async function mayBegin(
  { name, plan, baseFolder, shapes }: CheckedFile & { plan: Plan },
  options: RunOptions,
  context: Context,
): Promise<boolean> {
  if (plan.runs.length <= mostWithoutQuestion || options.yes) return true;
  const { console, confirm } = context;
  const jobs = options.jobs ?? defaultJobs(plan, shapes);
  console.err(l10n.t`${shownName(name)}: ${count(plan.runs.length, 'run')}; estimating their duration …`);
  const files = await loadPlanData(plan, baseFolder);
  const seconds = await estimateSeconds(plan, jobs, systemClock, ({ record: _, ...trial }) =>
    context.makeSession({ ...trial, folder: null, registers: options.registers, file: shownName(name), files }),
  );
  const disk = diskInWords(diskUse(plan, savingOf(options)));
  const size = l10n.t`${shownName(name)}: ${sizeInWords(plan, jobs, seconds)}, and ${disk}`;
  if (confirm) return confirm(l10n.t`${size}. Start?`);
  throw new UsageError(
    l10n.t`${size}. Use --yes to start them, or run fewer with --shard 1/100, --arm, --seeds or --steps`,
  );
}

interface Trained {
  summaries: RunSummary[];
  /** Whether everything that should be saved was saved. */
  isSaved: boolean;
}

/** Trains one experiment's runs and prints their results, including those of interrupted runs. */
async function train(
  experiment: CheckedFile & { plan: Plan },
  several: boolean,
  options: RunOptions,
  context: Context,
  remarks: Set<string>,
): Promise<Trained> {
  const { name, plan: planned, baseFolder } = experiment;
  const { console, interrupts } = context;
  const { quiet = false } = options;
  if (!options.json) console.out(console.outColours.bold(printable(planned.name || shownName(name))));
  if (planned.runs.length === 0) {
    // A plan may have more shards than runs, e.g. with a build matrix of a fixed size.
    console.err(l10n.t`${shownName(name)}: this shard contains no runs`);
    printResults(planned, [], [], null, null, options, context);
    return { summaries: [], isSaved: true };
  }
  if (!quiet) for (const line of dataLines(experiment.data)) console.err(line);
  const files = await loadPlanData(planned, baseFolder);
  const plan = identified(planned, files);
  const folder = makeRunFolder(name, several, options, context);
  const resumed =
    folder === null
      ? nothingResumed
      : await resuming(
          () => readResumed(folder, plan, version, { files, baseFolder, retryFailed: options.retry === 'failed' }),
          options.wait ?? false,
          context,
        );
  if (interrupts.exitCode !== null) return { summaries: [], isSaved: true };
  const jobs = options.jobs ?? defaultJobs(plan, experiment.shapes);
  const left = plan.runs.length - resumed.complete.size;
  for (const warning of resumed.warnings) {
    console.err(`${console.errColours.yellow('warning:')} ${printable(warning)}`);
  }
  if (!quiet) for (const remark of resumed.remarks) console.err(remark);
  if (plan.looks && !quiet) {
    const { at, seeds } = plan.looks;
    console.err(
      l10n.t`A sequential test on seeds from ${seeds[0]}: it looks at the verdict at ${atInWords(at)} seeds, and ends when it is clear`,
    );
  }
  const what = plan.looks
    ? l10n.t`at most ${count(left, 'run')}, ${jobs} at a time`
    : l10n.t`${count(left, 'run')}, ${jobs} at a time`;
  if (left > 0) sayBeginning(plan, what, folder, options, context);

  const progress = showProgress(console, quiet, resumed.complete.keys());
  const session = await context.makeSession({
    plan,
    file: shownName(name),
    folder,
    resumed,
    registers: options.registers,
    saving: savingOf(options),
    files,
    jobs,
    storeFrames: needFrames(plan.claims),
  });
  let latest: Verdict[] = [];
  let kernels: KernelsUsed | null = null;
  let storage: string | null = null;
  const stopFollowing = session.onMessage((message) => {
    if (message.type !== 'status') return;
    sayLook(plan, latest, message, (words) => progress.note(words));
    latest = message.verdicts ?? latest;
    kernels = message.kernels ?? kernels;
    storage = message.storage ?? storage;
    progress.update(message);
    if (message.remark && !remarks.has(message.remark)) progress.note(message.remark);
    if (message.remark) remarks.add(message.remark);
  });
  const stopListening = interrupts.onInterrupt(() => {
    progress.note(l10n.t('Stopping; the results so far are saved. Press Ctrl+C again to exit immediately.'));
    void session.stop();
  });
  let summaries: RunSummary[];
  try {
    session.start();
    summaries = await session.ended;
  } finally {
    stopListening();
    stopFollowing();
    progress.end();
  }
  printResults(plan, summaries, latest, kernels, folder, options, context, experiment.data);
  if (storage !== null) console.err(`${console.errColours.red('error:')} ${printable(storage)}`);
  return { summaries, isSaved: storage === null };
}

/** Prints that a look of a sequential test has left a claim undecided. */
function sayLook(
  { looks }: Plan,
  before: readonly Verdict[],
  { verdicts = [], state }: Status,
  say: (words: string) => void,
): void {
  const [look, known] = [verdicts[0]?.look?.look ?? 0, before[0]?.look?.look ?? 0];
  if (!looks || look <= known || state !== 'running') return;
  const outcomes = verdicts.map(outcomeInWords).join(', ');
  say(
    l10n.t`Look ${look} of ${looks.at.length}, at ${looks.at[look - 1]} seeds: ${outcomes}. Continuing to ${looks.at[look]} seeds.`,
  );
}

/** Reads what the folder contains of a plan. @param waits Whether to wait for other processes that train runs of it. */
async function resuming(read: () => Resumed, waits: boolean, { console, interrupts }: Context): Promise<Resumed> {
  for (;;) {
    try {
      return read();
    } catch (cause) {
      if (!waits || !(cause instanceof BeingTrainedError)) throw cause;
      console.err(
        l10n.t`${cause.own} is being trained by ${cause.trainer}: waiting until it has finished, or has written nothing for ten minutes`,
      );
      const stopped = new AbortController();
      const stopListening = interrupts.onInterrupt(() => stopped.abort());
      while (trainerOf(cause.own) !== null && !stopped.signal.aborted)
        await delay(waitingInterval, null, { signal: stopped.signal }).catch(() => {});
      stopListening();
      if (stopped.signal.aborted) return nothingResumed;
    }
  }
}

function savingOf({ diskBudget, weights }: RunOptions): Saving {
  return { budget: diskBudget, weights };
}

/** Prints what starts, how much disk it needs, what is left out to keep to the budget, and a warning if there is less. */
function sayBeginning(
  plan: Plan,
  what: string,
  folder: string | null,
  options: RunOptions,
  { console }: Context,
): void {
  const { diskBudget, quiet = false } = options;
  const use = diskUse(plan, savingOf(options));
  const budget = diskBudget ?? defaultBudget;
  const left =
    use.leftOut.length > 0 ? `, ${l10n.t`within the budget of ${budget} MB: ${use.leftOut.join('; ')}`}` : '';
  if (!quiet) console.err(folder === null ? what : `${what}; ${diskInWords(use)}${left}`);
  const free = folder === null ? null : freeBytes(folder);
  if (free === null || free >= use.bytes) return;
  const warning = l10n.t`only ${bytesInWords(free)} are free there: free some space, choose another folder, or give a --disk-budget`;
  console.err(`${console.errColours.yellow('warning:')} ${warning}`);
}

function printResults(
  plan: Plan,
  summaries: RunSummary[],
  latest: Verdict[],
  kernels: KernelsUsed | null,
  folder: string | null,
  { json, quiet }: RunOptions,
  { console, cwd }: Context,
  data: readonly DataSummary[] = [],
): void {
  const { outColours: colours, errColours } = console;
  // JSON has no NaN or infinity and uses null for them.
  if (json) {
    const [verdict] = latest;
    // `verdict` is that of the first claim. A list of claims adds `verdicts`.
    const said = verdict
      ? { verdict: verdictJson(verdict), ...(latest.length > 1 && { verdicts: latest.map(verdictJson) }) }
      : {};
    const disk = folder === null || !existsSync(folder) ? {} : { diskBytes: folderBytes(folder) };
    console.out(jsonText({ experiment: plan.name, engine: version, kernels, runs: summaries, ...said, ...disk }));
  } else if (summaries.length > 0) {
    console.out(`\n${resultsText(summaries, plan.axes, colours)}\n`);
    if (latest.length > 0) console.out(`${verdictsText(latest, colours)}\n`);
    const diverged = new Set(summaries.filter(({ divergedAt }) => divergedAt).map(({ arm }) => arm));
    for (const hint of divergenceHints(diverged, data)) console.out(`${printable(hint)}\n`);
  }

  for (const { arm, seed, point, error } of summaries.filter(({ status }) => status === 'failed')) {
    const where = [quote(arm), pointInWords(point, plan.axes), l10n.t`seed ${seed}`].filter((part) => part).join(', ');
    const reason = error ?? l10n.t('for an unknown reason');
    console.err(`${errColours.red('error:')} ${l10n.t`${where}, failed: ${reason}`}`);
  }
  // The folder may have been removed meanwhile, which is reported elsewhere.
  if (folder === null || !existsSync(folder)) return;
  const saved = l10n.t`Saved to ${shortest(folder, cwd)} (${bytesInWords(folderBytes(folder))})`;
  if (!json) console.out(printable(saved));
  else if (!quiet) console.err(saved);
}

/** Creates the run folder and returns its path; null if nothing is saved. */
function makeRunFolder(name: string, several: boolean, { out }: RunOptions, { cwd }: Context): string | null {
  if (name === stdinName && out === undefined) return null;
  const own = name === stdinName ? 'stdin' : stem(name);
  const chosen = out === undefined ? undefined : resolve(cwd, several ? join(out, own) : out);
  return newRunFolder(resolve(cwd, name), chosen);
}

/** Converts errors of the environment to usage errors, whose message states the remedy. */
function asUsage(error: unknown, name: string): unknown {
  if (error instanceof RunFolderError) return new UsageError(l10n.t`${error.message} (use --out to choose a folder)`);
  // The file was valid when it was checked and has changed since.
  if (error instanceof DataError) return new UsageError(`${shownName(name)}: ${error.message}`);
  return error;
}

/** Path relative to the current folder, if it is inside it. */
function shortest(path: string, cwd: string): string {
  return isInside(cwd, path) ? relative(cwd, path) : path;
}
