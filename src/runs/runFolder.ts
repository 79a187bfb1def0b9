/**
 * The folder that a started experiment is kept in:
 *
 *     .bnexp/runs/FILE/2026-01-31T12-00-00/    or the folder given by --out
 *       runs.json                               what ran: names, arms, seeds, sweep, claims, runs
 *       runs.jsonl                              of a plan of more than 10,000 runs: each one, when it begins
 *       ARM/seed-1/experiment.json              resolved: every default made
 *       ARM/seed-1/events.out.tfevents.….bnexp  run log
 *       ARM/seed-1/summary.json                 written when the run is over
 *
 * With a sweep, each point is a folder between arm and seed: ARM/learningRate=0.1, gain=1/seed-1.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { mostListedRuns, type Plan, type Run } from '../experiment/plan';
import { type Experiment, readClaims } from '../experiment/schema';
import { steerable } from '../experiment/steering';
import type { Axis, Fork, RunSummary, Steerable } from '../protocol';
import { readBegun, rebuiltIndex } from './rebuiltIndex';
import type { IndexedRun, RunIndex } from './runIndex';

export const indexName = 'runs.json';
export const begunName = 'runs.jsonl';
export const experimentName = 'experiment.json';
export const summaryName = 'summary.json';

/** A folder that cannot be written or read: which, and what to do. */
export class RunFolderError extends Error {
  override readonly name = 'RunFolderError';
}

/** Folder of all run folders beside an experiment's file. */
export function runsFolder(folderOfExperiment: string): string {
  return join(folderOfExperiment, '.bnexp', 'runs');
}

/**
 * Makes the folder for a started experiment.
 * @param experimentFile Its path; nothing is read from there.
 * @param out A folder to be taken instead of one beside the file. What it holds already is kept.
 * @returns Its absolute path.
 * @throws RunFolderError
 */
export function newRunFolder(experimentFile: string, out?: string, now = new Date()): string {
  if (out !== undefined) {
    const folder = resolve(out);
    making(folder, () => mkdirSync(folder, { recursive: true }));
    return folder;
  }
  const runs = runsFolder(dirname(resolve(experimentFile)));
  const parent = join(runs, basename(experimentFile).replace(/(\.bnexp)?\.jsonc?$/i, '') || 'experiment');
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  return making(parent, () => {
    mkdirSync(parent, { recursive: true });
    hideFromGit(dirname(runs));
    for (let number = 1; ; number++) {
      const folder = join(parent, number === 1 ? stamp : `${stamp}-${number}`);
      if (existsSync(folder)) continue;
      mkdirSync(folder);
      return folder;
    }
  });
}

/** Run folders are made again from the experiment; whoever wants them in git removes this file. */
function hideFromGit(folder: string): void {
  const file = join(folder, '.gitignore');
  if (!existsSync(file)) writeFileSync(file, '*\n');
}

function making<T>(folder: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new RunFolderError(`${folder} cannot be written (${(cause as Error).message}): choose another folder`);
  }
}

/**
 * Writes what is known before the first step. Runs of another part of the same plan may be there already (`--shard`);
 * runs of this one may not.
 * @throws RunFolderError
 */
export function writeIndex(folder: string, index: RunIndex): void {
  const taken = index.runs.find(({ id }) => existsSync(join(folder, id)));
  if (taken) {
    throw new RunFolderError(`${folder} already holds ${taken.id}: choose another folder, or remove it`);
  }
  making(folder, () => {
    const file = join(folder, indexName);
    const before = existsSync(file) ? readIndex(folder).runs : [];
    const isBefore = new Set(before.map(({ id }) => id));
    const runs = [...before, ...index.runs.filter(({ id }) => !isBefore.has(id))];
    writeWhole(file, { ...index, runs });
  });
}

export function indexOf(plan: Plan, file: string, engine: string): RunIndex {
  const { name, notes, arms, seeds, axes, claims } = plan;
  const planned = plan.runs.length;
  const runs = planned > mostListedRuns ? [] : plan.runs.map((run) => indexed(run));
  const own = file.slice(file.lastIndexOf('/') + 1);
  return { name, notes, file: own, engine, arms, seeds, axes: [...axes], claims, planned, runs };
}

function indexed(run: Run, fork?: Fork): IndexedRun {
  const { id, arm, seed, point } = run;
  const own = { id, arm, seed, point: { ...point } };
  return { ...own, steps: stepsOf(run), settings: settingsOf(run), ...(fork && { fork }) };
}

/** 0 where the values of the run's point do not fit each other: it fails when it is asked for. */
export function stepsOf(run: Run): number {
  try {
    return run.experiment.training.steps;
  } catch {
    return 0;
  }
}

/** Null where the values of the run's point do not fit each other. */
export function settingsOf(run: Run): Steerable | null {
  try {
    return steerable(run);
  } catch {
    return null;
  }
}

/** Of a plan that is too large to be listed before: a line for a run that begins. */
export function addToIndex(folder: string, run: Run): void {
  appendFileSync(join(folder, begunName), `${JSON.stringify(indexed(run))}\n`);
}

/** A run, and where it leaves another one. */
export interface ForkedRun {
  run: Run;
  fork: Fork;
}

/**
 * Adds forks to the folder of the runs that they leave.
 * @throws RunFolderError
 */
export function addForks(folder: string, forks: readonly ForkedRun[]): void {
  changeIndex(folder, ({ arms, runs }) => ({
    arms: [...new Set([...arms, ...forks.map(({ run }) => run.arm)])],
    runs: [...runs, ...forks.map(({ run, fork }) => indexed(run, fork))],
  }));
}

/** Arms and runs alone: whatever else stands there, of another version perhaps, stays as it is. @throws RunFolderError */
function changeIndex(
  folder: string,
  change: (index: Pick<RunIndex, 'arms' | 'runs'>) => Pick<RunIndex, 'arms' | 'runs'>,
): void {
  const file = join(folder, indexName);
  making(folder, () => {
    const index = JSON.parse(readFileSync(file, 'utf8'));
    const { arms, runs } = index;
    if (!isListOfTexts(arms) || !Array.isArray(runs)) throw new Error(`${indexName} does not say what ran`);
    writeWhole(file, { ...index, ...change({ arms, runs }) });
  });
}

/**
 * Takes a fork out of the folder again, and all that was kept of it: its files first, as an entry without them is read as
 * a run that never began.
 */
export function dropFork(folder: string, id: string): void {
  const own = join(folder, id);
  rmSync(own, { recursive: true, force: true });
  for (let above = dirname(own); above !== folder && readdirSync(above).length === 0; above = dirname(above)) {
    rmdirSync(above);
  }
  changeIndex(folder, ({ arms, runs }) => {
    const dropped = runs.find((run) => run.id === id && run.fork);
    const left = runs.filter((run) => run !== dropped);
    const isLeft = left.some(({ arm }) => arm === dropped?.arm);
    return { arms: isLeft ? arms : arms.filter((arm) => arm !== dropped?.arm), runs: left };
  });
}

/** Makes the folder of one run, with its resolved experiment: an experiment file that trains this run alone. */
export function beginRun(folder: string, run: Run): string {
  const { experiment, seed } = run;
  const own = join(folder, run.id);
  mkdirSync(own, { recursive: true });
  writeExperiment(folder, run.id, seed, experiment);
  return own;
}

/** Once more when something was changed by hand: what is kept trains the same bits as what ran. */
export function writeExperiment(folder: string, id: string, seed: number, experiment: Experiment): void {
  const file = join(folder, id, experimentName);
  writeWhole(file, { ...experiment, training: { ...experiment.training, seeds: [seed] } });
}

export function writeSummary(folder: string, run: Run, summary: RunSummary): void {
  mkdirSync(join(folder, run.id), { recursive: true });
  writeWhole(join(folder, run.id, summaryName), summary);
}

/** Whoever reads the file finds the old one or the new one, never a part. */
function writeWhole(file: string, value: unknown): void {
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(unfinished, file);
}

/** @throws RunFolderError when the folder holds no readable `runs.json`. */
export function readIndex(folder: string): RunIndex {
  const file = join(folder, indexName);
  let index: Partial<RunIndex> | null;
  try {
    index = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = isMissing
      ? `there is no ${indexName} in it`
      : `${indexName} cannot be read (${(cause as Error).message})`;
    const rebuilt = rebuiltIndex(folder, problem);
    if (rebuilt) return rebuilt;
    throw new RunFolderError(`${folder} is not a run folder: ${problem}`);
  }
  const { name, arms, seeds, runs } = index ?? {};
  if (typeof name !== 'string' || !isListOfTexts(arms) || !isListOfNumbers(seeds) || !runs?.every?.(isRun)) {
    throw new RunFolderError(`${file} does not say what ran: the folder was not written by this program`);
  }
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const [notes, experiment, engine] = [index?.notes, index?.file, index?.engine].map(text);
  const claims = readClaims(index?.claims);
  const remarks =
    claims === null ? [`${indexName} has claims that this version does not understand: they are not judged.`] : [];
  // Those of earlier versions know no sweep.
  const axes = (index?.axes ?? []).filter(isAxis);
  const all = [...runs, ...readBegun(join(folder, begunName))].filter(isRun);
  return {
    notes,
    file: experiment,
    engine,
    name,
    arms,
    seeds,
    axes,
    claims: claims ?? [],
    planned: index?.planned ?? all.length,
    runs: all.map((run) => ({ ...run, point: run.point ?? {}, steps: run.steps ?? 0 })),
    ...(remarks.length > 0 && { remarks }),
  };
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isListOfNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

function isAxis(axis: Partial<Axis> | null): boolean {
  return typeof axis?.pointer === 'string' && typeof axis.name === 'string' && Array.isArray(axis.values);
}

export function isRun(run: Partial<IndexedRun> | null): run is IndexedRun {
  const { id, arm, seed, steps = 0 } = run ?? {};
  const isPlain = typeof id === 'string' && !/(^|[\\/])\.\.([\\/]|$)/.test(id);
  return isPlain && typeof arm === 'string' && typeof seed === 'number' && typeof steps === 'number';
}

/** The newest run folder beside the experiments of a folder, or null. */
export function newestRunFolder(folderOfExperiments: string): string | null {
  let newest: { folder: string; time: number } | null = null;
  for (const parent of foldersIn(runsFolder(folderOfExperiments))) {
    for (const folder of foldersIn(parent)) {
      const time = modified(join(folder, indexName));
      if (time !== null && (!newest || time > newest.time)) newest = { folder, time };
    }
  }
  return newest?.folder ?? null;
}

/** Paths of the folders in one; none where it is not there, or not ours to read. */
export function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

function modified(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
