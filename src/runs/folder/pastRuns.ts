/** Runs of a run folder as something that can be trained again: what each was, from its own experiment.json. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { dataFiles, pathProblem } from '../../experiment/dataFiles';
import { mostListedRuns, type Plan, type Run } from '../../experiment/plan';
import { readExperiment } from '../../experiment/read';
import { runSpecification } from '../../experiment/runSpecification';
import type { Experiment } from '../../experiment/schema';
import { asPlanned } from '../../experiment/steering';
import { experimentName } from './layout';
import type { PastExperiment, PastRun } from './readRunFolder';
import { logNamesIn } from './runLogFiles';
import type { SavedExperiments } from './savedExperiments';
import { unreadable } from './systemErrors';

/** A past run that cannot be trained again: which file is in the way, and what to do; a clause. */
export class PastRunError extends Error {
  override readonly name = 'PastRunError';
}

/**
 * As it was planned; what was changed by hand stands in its state. Its experiment is read when it is asked for.
 * What it throws then is a PastRunError.
 */
export function pastRun({ experiments }: PastExperiment, { indexed, state }: PastRun): Run {
  const { id, arm, seed, point } = indexed;
  return lazyRun({ id, arm, seed, point }, () => asPlanned(readSaved(experiments, id, seed), state.changes));
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
    const problem = code === 'ENOENT' ? 'is not in its run folder' : unreadable(cause);
    throw new PastRunError(`${name} ${problem}: put it back there, or run the experiment again`);
  }
  const { plan, diagnostics } = readExperiment(text, { memory: Number.POSITIVE_INFINITY });
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (problem || !plan) {
    const what = problem ? `line ${problem.line}: ${problem.message}` : 'it holds no run';
    throw new PastRunError(
      `${name} is not one that this version can train (${what}): mend it there, or run the experiment again`,
    );
  }
  const [run] = plan.runs;
  if (plan.runs.length !== 1 || run.seed !== seed) {
    throw new PastRunError(`${name} is that of another run: put its own back there, or run the experiment again`);
  }
  return run.experiment;
}

/** What a past experiment's runs may ask of the machine that they are on now. */
export interface Surroundings {
  /** Folder that paths of data files start from; null where it is not known. */
  baseFolder: string | null;
  /** Whether files may be read at all: not in a workspace that is not trusted. */
  mayReadFiles: boolean;
}

/** Of more runs than these, one of each arm has to do. */
const mostLookedInto = 200;

/** Finds what keeps runs from being forked, as far as it can be known beforehand, and says so in their states. */
export function* findingObstacles(past: PastExperiment, around: Surroundings): Generator<void> {
  const seen = new Set<string>();
  for (const run of past.runs) {
    const isFirst = !seen.has(run.indexed.arm);
    seen.add(run.indexed.arm);
    const obstacle = obstacleOf(past, run, around, isFirst || past.runs.length <= mostLookedInto);
    if (obstacle !== null) run.state.unforkable = obstacle;
    yield;
  }
}

function obstacleOf(past: PastExperiment, run: PastRun, around: Surroundings, readIt: boolean): string | null {
  const own = join(past.folder, run.indexed.id);
  if (!existsSync(own)) return 'it has never begun: run the experiment again';
  if (logNamesIn(own).length === 0) {
    return `the run log in ${run.indexed.id} is gone, and with it what a fork would be compared with: put it back there, or run the experiment again`;
  }
  if (!readIt) return null;
  try {
    return dataObstacle(pastRun(past, run), around);
  } catch (cause) {
    return (cause as Error).message;
  }
}

/** Why the data files of a run cannot be had; null where they can. */
export function dataObstacle(run: Run, { baseFolder, mayReadFiles }: Surroundings): string | null {
  for (const { path } of dataFiles(run.data)) {
    const problem = pathProblem(path);
    if (problem) return `${path} ${problem}`;
    if (!mayReadFiles)
      return `it reads ${path}, and a workspace that is not trusted may not read other files: trust it`;
    if (baseFolder === null) {
      return `it reads ${path}, and where that is cannot be told, as the run folder stands neither in .bnexp/runs nor beside its experiment: move it there`;
    }
    if (!existsSync(join(baseFolder, path)))
      return `its data file ${path} is not in ${baseFolder} any more: put it back`;
  }
  return null;
}

/** The experiment as it was planned, to be run once more: without forks, and without what was changed by hand. */
export interface SavedPlan {
  plan: Plan;
  /** Ids of the runs that it lacks, as nothing of what they trained is left. */
  left: string[];
}

/** @throws PastRunError where nothing of it can be run again. */
export function* readingSavedPlan(past: PastExperiment): Generator<void, SavedPlan> {
  const { index } = past;
  const name = `“${index.name}” cannot be run again as it is kept`;
  if (index.planned > mostListedRuns) throw new PastRunError(`${name}: of so many runs only its file tells`);
  const planned = past.runs.filter(({ indexed }) => !indexed.fork);
  const variants = new Map<string, Variant>();
  for (const run of planned) {
    const key = variantOf(run);
    // All but the seed is the same for the runs of an arm at a point: one of them tells of all, whichever is left.
    if (!variants.get(key)?.experiment) variants.set(key, tried(past, run));
    yield;
  }
  const ofRun = (run: PastRun) => variants.get(variantOf(run)) as Variant;
  const runs = planned.flatMap((run): Run[] => {
    const { experiment } = ofRun(run);
    return experiment ? [trainedAs(experiment, run)] : [];
  });
  if (runs.length === 0)
    throw new PastRunError(`${name}: ${planned[0] ? ofRun(planned[0]).problem : 'it lists no run'}`);
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
  };
  return { plan, left: planned.filter((run) => !ofRun(run).experiment).map(({ indexed }) => indexed.id) };
}

/** What an arm trains at a point, or why that is not known any more. */
interface Variant {
  experiment: Experiment | null;
  problem: string;
}

function variantOf({ indexed: { arm, point } }: PastRun): string {
  return JSON.stringify([arm, point]);
}

function tried(past: PastExperiment, run: PastRun): Variant {
  try {
    return { experiment: pastRun(past, run).experiment, problem: '' };
  } catch (cause) {
    return { experiment: null, problem: (cause as Error).message };
  }
}

function trainedAs(experiment: Experiment, { indexed: { id, arm, seed, point } }: PastRun): Run {
  return lazyRun({ id, arm, seed, point }, () => ({
    ...experiment,
    training: { ...experiment.training, seeds: [seed] },
  }));
}

/** Whether two plans train the same, watch the same and ask the same. */
export function isSamePlan(a: Plan, b: Plan): boolean {
  const heading = ({ arms, seeds, axes, claims, runs }: Plan) =>
    plain({ arms, seeds, axes, claims, runs: runs.length });
  if (!isDeepStrictEqual(heading(a), heading(b))) return false;
  const others = new Map(b.samples.map((run) => [run.id, run]));
  // What the axes leave alone is the same at all points.
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
  return plain({ data, network, training: rest, watch });
}

/** As a file has it: what is undefined is not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
