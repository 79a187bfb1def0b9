/** Reads a saved experiment from its folder, in the form that the panel needs. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { binEdges } from '../../engine/bins';
import { none } from '../../experiment/claims/reading';
import { verdicts } from '../../experiment/claims/verdict';
import { readExperiment } from '../../experiment/read';
import { conditionsOf, type TriedArm } from '../../experiment/report/conditions';
import { count } from '../../experiment/words';
import type {
  Channel,
  FrameBlock,
  HistogramBlock,
  HistogramPlace,
  Hydrate,
  RunState,
  RunStatus,
  StoredFrames,
} from '../../protocol';
import type { RunLog } from '../log/readRunLog';
import { atOnce } from '../pieces';
import { mostStoredBytes } from '../session/frameMemory';
import { endedRuns, type Measured, measured, needFrames } from '../session/measured';
import { joinPredictions } from '../session/predictionHistory';
import { claimInBrief, type IndexedRun, type RunIndex, unknownVersion } from '../session/runIndex';
import { damageInWords, type InspectedRun, inspectingRun } from './inspectRun';
import { readIndex } from './readIndex';
import { choosingLog, readingLogFile } from './runLogFiles';
import { SavedExperiments } from './savedExperiments';

const noFrames: FrameBlock = { steps: new Uint32Array(0), values: new Float32Array(0) };
const noHistograms: HistogramBlock = { steps: new Uint32Array(0), shares: new Uint16Array(0) };
const nothing: StoredFrames = {
  channels: [],
  frames: noFrames,
  places: [],
  histograms: noHistograms,
  scene: null,
  predictions: joinPredictions([]),
};

export interface ReadFolderOptions {
  /** The index of the folder, if it has already been read. */
  index?: RunIndex;
  /** Whether frames are returned; otherwise they are read only if the claims need them. */
  frames?: boolean;
  /** This program's own version; a folder of a different version gets a remark. */
  engine?: string;
  /** Maximum bytes of frames in memory; those of further runs are read on demand. */
  most?: number;
  /** Receives the share of the runs that have been read, 0 to 1. */
  progress?: (share: number) => void;
}

/**
 * Reads a run folder. Damaged parts are left out and reported in their runs.
 * @throws RunFolderError if the folder is not a run folder.
 */
export function readRunFolder(folder: string, options: ReadFolderOptions = {}): Hydrate {
  return atOnce(readingRunFolder(folder, options));
}

/** The same in slices: a log can have a million frames. Only as many as a chart can show are stored. */
export function* readingRunFolder(folder: string, options: ReadFolderOptions = {}): Generator<void, Hydrate> {
  return hydrationOf(yield* loadingExperiment(folder, options), options.engine);
}

/** A run of a folder, with everything that could be read. */
export interface LoadedRun {
  indexed: IndexedRun;
  state: RunState;
  stored: StoredFrames;
  measured: Measured;
  /** Damage of its files, as clauses. */
  damage: string[];
  /** Whether its summary says that it failed. */
  hasFailed: boolean;
}

/** An experiment that was read back. */
export interface LoadedExperiment {
  folder: string;
  index: RunIndex;
  /** What each run's experiment.json contains. */
  experiments: SavedExperiments;
  runs: LoadedRun[];
}

/** @throws RunFolderError if the folder is not a run folder. */
export function* loadingExperiment(folder: string, options: ReadFolderOptions = {}): Generator<void, LoadedExperiment> {
  const { frames: wanted = true, most = mostStoredBytes, index = readIndex(folder), progress } = options;
  const experiments = new SavedExperiments(folder);
  const isNeeded = needFrames(index.claims);
  const runs: LoadedRun[] = [];
  let bytes = 0;
  for (const indexed of index.runs) {
    const hasRoom = wanted && bytes < most;
    const { state, stored, damage, isLogWhole, hasFailed } = yield* readingRun(
      folder,
      indexed,
      experiments,
      isNeeded || hasRoom,
    );
    const known = measured(index.claims, state, () => stored);
    // An incomplete history may have a different best value and different steps to a value.
    if (!isLogWhole)
      known.readings = known.readings.map((reading, k) =>
        // not translated: a reason by its name
        needFrames([index.claims[k]]) ? none('not measured') : reading,
      );
    if (hasRoom) bytes += stored.frames.values.byteLength + stored.histograms.shares.byteLength;
    else if (state.step > 0) state.evicted = 'saved';
    runs.push({ indexed, state, stored: hasRoom ? stored : nothing, measured: known, damage, hasFailed });
    progress?.(runs.length / index.runs.length);
  }
  return { folder, index, experiments, runs };
}

/** Describes the damage of a folder and its runs, one sentence each. */
export function damageOf({ index, runs }: LoadedExperiment): string[] {
  // Damage to a whole folder affects many runs in the same way.
  const alike = new Map<string, LoadedRun[]>();
  for (const run of runs) {
    const key = run.damage.join('; ');
    if (key !== '') alike.set(key, [...(alike.get(key) ?? []), run]);
  }
  const ofRuns = [...alike.values()].map(([{ indexed, damage }, ...others]) =>
    damageInWords(
      others.length === 0 ? indexed.id : l10n.t`${indexed.id} and ${count(others.length, 'more run')}`,
      damage,
    ),
  );
  return [...(index.remarks ?? []), ...ofRuns];
}

/** @param engine This program's own version; a folder of a different version gets a remark. */
export function hydrationOf({ folder, index, experiments, runs }: LoadedExperiment, engine?: string): Hydrate {
  const stopped = runs.some(({ state }) => state.status === 'cancelled') || runs.length < index.planned;
  return {
    type: 'hydrate',
    session: folder,
    name: index.name,
    notes: index.notes,
    file: index.file,
    again: null,
    state: stopped ? 'stopped' : 'finished',
    unforkable: null,
    arms: index.arms,
    seeds: index.seeds,
    axes: index.axes,
    claims: index.claims.map(claimInBrief),
    conditions: conditionsOf(firstOfEachArm(index, experiments), index.axes, index.seeds),
    remarks: [...(index.remarks ?? []), ...versionRemarks(index, engine)],
    secondsLeft: null,
    binEdges: Float64Array.from(binEdges),
    runs: runs.map(({ state, stored }) => ({ ...state, ...stored })),
    verdicts: verdicts(index.claims, endedRuns(runs), index.looks),
  };
}

/** The experiment of each arm of the plan, from the first of its runs that can be read. Forks are excluded. */
function firstOfEachArm({ arms, runs }: RunIndex, experiments: SavedExperiments): TriedArm[] {
  return arms.flatMap((name): TriedArm[] => {
    for (const { arm, id, fork } of runs) {
      if (arm !== name || fork) continue;
      try {
        const text = experiments.read(id).toString('utf8');
        const { experiment } = readExperiment(text, { memory: Number.POSITIVE_INFINITY });
        return experiment ? [{ name, experiment }] : [];
      } catch {
        // Reported where the run is inspected; the next run of the arm has the same settings.
      }
    }
    return [];
  });
}

/** Reads the frames of one run of a folder; null if none were saved. */
export function readFrames(folder: string, id: string): StoredFrames | null {
  return atOnce(readingFrames(folder, id));
}

/** The same in slices. */
export function* readingFrames(folder: string, id: string): Generator<void, StoredFrames | null> {
  const { file, survey } = yield* choosingLog(join(folder, id));
  if (file === null || !survey) return null;
  try {
    return framesOf(yield* readingLogFile(file));
  } catch {
    // It was readable a moment ago: a different program has changed it.
    return null;
  }
}

function versionRemarks({ engine: stored }: RunIndex, engine: string | undefined): string[] {
  if (engine === undefined || stored === engine) return [];
  return [
    l10n.t`This was run by version ${stored || unknownVersion} of the engine; this is ${engine}. The saved results are shown unchanged; a run of this version may produce different numbers.`,
  ];
}

function* readingRun(
  folder: string,
  indexed: IndexedRun,
  experiments: SavedExperiments,
  withFrames: boolean,
): Generator<void, Pick<LoadedRun, 'state' | 'stored' | 'damage' | 'hasFailed'> & Pick<InspectedRun, 'isLogWhole'>> {
  const { id, arm, seed, point, steps, settings, fork } = indexed;
  const { summary, hasNoSummary, survey, isLogWhole, log, damage } = yield* inspectingRun(
    folder,
    indexed,
    experiments,
    withFrames,
  );
  const stored = log ? framesOf(log) : nothing;
  const why = summary
    ? (summary.error ?? null)
    : survey && hasNoSummary && interrupted(survey.lastStep, fork !== undefined);
  const error = [why, ...damage].filter((text) => text).join('; ');
  const status: RunStatus = summary?.status ?? (survey || damage.length > 0 ? 'failed' : 'cancelled');
  const state: RunState = {
    id,
    arm,
    seed,
    point,
    status,
    step: summary?.steps ?? survey?.lastStep ?? 0,
    steps,
    stepsPerSecond: summary?.stepsPerSecond ?? 0,
    divergedAt: summary?.divergedAt ?? null,
    error: error === '' ? null : error,
    final: summary?.final ?? null,
    settings: settings ?? null,
    changes: log?.changes ?? summary?.changes ?? [],
    fork: fork ?? null,
  };
  return {
    state,
    stored,
    damage: !summary && why ? [why, ...damage] : damage,
    isLogWhole,
    hasFailed: summary?.status === 'failed',
  };
}

/** The frames of a run log. */
export function framesOf({ heading, frames, histograms, predictions }: RunLog): StoredFrames {
  return {
    channels: (heading?.channels ?? []).map(channelOf),
    frames,
    places: (heading?.histograms ?? []).map(placeOf),
    histograms,
    scene: heading?.scene ?? null,
    predictions,
  };
}

function interrupted(last: number | null, isFork: boolean): string {
  const stored = last === null ? l10n.t('nothing was recorded') : l10n.t`what was recorded up to step ${last} is shown`;
  const what = l10n.t`it was interrupted before its end: ${stored}`;
  return isFork ? `${what}; ${l10n.t('forks are not resumed: fork its run again to train it')}` : what;
}

function placeOf(name: string): HistogramPlace {
  const [layer, tap] = name.split('/');
  return { layer, tap: tap as HistogramPlace['tap'], name };
}

function channelOf(name: string): Channel {
  const [layer, tap, ...quantity] = name.split('/');
  return { layer, tap: tap as Channel['tap'], quantity: quantity.join('/'), name };
}
