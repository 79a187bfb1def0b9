/** Makes runs of a run folder trainable again, from the experiment.json of each run. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { Looks } from '../../experiment/claims/looks';
import { filesRead, pathProblem } from '../../experiment/dataFiles';
import { mostListedRuns, type Plan, type Run } from '../../experiment/plan';
import { readExperiment } from '../../experiment/read';
import { runSpecification } from '../../experiment/runSpecification';
import type { Experiment } from '../../experiment/schema';
import { asPlanned } from '../../experiment/steering';
import { formatCount } from '../../shared/numbers';
import type { IndexedRun } from '../session/runIndex';
import { experimentName } from './layout';
import type { LoadedExperiment, LoadedRun } from './readRunFolder';
import { logNamesIn } from './runLogFiles';
import type { SavedExperiments } from './savedExperiments';
import { unreadable } from './systemErrors';

/** A past run cannot be trained again. The message, a clause, names the file and a remedy. */
export class LoadedRunError extends Error {
  override readonly name = 'LoadedRunError';
}

/**
 * The run as it was planned; its state contains the manual changes. Its experiment is read on first access, which may throw
 * a LoadedRunError.
 */
export function runOf({ experiments }: LoadedExperiment, { indexed, state }: LoadedRun): Run {
  const { id, arm, seed, point } = indexed;
  return lazyRun({ id, arm, seed, point }, () => asPlanned(readSaved(experiments, id, seed), state.changes));
}

/** The run as it was trained, with its manual changes; its experiment is read like that of `runOf`. */
export function trainedRun(experiments: SavedExperiments, { id, arm, seed, point }: IndexedRun): Run {
  return lazyRun({ id, arm, seed, point }, () => readSaved(experiments, id, seed));
}

function lazyRun(own: Pick<Run, 'id' | 'arm' | 'seed' | 'point'>, read: () => Experiment): Run {
  let known: Experiment | null = null;
  const experiment = () => {
    known ??= read();
    return known;
  };
  return {
    ...own,
    get experiment() {
      return experiment();
    },
    get data() {
      return experiment().data;
    },
    get specification() {
      return runSpecification(experiment(), own.seed);
    },
  };
}

function readSaved(experiments: SavedExperiments, id: string, seed: number): Experiment {
  const name = `${id}/${experimentName}`;
  let text: string;
  try {
    text = experiments.read(id).toString('utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? l10n.t('is not in its run folder') : unreadable(cause);
    throw new LoadedRunError(l10n.t`${name} ${problem}: restore it, or run the experiment again`);
  }
  const { plan, diagnostics } = readExperiment(text, { memory: Number.POSITIVE_INFINITY });
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (problem || !plan) {
    const what = problem ? l10n.t`line ${problem.line}: ${problem.message}` : l10n.t('it contains no run');
    throw new LoadedRunError(
      l10n.t`${name} cannot be trained by this version (${what}): correct it, or run the experiment again`,
    );
  }
  const [run] = plan.runs;
  if (plan.runs.length !== 1 || run.seed !== seed) {
    throw new LoadedRunError(l10n.t`${name} belongs to a different run: restore its own, or run the experiment again`);
  }
  return run.experiment;
}

/** What past runs may use of this machine. */
export interface Surroundings {
  /** Folder that paths of data files start from; null if unknown. */
  baseFolder: string | null;
  /** Whether files may be read; false in a workspace that is not trusted. */
  mayReadFiles: boolean;
}

/** Up to this many runs are all checked; of more runs, one of each arm. */
const mostChecked = 200;

/** Finds why runs cannot be forked, as far as that is known beforehand, and sets it in their states. */
export function* findingObstacles(loaded: LoadedExperiment, around: Surroundings): Generator<void> {
  const seen = new Set<string>();
  for (const run of loaded.runs) {
    const isFirst = !seen.has(run.indexed.arm);
    seen.add(run.indexed.arm);
    const obstacle = obstacleOf(loaded, run, around, isFirst || loaded.runs.length <= mostChecked);
    if (obstacle !== null) run.state.unforkable = obstacle;
    yield;
  }
}

function obstacleOf(loaded: LoadedExperiment, run: LoadedRun, around: Surroundings, readIt: boolean): string | null {
  const own = join(loaded.folder, run.indexed.id);
  if (!existsSync(own)) return l10n.t('it has never started: run the experiment again');
  if (logNamesIn(own).length === 0) {
    return l10n.t`the run log in ${run.indexed.id} is missing, and a fork cannot be checked without it: restore it, or run the experiment again`;
  }
  if (!readIt) return null;
  try {
    return dataObstacle(runOf(loaded, run), around);
  } catch (cause) {
    return (cause as Error).message;
  }
}

/** Why the data files of a run are not available; null if they are. */
function dataObstacle(run: Run, { baseFolder, mayReadFiles }: Surroundings): string | null {
  for (const { path, isFolder, installed, places } of filesRead(run.experiment)) {
    const problem = pathProblem(path, isFolder);
    if (problem) return `${path} ${problem}`;
    if (!mayReadFiles)
      return l10n.t`it reads ${path}, and a workspace that is not trusted may not read other files: trust it`;
    if (baseFolder === null && installed === undefined) {
      return l10n.t`it reads ${path}, and the folder of the experiment is unknown, because the run folder is neither in .bnexp/runs nor beside its experiment: move it there`;
    }
    const from = baseFolder ?? '/';
    if (places.some((place) => existsSync(resolve(from, place)))) continue;
    return isFolder
      ? l10n.t`its folder ${path} is no longer in ${from}: restore it`
      : l10n.t`its file ${path} is no longer in ${from}: restore it`;
  }
  return null;
}

/** The experiment as it was planned, without forks and manual changes. */
export interface SavedPlan {
  plan: Plan;
  /** Ids of runs that are missing in it, because their files are gone. */
  left: string[];
}

/** @throws LoadedRunError if none of its runs can be trained again. */
export function* readingSavedPlan(loaded: LoadedExperiment): Generator<void, SavedPlan> {
  const { index } = loaded;
  const name = l10n.t`“${index.name}” cannot be run again as saved`;
  if (index.planned > mostListedRuns)
    throw new LoadedRunError(
      l10n.t`${name}: the folder of a plan of more than ${formatCount(mostListedRuns)} runs does not contain the plan`,
    );
  const planned = loaded.runs.filter(({ indexed }) => !indexed.fork);
  const variants = new Map<string, Variant>();
  for (const run of planned) {
    const key = variantOf(run);
    // The runs of an arm at a point differ only in the seed: any saved experiment of them is enough.
    if (!variants.get(key)?.experiment) variants.set(key, tried(loaded, run));
    yield;
  }
  const ofRun = (run: LoadedRun) => variants.get(variantOf(run)) as Variant;
  const started = planned.flatMap((run): Run[] => {
    const { experiment } = ofRun(run);
    return experiment ? [trainedAs(experiment, run.indexed)] : [];
  });
  const { looks } = index;
  const runs = looks ? runsOfTest(looks, started) : started;
  if (runs.length === 0)
    throw new LoadedRunError(`${name}: ${planned[0] ? ofRun(planned[0]).problem : l10n.t('it lists no run')}`);
  const isThere = (arm: string) => runs.some((run) => run.arm === arm);
  const { notes, seeds, axes, claims } = index;
  const plan: Plan = {
    name: index.name,
    notes,
    arms: index.arms.filter(isThere),
    seeds: seeds.filter((seed) => runs.some((run) => run.seed === seed)),
    axes,
    pointCount: axes.reduce((product, { values }) => product * values.length, 1),
    claims: claims.filter(({ better, than }) => isThere(better) && isThere(than)),
    runs,
    samples: runs.filter(({ seed }) => seed === runs[0].seed),
    ...(looks && { looks }),
  };
  return { plan, left: planned.filter((run) => !ofRun(run).experiment).map(({ indexed }) => indexed.id) };
}

/** The experiment of an arm at a point, or why it is not known. */
interface Variant {
  experiment: Experiment | null;
  problem: string;
}

function variantOf({ indexed: { arm, point } }: LoadedRun): string {
  return JSON.stringify([arm, point]);
}

function tried(loaded: LoadedExperiment, run: LoadedRun): Variant {
  try {
    return { experiment: runOf(loaded, run).experiment, problem: '' };
  } catch (cause) {
    return { experiment: null, problem: (cause as Error).message };
  }
}

/** All runs of a sequential test up to its bound, also those of looks that have not started: they differ from those of its first seed only in the seed. */
function runsOfTest({ seeds }: Looks, started: readonly Run[]): Run[] {
  const known = new Map(started.map((run) => [run.id, run]));
  const first = started.filter(({ seed }) => seed === seeds[0]);
  return seeds.flatMap((seed) =>
    first.map((run) => {
      const id = run.id.replace(/seed-\d+$/, `seed-${seed}`);
      return known.get(id) ?? trainedAs(run.experiment, { ...run, id, seed });
    }),
  );
}

function trainedAs(experiment: Experiment, { id, arm, seed, point }: Pick<Run, 'id' | 'arm' | 'seed' | 'point'>): Run {
  return lazyRun({ id, arm, seed, point }, () => ({
    ...experiment,
    training: { ...experiment.training, seeds: [seed] },
  }));
}

/** Whether two plans have identical runs, watched values and claims. */
export function isSamePlan(a: Plan, b: Plan): boolean {
  const heading = ({ arms, seeds, axes, claims, runs }: Plan) =>
    plain({ arms, seeds, axes, claims, runs: runs.length });
  return isDeepStrictEqual(heading(a), heading(b)) && hasSameRuns(a, b);
}

/**
 * The plan whose unfinished runs can be trained: that of the experiment's file if it is still the plan of the folder, because the folder
 * has no settings of an arm and point none of whose runs has started; else the saved one.
 * @param saved Its saved plan, or why there is none.
 * @param now The plan of its file with the seeds of the folder; null if there is none.
 */
export function planToResume(
  { index }: LoadedExperiment,
  saved: SavedPlan | string,
  now: Plan | null,
): SavedPlan | null {
  const listed = index.runs.filter(({ fork }) => !fork);
  const { looks } = index;
  const isPart = typeof saved === 'string' ? index.planned > mostListedRuns || looks : saved.left.length > 0;
  if (now && isPart && (looks || now.runs.length === index.planned)) {
    const { axes, claims } = index;
    const seeds = looks?.seeds ?? index.seeds;
    const ids = new Set(now.runs.map(({ id }) => id));
    const isSame =
      isDeepStrictEqual(plain([now.seeds, now.axes, now.claims]), plain([seeds, axes, claims])) &&
      listed.every(({ id }) => ids.has(id)) &&
      (typeof saved === 'string' || hasSameRuns(saved.plan, now));
    if (isSame) return { plan: now, left: [] };
  }
  // Without all arms, a sequential test would judge something different.
  return typeof saved === 'string' || (looks && saved.left.length > 0) ? null : saved;
}

/** Whether the runs of `a` have the same settings in `b`. */
function hasSameRuns(a: Plan, b: Plan): boolean {
  const others = new Map(b.samples.map((run) => [run.id, run]));
  // Settings that no axis changes are the same at all points.
  const ends = a.arms.flatMap((arm) => {
    const samples = a.samples.filter((run) => run.arm === arm);
    return [...samples.slice(0, 1), ...samples.slice(-1)];
  });
  return ends.every((run) => {
    const other = others.get(run.id);
    return other !== undefined && isDeepStrictEqual(trained(run), trained(other));
  });
}

function trained({ experiment }: Run): unknown {
  const { data, network, training, watch } = experiment;
  const { seeds: _, ...rest } = training;
  return plain({ data, network: withoutHashes(network), training: rest, watch });
}

/** The network without the hashes that saved runs have of their initial weights. */
function withoutHashes(network: Experiment['network']): unknown {
  return JSON.parse(JSON.stringify(network, (key, value) => (key === 'sha256' ? undefined : value)));
}

/** The value after JSON encoding, without undefined properties. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
