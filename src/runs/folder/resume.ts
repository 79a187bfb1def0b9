/**
 * Finds the runs of an experiment that its run folder already contains. Complete runs stay unchanged, and so do failed ones unless they
 * are to be retried; the others are trained again from the start, which produces the same bits as an uninterrupted run.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { atInWords } from '../../experiment/claims/looks';
import type { Plan, Run } from '../../experiment/plan';
import type { Experiment } from '../../experiment/schema';
import { asPlanned } from '../../experiment/steering';
import { count, quote } from '../../experiment/words';
import type { MadeChange } from '../../protocol';
import { formatCount } from '../../shared/numbers';
import { atOnce } from '../pieces';
import { measured, needFrames } from '../session/measured';
import { indexed, type RunIndex } from '../session/runIndex';
import { type CompleteRun, completeSessionRun } from '../session/sessionRun';
import { changedData, type DataNow } from './changedData';
import { difference } from './difference';
import { damageInWords, type InspectedRun, inspectingRun } from './inspectRun';
import { experimentName, isInside, RunFolderError } from './layout';
import { readIndex } from './readIndex';
import { framesOf } from './readRunFolder';
import { readRegularFile } from './regularFile';
import { savedExperiment, stateOf } from './runFiles';
import { readingLogFile } from './runLogFiles';
import { SavedExperiments } from './savedExperiments';
import { readSummaryFile } from './summaryFile';
import { trainerOf } from './trainingMark';
import { textOf } from './wholeFile';

/** The runs of a plan that are in the folder. */
export interface Resumed {
  /** Complete runs by id, and failed ones that are not retried; they are not trained again. */
  complete: ReadonlyMap<string, CompleteRun>;
  /** Runs whose folders are removed when they are trained again: the state of each folder (`stateOf`) by id. */
  again: ReadonlyMap<string, string>;
  /** Progress of the plan, one sentence each. */
  remarks: string[];
  /** Damaged and outdated runs, one sentence each. */
  warnings: string[];
  /** Paths of data files that have changed since runs were trained. */
  outdated: string[];
}

export const nothingResumed: Resumed = {
  complete: new Map(),
  again: new Map(),
  remarks: [],
  warnings: [],
  outdated: [],
};

/** A different process trains a run of the plan. */
export class BeingTrainedError extends RunFolderError {
  /**
   * @param own Folder of the run.
   * @param trainer Describes the process.
   */
  constructor(
    readonly own: string,
    readonly trainer: string,
  ) {
    super(
      l10n.t`${own} is being trained by ${trainer}: wait until it has finished, or choose another folder. If nothing trains there, remove that folder`,
    );
  }
}

/** Maximum number of sentences about damaged runs. */
const mostNamed = 10;
const largestExperiment = 50e6;

export interface ResumeOptions extends DataNow {
  /** Whether runs that failed are trained again. Otherwise they stay, and count as failed. */
  retryFailed?: boolean;
}

/** The same as `readingResumed`, without interruption. */
export function readResumed(...given: Parameters<typeof readingResumed>): Resumed {
  return atOnce(readingResumed(...given));
}

/**
 * Reads the runs of a plan in a folder, in slices and without changing it.
 * @throws RunFolderError if the folder belongs to a different experiment, or a different process trains one of the runs.
 */
export function* readingResumed(
  folder: string,
  plan: Plan,
  engine: string,
  { files, baseFolder = null, retryFailed = false }: ResumeOptions = {},
): Generator<void, Resumed> {
  const index = indexIn(folder);
  if (!index) return nothingResumed;
  refuseOtherLooks(folder, index, plan);
  const complete = new Map<string, CompleteRun>();
  const again = new Map<string, string>();
  const damaged: string[] = [];
  let unsure: Run | null = null;
  let isSure = false;
  let interrupted = 0;
  let failed = 0;
  const outdated = new Map<string, Outdated>();
  const withFrames = needFrames(plan.claims);
  const experiments = new SavedExperiments(folder);
  for (const run of plan.runs) {
    yield;
    const own = join(folder, run.id);
    const state = stateOf(own);
    if (state === null) continue;
    const found = yield* inspectingRun(folder, indexed(run), experiments, withFrames);
    const isSame = isOwn(folder, run, found);
    isSure ||= isSame === true;
    if (isSame === null && (!found.hasNoSummary || found.logFile !== null)) unsure ??= run;
    if (found.hasNoSummary) refuseTraining(own);
    const changed = found.summary && changedData(own, run, found.summary, { files, baseFolder });
    const hasFailed = found.summary?.status === 'failed';
    if (hasFailed) failed++;
    if ((isComplete(found) && !changed) || (hasFailed && !retryFailed)) {
      complete.set(run.id, completeRun(plan, run, found));
      continue;
    }
    again.set(run.id, state);
    if (hasFailed) continue;
    if (changed) {
      const { path, isCertain } = changed;
      const { runs } = outdated.get(path) ?? { runs: 0 };
      outdated.set(path, { runs: runs + 1, isCertain });
    } else if (found.hasNoSummary || found.damage.length === 0) interrupted++;
    else damaged.push(damageInWords(run.id, found.damage));
  }
  if (!isSure) refuseOther(folder, index, plan, unsure);
  refuseOtherVariants(folder, index, plan);
  if (complete.size > 0 && index.engine !== '' && index.engine !== engine) {
    throw new RunFolderError(
      l10n.t`${folder} was run by version ${index.engine} of the engine, and this is ${engine}, which may produce different bits: choose another folder`,
    );
  }
  const counts = { complete: complete.size - (retryFailed ? 0 : failed), all: plan.runs.length, interrupted };
  const isFound = complete.size + again.size > 0;
  return {
    complete,
    again,
    remarks: isFound ? remarksOf(counts) : [],
    warnings: [...failedInWords(failed, retryFailed), ...warningsOf(damaged, outdated)],
    outdated: [...outdated.keys()],
  };
}

/** Null if the folder contains no runs. */
function indexIn(folder: string): RunIndex | null {
  try {
    const index = readIndex(folder);
    return index.runs.length > 0 ? index : null;
  } catch (cause) {
    if (cause instanceof RunFolderError) return null;
    throw cause;
  }
}

function isComplete({ summary, damage }: InspectedRun): boolean {
  return (summary?.status === 'completed' || summary?.status === 'diverged') && damage.length === 0;
}

function completeRun(plan: Plan, run: Run, { summary, log }: InspectedRun): CompleteRun {
  if (!summary) throw new Error('a complete run has a summary');
  const { state } = completeSessionRun(run, summary);
  const frames = log ? framesOf(log) : null;
  return { summary, measured: measured(plan.claims, state, () => frames ?? { channels: [], frames: noFrames }) };
}

const noFrames = { steps: new Uint32Array(0), values: new Float32Array(0) };

/**
 * Whether a run's folder belongs to the same run of the same experiment; null if its files do not show that.
 * @throws RunFolderError if it belongs to a different one.
 */
function isOwn(folder: string, run: Run, found: InspectedRun): boolean | null {
  const own = join(folder, run.id);
  const wanted = savedExperiment(run.experiment, run.seed);
  const saved = experimentIn(own);
  if (saved !== null && isDeepStrictEqual(saved, plain(wanted))) return true;
  if (saved !== null && isDeepStrictEqual(plain(withoutManualChanges(saved, found)), plain(wanted))) return true;
  const written = readSummaryFile(own).integrity?.experiment ?? null;
  if (written === createHash('sha256').update(textOf(wanted)).digest('hex')) return true;
  if (saved !== null) throw other(folder, run.id, difference(saved, plain(wanted)));
  if (written !== null) throw other(folder, run.id, null);
  return null;
}

/** The experiment of a run as planned: experiment.json contains the manual changes of a run, too. */
function withoutManualChanges(saved: unknown, { summary, logFile }: InspectedRun): unknown {
  if (!(saved as Partial<Experiment> | null)?.training?.changes) return saved;
  return asPlanned(saved as Experiment, summary?.changes ?? changesIn(logFile));
}

function changesIn(logFile: string | null): readonly MadeChange[] {
  try {
    return logFile === null ? [] : atOnce(readingLogFile(logFile)).changes;
  } catch {
    return [];
  }
}

/** The value after JSON encoding, without undefined properties. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function experimentIn(own: string): unknown {
  try {
    return JSON.parse(readRegularFile(join(own, experimentName), largestExperiment).toString('utf8'));
  } catch {
    return null;
  }
}

function other(folder: string, id: string, what: string | null): RunFolderError {
  return new RunFolderError(
    what === null
      ? l10n.t`${folder} contains runs of a different experiment (${id} was trained with different settings): choose another folder, or remove it`
      : l10n.t`${folder} contains runs of a different experiment (${id} was trained with different settings: ${what}): choose another folder, or remove it`,
  );
}

/** Refuses a folder without a known run of the plan, unless its name matches the plan. */
function refuseOther(folder: string, { name, file, runs }: RunIndex, plan: Plan, unsure: Run | null): void {
  if (unsure) {
    throw new RunFolderError(
      l10n.t`${folder} already contains ${unsure.id}, without its settings: choose another folder, or remove it`,
    );
  }
  const isListed = new Set(runs.map(({ id }) => id));
  if (file === '' || name === plan.name || plan.runs.some(({ id }) => isListed.has(id))) return;
  throw new RunFolderError(
    l10n.t`${folder} contains runs of a different experiment (${quote(name)}, from ${file}): choose another folder, or remove it`,
  );
}

/** Refuses to change the design of a sequential test after its first run, and to make one of runs with a fixed number of seeds. */
function refuseOtherLooks(folder: string, { looks }: RunIndex, plan: Plan): void {
  if (isDeepStrictEqual(looks, plan.looks)) return;
  if (!looks) {
    throw new RunFolderError(
      l10n.t`${folder} contains runs with a fixed number of seeds, and the looks of a sequential test are fixed before its first run: choose another folder`,
    );
  }
  const bound = looks.at[looks.at.length - 1];
  throw new RunFolderError(
    l10n.t`${folder} contains a sequential test with looks at ${atInWords(looks.at)} seeds from seed ${looks.seeds[0]}, which are fixed since its first run: use --until-clear --seeds-at-most ${bound} to resume it, or choose another folder`,
  );
}

/** Refuses a folder in which other seeds of an arm at a point were trained with different settings. */
function refuseOtherVariants(folder: string, { runs }: RunIndex, plan: Plan): void {
  const key = ({ arm, point }: Pick<Run, 'arm' | 'point'>) => JSON.stringify([arm, point]);
  const ids = new Set(plan.runs.map(({ id }) => id));
  const others = new Map(
    runs.filter(({ id, fork }) => !fork && !ids.has(id) && isInside(id)).map((run) => [key(run), run]),
  );
  if (others.size === 0) return;
  for (const run of plan.runs) {
    const saved = others.get(key(run));
    if (!saved) continue;
    others.delete(key(run));
    const was = experimentIn(join(folder, saved.id));
    if (was === null) continue;
    const what = difference(was, plain(savedExperiment(run.experiment, saved.seed)));
    if (what !== null) throw other(folder, saved.id, what);
  }
}

/** Finished runs with a data file that has changed. */
interface Outdated {
  runs: number;
  isCertain: boolean;
}

function refuseTraining(own: string): void {
  const trainer = trainerOf(own);
  if (trainer !== null) throw new BeingTrainedError(own, trainer);
}

function remarksOf({ complete, all, interrupted }: { complete: number; all: number; interrupted: number }): string[] {
  const done =
    complete === 1
      ? l10n.t`1 of ${count(all, 'run')} is already complete`
      : l10n.t`${formatCount(complete)} of ${count(all, 'run')} are already complete`;
  if (interrupted === 0) return [done];
  const began =
    interrupted === 1
      ? l10n.t('1 run started but did not complete, and is trained again from the start')
      : l10n.t`${formatCount(interrupted)} runs started but did not complete, and are trained again from the start`;
  return [done, began];
}

function failedInWords(failed: number, isRetried: boolean): string[] {
  if (failed === 0) return [];
  if (failed === 1) {
    return [
      isRetried
        ? l10n.t('1 run failed earlier, and is trained again from the start')
        : l10n.t('1 run failed earlier, and stays as it is: use --retry failed to train it again'),
    ];
  }
  return [
    isRetried
      ? l10n.t`${formatCount(failed)} runs failed earlier, and are trained again from the start`
      : l10n.t`${formatCount(failed)} runs failed earlier, and stay as they are: use --retry failed to train them again`,
  ];
}

function warningsOf(damaged: readonly string[], outdated: ReadonlyMap<string, Outdated>): string[] {
  const warnings = [...outdated].map(([path, { runs, isCertain }]) =>
    isCertain
      ? l10n.t`${path} has changed since ${count(runs, 'run')} finished: trained again from the start`
      : l10n.t`${path} has a later date than ${count(runs, 'finished run')} and may have changed: trained again from the start`,
  );
  warnings.push(...damaged.slice(0, mostNamed).map((each) => l10n.t`${each}. It is trained again from the start`));
  const more = damaged.length - mostNamed;
  if (more > 0) warnings.push(l10n.t`${count(more, 'more damaged run')}: trained again from the start`);
  return warnings;
}
