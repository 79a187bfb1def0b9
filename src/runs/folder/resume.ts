/**
 * Finds the runs of an experiment that its run folder already contains. Complete runs stay unchanged; the others are trained
 * again from the start, which produces the same bits as an uninterrupted run.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { dataFiles } from '../../experiment/dataFiles';
import type { Plan, Run } from '../../experiment/plan';
import { count, quote } from '../../experiment/words';
import { atOnce } from '../pieces';
import { measured, needFrames } from '../session/measured';
import { indexed, type RunIndex } from '../session/runIndex';
import { type CompleteRun, completeSessionRun } from '../session/sessionRun';
import { difference } from './difference';
import { damageInWords, type InspectedRun, inspectingRun } from './inspectRun';
import { experimentName, isInside, RunFolderError, summaryName } from './layout';
import { readIndex } from './readIndex';
import { framesOf } from './readRunFolder';
import { readRegularFile } from './regularFile';
import { savedExperiment, stateOf } from './runFiles';
import { SavedExperiments } from './savedExperiments';
import { readSummaryFile } from './summaryFile';
import { trainerOf } from './trainingMark';
import { textOf } from './wholeFile';

/** The runs of a plan that are in the folder. */
export interface Resumed {
  /** Complete runs by id; they are not trained again. */
  complete: ReadonlyMap<string, CompleteRun>;
  /** Runs whose folders are removed when they are trained again: the state of each folder (`stateOf`) by id. */
  again: ReadonlyMap<string, string>;
  /** Progress of the plan, one sentence each. */
  remarks: string[];
  /** Damaged and outdated runs, one sentence each. */
  warnings: string[];
}

export const nothingResumed: Resumed = { complete: new Map(), again: new Map(), remarks: [], warnings: [] };

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
      `${own} is being trained by ${trainer}: wait until it has finished, or choose another folder. If nothing trains there, remove that folder`,
    );
  }
}

/** Maximum number of sentences about damaged runs. */
const mostNamed = 10;
const largestExperiment = 50e6;

/**
 * Reads the runs of a plan in a folder, without changing it.
 * @param baseFolder Folder that the paths of data files start from.
 * @throws RunFolderError if the folder belongs to a different experiment, or a different process trains one of the runs.
 */
export function readResumed(folder: string, plan: Plan, engine: string, baseFolder: string): Resumed {
  const index = indexIn(folder);
  if (!index) return nothingResumed;
  const complete = new Map<string, CompleteRun>();
  const again = new Map<string, string>();
  const damaged: string[] = [];
  let unsure: Run | null = null;
  let isSure = false;
  let interrupted = 0;
  const outdated = new Map<string, number>();
  const withFrames = needFrames(plan.claims);
  const experiments = new SavedExperiments(folder);
  for (const run of plan.runs) {
    const own = join(folder, run.id);
    const state = stateOf(own);
    if (state === null) continue;
    const isSame = isOwn(folder, run);
    isSure ||= isSame === true;
    const found = atOnce(inspectingRun(folder, indexed(run), experiments, withFrames));
    if (isSame === null && (!found.hasNoSummary || found.logFile !== null)) unsure ??= run;
    if (found.hasNoSummary) refuseTraining(own);
    const changed = found.summary && changedData(own, run, baseFolder);
    if (isComplete(found) && !changed) {
      complete.set(run.id, completeRun(plan, run, found));
      continue;
    }
    again.set(run.id, state);
    if (changed) outdated.set(changed, (outdated.get(changed) ?? 0) + 1);
    else if (found.hasNoSummary || found.damage.length === 0) interrupted++;
    else damaged.push(damageInWords(run.id, found.damage));
  }
  if (!isSure) refuseOther(folder, index, plan, unsure);
  refuseOtherVariants(folder, index, plan);
  if (complete.size > 0 && index.engine !== '' && index.engine !== engine) {
    throw new RunFolderError(
      `${folder} was run by version ${index.engine} of the engine, and this is ${engine}, which may produce different bits: choose another folder`,
    );
  }
  const counts = { complete: complete.size, all: plan.runs.length, interrupted };
  const isFound = complete.size + again.size > 0;
  return { complete, again, remarks: isFound ? remarksOf(counts) : [], warnings: warningsOf(damaged, outdated) };
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
function isOwn(folder: string, run: Run): boolean | null {
  const own = join(folder, run.id);
  const wanted = savedExperiment(run.experiment, run.seed);
  const saved = experimentIn(own);
  if (saved !== null && isDeepStrictEqual(saved, JSON.parse(JSON.stringify(wanted)))) return true;
  const written = readSummaryFile(own).integrity?.experiment ?? null;
  if (written === createHash('sha256').update(textOf(wanted)).digest('hex')) return true;
  if (saved !== null) throw other(folder, run.id, difference(saved, JSON.parse(JSON.stringify(wanted))));
  if (written !== null) throw other(folder, run.id, null);
  return null;
}

function experimentIn(own: string): unknown {
  try {
    return JSON.parse(readRegularFile(join(own, experimentName), largestExperiment).toString('utf8'));
  } catch {
    return null;
  }
}

function other(folder: string, id: string, what: string | null): RunFolderError {
  const detail = what === null ? '' : `: ${what}`;
  return new RunFolderError(
    `${folder} contains runs of a different experiment (${id} was trained with different settings${detail}): choose another folder, or remove it`,
  );
}

/** Refuses a folder without a known run of the plan, unless its name matches the plan. */
function refuseOther(folder: string, { name, file, runs }: RunIndex, plan: Plan, unsure: Run | null): void {
  if (unsure) {
    throw new RunFolderError(
      `${folder} already contains ${unsure.id}, without its settings: choose another folder, or remove it`,
    );
  }
  const isListed = new Set(runs.map(({ id }) => id));
  if (file === '' || name === plan.name || plan.runs.some(({ id }) => isListed.has(id))) return;
  throw new RunFolderError(
    `${folder} contains runs of a different experiment (${quote(name)}, from ${file}): choose another folder, or remove it`,
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
    const wanted = JSON.parse(JSON.stringify(savedExperiment(run.experiment, saved.seed)));
    const what = difference(was, wanted);
    if (what !== null) throw other(folder, saved.id, what);
  }
}

function refuseTraining(own: string): void {
  const trainer = trainerOf(own);
  if (trainer !== null) throw new BeingTrainedError(own, trainer);
}

/** Name of a data file whose modification date is after the end of a run; null if there is none. @param own Folder of the run. */
export function changedData(own: string, run: Run, baseFolder: string): string | null {
  const ended = statSync(join(own, summaryName), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = dataFiles(run.data).find(
    ({ path }) => (statSync(join(baseFolder, path), { throwIfNoEntry: false })?.mtimeMs ?? 0) > ended,
  );
  return changed?.path ?? null;
}

function remarksOf({ complete, all, interrupted }: { complete: number; all: number; interrupted: number }): string[] {
  const isOrAre = (number: number) => (number === 1 ? 'is' : 'are');
  const done = `${complete.toLocaleString('en-US')} of ${count(all, 'run')} ${isOrAre(complete)} already complete`;
  if (interrupted === 0) return [done];
  const began = `${count(interrupted, 'run')} started but did not complete, and ${isOrAre(interrupted)} trained again from the start`;
  return [done, began];
}

function warningsOf(damaged: readonly string[], outdated: ReadonlyMap<string, number>): string[] {
  const warnings = [...outdated].map(
    ([path, runs]) =>
      `${path} has a later date than ${count(runs, 'finished run')} and may have changed: trained again from the start`,
  );
  warnings.push(...damaged.slice(0, mostNamed).map((each) => `${each}. It is trained again from the start`));
  const more = damaged.length - mostNamed;
  if (more > 0) warnings.push(`${count(more, 'more damaged run')}: trained again from the start`);
  return warnings;
}
