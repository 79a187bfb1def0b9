/** Brings a kept experiment back, from its folder alone, as the panel wants it. */
import { join } from 'node:path';
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
import type { IndexedRun, RunIndex } from '../session/runIndex';
import { readIndex } from './indexFiles';
import { damageInWords, type InspectedRun, inspectingRun } from './inspectRun';
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
  /** The folder's index, where it has been read already. */
  index?: RunIndex;
  /** Whether frames are wanted for themselves, or only what the claims ask of them. */
  frames?: boolean;
  /** This program's own version; a folder of another one says so. */
  engine?: string;
  /** Bytes of frames that are held; those of further runs are read when they are asked for. */
  most?: number;
}

/**
 * What is damaged is left out, and said in the run that it belongs to.
 * @throws RunFolderError when the folder is no run folder.
 */
export function readRunFolder(folder: string, options: ReadFolderOptions = {}): Hydrate {
  return atOnce(readingRunFolder(folder, options));
}

/** The same piece by piece: a log may hold a million frames. Of these no more are held than a chart can show. */
export function* readingRunFolder(folder: string, options: ReadFolderOptions = {}): Generator<void, Hydrate> {
  return hydrationOf(yield* readingPast(folder, options), options.engine);
}

/** A run of a folder, as far as it could be read. */
export interface PastRun {
  indexed: IndexedRun;
  state: RunState;
  stored: StoredFrames;
  measured: Measured;
  /** What is damaged or missing of its files, as clauses. */
  damage: string[];
}

/** An experiment that was read back. */
export interface PastExperiment {
  folder: string;
  index: RunIndex;
  /** What each run's experiment.json contains. */
  experiments: SavedExperiments;
  runs: PastRun[];
}

/** @throws RunFolderError when the folder is no run folder. */
export function* readingPast(folder: string, options: ReadFolderOptions = {}): Generator<void, PastExperiment> {
  const { frames: wanted = true, most = mostStoredBytes, index = readIndex(folder) } = options;
  const experiments = new SavedExperiments(folder);
  const isNeeded = needFrames(index.claims);
  const runs: PastRun[] = [];
  let bytes = 0;
  for (const indexed of index.runs) {
    const hasRoom = wanted && bytes < most;
    const { state, kept, damage, isLogWhole } = yield* readingRun(folder, indexed, experiments, isNeeded || hasRoom);
    const known = measured(index.claims, state, () => kept);
    // Half a history has another best value, and other steps to a value, than the whole.
    if (!isLogWhole)
      known.readings = known.readings.map((reading, k) =>
        needFrames([index.claims[k]]) ? none('not measured') : reading,
      );
    if (hasRoom) bytes += kept.frames.values.byteLength + kept.histograms.shares.byteLength;
    else if (state.step > 0) state.letGo = true;
    runs.push({ indexed, state, stored: hasRoom ? kept : nothing, measured: known, damage });
  }
  return { folder, index, experiments, runs };
}

/** What is damaged of a folder and its runs, a sentence each. */
export function damageOf({ index, runs }: PastExperiment): string[] {
  // What happened to a folder as a whole happened to many of its runs alike.
  const alike = new Map<string, PastRun[]>();
  for (const run of runs) {
    const key = run.damage.join('; ');
    if (key !== '') alike.set(key, [...(alike.get(key) ?? []), run]);
  }
  const ofRuns = [...alike.values()].map(([{ indexed, damage }, ...others]) =>
    damageInWords(others.length === 0 ? indexed.id : `${indexed.id} and ${count(others.length, 'more run')}`, damage),
  );
  return [...(index.remarks ?? []), ...ofRuns];
}

/** @param engine This program's own version; a folder of another one says so. */
export function hydrationOf({ folder, index, experiments, runs }: PastExperiment, engine?: string): Hydrate {
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
    conditions: conditionsOf(triedArms(index, experiments), index.axes, index.seeds),
    remarks: [...(index.remarks ?? []), ...versionRemarks(index, engine)],
    secondsLeft: null,
    binEdges: Float64Array.from(binEdges),
    runs: runs.map(({ state, stored: kept }) => ({ ...state, ...kept })),
    verdicts: verdicts(index.claims, endedRuns(runs)),
  };
}

/** Each arm of the plan as the first of its runs has it; none where that cannot be read any more. Forks are no part of it. */
function triedArms({ arms, runs }: RunIndex, experiments: SavedExperiments): TriedArm[] {
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

/** The frames of one run of a folder; null where nothing of it was kept. */
export function readFrames(folder: string, id: string): StoredFrames | null {
  return atOnce(
    (function* () {
      const { file, survey } = yield* choosingLog(join(folder, id));
      if (file === null || !survey) return null;
      try {
        return framesOf(yield* readingLogFile(file));
      } catch {
        // It was whole enough a moment ago: another program has changed it.
        return null;
      }
    })(),
  );
}

function versionRemarks({ engine: kept }: RunIndex, engine: string | undefined): string[] {
  if (engine === undefined || kept === engine) return [];
  return [
    `This was run by version ${kept || 'unknown'} of the engine; this is ${engine}. What it kept is shown as it is, and a run of this version may come to other numbers.`,
  ];
}

function* readingRun(
  folder: string,
  indexed: IndexedRun,
  experiments: SavedExperiments,
  withFrames: boolean,
): Generator<void, { state: RunState; kept: StoredFrames } & Pick<InspectedRun, 'damage' | 'isLogWhole'>> {
  const { id, arm, seed, point, steps, settings, fork } = indexed;
  const { summary, hasNoSummary, survey, isLogWhole, log, damage } = yield* inspectingRun(
    folder,
    indexed,
    experiments,
    withFrames,
  );
  const kept = log ? framesOf(log) : nothing;
  const why = summary ? (summary.error ?? null) : survey && hasNoSummary && interrupted(survey.lastStep);
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
  return { state, kept, damage: !summary && why ? [why, ...damage] : damage, isLogWhole };
}

/** What was watched of a run, as its log has it. */
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

function interrupted(last: number | null): string {
  const kept = last === null ? 'nothing of it was recorded' : `what was recorded up to step ${last} is shown`;
  return `it was interrupted before its end: ${kept}`;
}

function placeOf(name: string): HistogramPlace {
  const [layer, tap] = name.split('/');
  return { layer, tap: tap as HistogramPlace['tap'], name };
}

function channelOf(name: string): Channel {
  const [layer, tap, ...quantity] = name.split('/');
  return { layer, tap: tap as Channel['tap'], quantity: quantity.join('/'), name };
}
