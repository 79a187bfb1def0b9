/** `bnexp run`: trains every run of one or more experiments and prints what came of them. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { DataError } from '../../engine/data/dataset';
import type { Verdict } from '../../experiment/claims/verdict';
import type { DataSummary } from '../../experiment/dataSummary';
import type { Plan } from '../../experiment/plan';
import { count, quote } from '../../experiment/words';
import type { KernelsUsed, RunSummary } from '../../protocol';
import { loadPlanData } from '../../runs/data';
import { newRunFolder, RunFolderError } from '../../runs/folder/layout';
import { nothingResumed, readResumed } from '../../runs/folder/resume';
import { systemClock } from '../../runs/session/clock';
import { estimateSeconds, mostUnasked, sizeInWords } from '../../runs/session/estimate';
import { needFrames } from '../../runs/session/measured';
import { type RegistersChoice, registersChoices } from '../../runs/worker/registers';
import { pointInWords } from '../../shared/sweep/grid';
import { collect, type Shard, seedsArgument, shardArgument, shardOf, wholeNumber } from '../arguments';
import { jsonText, printable } from '../console';
import type { Context } from '../context';
import { dataLines, divergenceHints } from '../dataText';
import { hasError, printDiagnostics, shownName } from '../diagnostics';
import { exitCode, UsageError } from '../exit';
import { type CheckedFile, checkFile } from '../experimentFile';
import { showProgress } from '../progress';
import { stdinName, stem } from '../readFile';
import { defaultJobs } from '../resources';
import { resultsText } from '../results';
import { verdictJson, verdictsText } from '../verdictText';
import { version } from '../version';

interface RunOptions {
  out?: string;
  arm: string[];
  seeds?: number[];
  steps?: number;
  jobs?: number;
  shard?: Shard;
  registers: RegistersChoice;
  avx2?: boolean;
  json?: boolean;
  quiet?: boolean;
  yes?: boolean;
}

/** As in the file. */
const mostSteps = 1e9;
const mostJobs = 256;

export function addRun(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('run')
    .summary('train every run of an experiment and print the results')
    .description(
      'Trains every arm at every point of the sweep with every seed, and prints the results. Progress goes to stderr, results to stdout. Each run keeps\n' +
        'its resolved experiment, its frames and its summary in a run folder: .bnexp/runs/… beside the file, or --out.',
    )
    .argument('<files...>', 'experiment files, run one after another; - reads one from standard input')
    .option('--out <dir>', 'run folder, also one to go on with; with several files, a folder in it for each')
    .option('--arm <name>', 'run only this arm; may be given more than once', collect, [])
    .option('--seeds <list>', "in place of the file's own: 1-20, or 1,5,9", seedsArgument)
    .option('--steps <n>', "in place of the file's own", wholeNumber(mostSteps))
    .option('--jobs <n>', 'runs to train side by side (default: one on each core)', wholeNumber(mostJobs))
    .option('--shard <i/n>', 'run only the i-th of n parts of the plan, to share it among machines', shardArgument)
    .addOption(
      new Option(
        '--registers <width>',
        'registers to train with: wide (256 bits, Node 24 or newer on x64 with AVX2), narrow (128 bits), or auto; the results are the same',
      )
        .choices([...registersChoices])
        .default('auto'),
    )
    .addOption(new Option('--avx2', 'earlier name of --registers wide').hideHelp())
    .option('--json', 'print results as JSON: one object for each file, in a line of its own')
    .option('--yes', `begin more than ${mostUnasked.toLocaleString('en-US')} runs without being asked`)
    .option('--quiet', 'no progress; errors and warnings are still told')
    .addHelpText(
      'after',
      `
Exit code: 0 when all runs have ended (a run that diverges is a result), 1 when a run failed, 2 when a file or an
argument is wrong, 130 when interrupted. What was done until then is kept: the same command with --out and the run folder
trains the rest, and nothing twice that is complete.

Examples:
  bnexp run first.bnexp.json
  bnexp run first.bnexp.json --arm BatchNorm --seeds 1-20 --steps 500
  bnexp run first.bnexp.json --json --quiet > results.json
  bnexp run first.bnexp.json --shard 1/4 --out shared/first`,
    )
    .action(async (files: string[], options: RunOptions) => finish(await run(files, options, context)));
}

async function run(files: string[], options: RunOptions, context: Context): Promise<number> {
  refuseCollisions(files, options);
  if (options.avx2) options.registers = 'wide';
  if (options.registers === 'wide' && !context.hasWideRegisters) {
    throw new UsageError(
      '--registers wide needs Node 24 or newer on an x64 processor: leave it out, or use another Node',
    );
  }
  // All files are checked before the first one trains: a slip in the last one is not to be found out an hour later.
  const experiments: (CheckedFile & { plan: Plan })[] = [];
  for (const file of files) {
    const checked = await checkFile(file, { arms: options.arm, seeds: options.seeds, steps: options.steps }, context);
    printDiagnostics(checked.diagnostics, context.console);
    if (checked.plan && !hasError(checked.diagnostics)) experiments.push({ ...checked, plan: checked.plan });
  }
  if (experiments.length < files.length) return exitCode.wrongInput;

  const begun: typeof experiments = [];
  for (const experiment of experiments) {
    const plan = options.shard ? shardOf(experiment.plan, options.shard) : experiment.plan;
    begun.push({ ...experiment, plan });
    if (!(await mayBegin({ ...experiment, plan }, options, context))) return exitCode.wrongInput;
  }

  let failed = false;
  /** Remarks that the person has read already. */
  const remarks = new Set<string>();
  for (const experiment of begun) {
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
    throw new UsageError('standard input (-) can be read once only');
  }
  const stems = files.map(stem);
  const twice = stems.find((name, k) => stems.indexOf(name) < k);
  if (out !== undefined && twice !== undefined) {
    throw new UsageError(
      `two of the files are called ${quote(twice)} and would share a folder in ${quote(out)}: run them one by one`,
    );
  }
}

/** Whether a large plan is to be begun: how long it takes is measured, and whoever is there is asked. */
async function mayBegin(
  { name, plan, baseFolder }: CheckedFile & { plan: Plan },
  options: RunOptions,
  context: Context,
): Promise<boolean> {
  if (plan.runs.length <= mostUnasked || options.yes) return true;
  const { console, confirm } = context;
  const jobs = options.jobs ?? defaultJobs(plan);
  console.err(`${shownName(name)}: ${count(plan.runs.length, 'run')}; trying some to see how long they take …`);
  const files = await loadPlanData(plan, baseFolder);
  const seconds = await estimateSeconds(plan, jobs, systemClock, ({ record: _, ...trial }) =>
    context.makeSession({ ...trial, folder: null, registers: options.registers, file: shownName(name), files }),
  );
  const size = `${shownName(name)}: ${sizeInWords(plan, jobs, seconds)}`;
  if (confirm) return confirm(`${size}. Begin?`);
  throw new UsageError(
    `${size}. Say --yes to begin them, or take a part of them: --shard 1/100, --arm, --seeds, --steps`,
  );
}

interface Trained {
  summaries: RunSummary[];
  /** Whether all was saved that was to be. */
  isSaved: boolean;
}

/** Trains one experiment's runs and prints their results, those that were cut short included. */
async function train(
  experiment: CheckedFile & { plan: Plan },
  several: boolean,
  options: RunOptions,
  context: Context,
  remarks: Set<string>,
): Promise<Trained> {
  const { name, plan, baseFolder } = experiment;
  const { console, interrupts } = context;
  const { quiet = false } = options;
  if (!options.json) console.out(console.outColours.bold(printable(plan.name || shownName(name))));
  if (plan.runs.length === 0) {
    // So a plan may be cut into more parts than it has runs, as a build matrix of a fixed size does.
    console.err(`${shownName(name)}: this shard holds no run`);
    printResults(plan, [], [], null, null, options, context);
    return { summaries: [], isSaved: true };
  }
  if (!quiet) for (const line of dataLines(experiment.data)) console.err(line);
  const files = await loadPlanData(plan, baseFolder);
  const folder = makeRunFolder(name, several, options, context);
  const resumed = folder === null ? nothingResumed : readResumed(folder, plan, version, baseFolder);
  const jobs = options.jobs ?? defaultJobs(plan);
  const left = plan.runs.length - resumed.complete.size;
  for (const warning of resumed.warnings) {
    console.err(`${console.errColours.yellow('warning:')} ${printable(warning)}`);
  }
  if (!quiet) for (const remark of resumed.remarks) console.err(remark);
  if (!quiet && left > 0) console.err(`${count(left, 'run')}, ${jobs} at a time`);

  const progress = showProgress(console, quiet, resumed.complete.keys());
  const session = context.makeSession({
    plan,
    file: shownName(name),
    folder,
    resumed,
    registers: options.registers,
    files,
    jobs,
    keepFrames: needFrames(plan.claims),
  });
  let told: Verdict[] = [];
  let kernels: KernelsUsed | null = null;
  let storage: string | null = null;
  const stopFollowing = session.onMessage((message) => {
    if (message.type !== 'status') return;
    told = message.verdicts ?? told;
    kernels = message.kernels ?? kernels;
    storage = message.storage ?? storage;
    progress.update(message);
    if (message.remark && !remarks.has(message.remark)) progress.note(message.remark);
    if (message.remark) remarks.add(message.remark);
  });
  const stopListening = interrupts.onInterrupt(() => {
    progress.note('Stopping: what has been done is kept. Once more, and bnexp exits at once.');
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
  printResults(plan, summaries, told, kernels, folder, options, context, experiment.data);
  if (storage !== null) console.err(`${console.errColours.red('error:')} ${printable(storage)}`);
  return { summaries, isSaved: storage === null };
}

function printResults(
  plan: Plan,
  summaries: RunSummary[],
  told: Verdict[],
  kernels: KernelsUsed | null,
  folder: string | null,
  { json, quiet }: RunOptions,
  { console, cwd }: Context,
  data: readonly DataSummary[] = [],
): void {
  const { outColours: colours, errColours } = console;
  // JSON knows neither NaN nor infinity, and has null for them.
  if (json) {
    const [verdict] = told;
    // One claim has one verdict; the others, of a list, stand beside it.
    const said = verdict
      ? { verdict: verdictJson(verdict), ...(told.length > 1 && { verdicts: told.map(verdictJson) }) }
      : {};
    console.out(jsonText({ experiment: plan.name, engine: version, kernels, runs: summaries, ...said }));
  } else if (summaries.length > 0) {
    console.out(`\n${resultsText(summaries, plan.axes, colours)}\n`);
    if (told.length > 0) console.out(`${verdictsText(told, colours)}\n`);
    for (const hint of divergenceHints(summaries, data)) console.out(`${hint}\n`);
  }

  for (const { arm, seed, point, error } of summaries.filter(({ status }) => status === 'failed')) {
    const where = [quote(arm), pointInWords(point, plan.axes), `seed ${seed}`].filter((part) => part).join(', ');
    console.err(`${errColours.red('error:')} ${where}, failed: ${error ?? 'for an unknown reason'}`);
  }
  // It may have been removed meanwhile, which is said.
  if (folder === null || !existsSync(folder)) return;
  const kept = `Kept in ${shortest(folder, cwd)}`;
  if (!json) console.out(printable(kept));
  else if (!quiet) console.err(kept);
}

/** Path of the run folder, which exists from now on; null when none is to be kept. */
function makeRunFolder(name: string, several: boolean, { out }: RunOptions, { cwd }: Context): string | null {
  if (name === stdinName && out === undefined) return null;
  const own = name === stdinName ? 'stdin' : stem(name);
  const chosen = out === undefined ? undefined : resolve(cwd, several ? join(out, own) : out);
  return newRunFolder(resolve(cwd, name), chosen);
}

/** What the machine, not the program, is to blame for: the message says what to do. */
function asUsage(error: unknown, name: string): unknown {
  if (error instanceof RunFolderError) return new UsageError(`${error.message} (--out names one)`);
  // The file was sound when it was checked, and has changed since.
  if (error instanceof DataError) return new UsageError(`${shownName(name)}: ${error.message}`);
  return error;
}

/** From here where that is no detour. */
function shortest(path: string, cwd: string): string {
  const fromHere = relative(cwd, path);
  return fromHere === '' || fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}
