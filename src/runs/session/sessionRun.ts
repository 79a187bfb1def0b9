/** One run of a session: its state, its frames and its results. */
import { binCount } from '../../engine/bins';
import type { Run } from '../../experiment/plan';
import type {
  Channel,
  Fork,
  HistogramPlace,
  MadeChange,
  RunState,
  RunSummary,
  Scene,
  StoredFrames,
} from '../../protocol';
import { FrameColumns } from '../../shared/frameColumns';
import { HistogramHistory } from './histogramHistory';
import type { Measured } from './measured';
import { joinPredictions, PredictionHistory } from './predictionHistory';
import { settingsOf, stepsOf } from './runIndex';

export interface SessionRun {
  run: Run;
  state: RunState;
  channels: Channel[];
  frames: FrameColumns | null;
  places: HistogramPlace[];
  histograms: HistogramHistory | null;
  scene: Scene | null;
  predictions: PredictionHistory | null;
  summary: RunSummary | null;
  /** The values that the claims need, once it has finished. */
  measured: Measured | null;
  /** Whether its network was built; it is recorded from then on. */
  hasStarted: boolean;
  /** Whether it was read from its folder, not trained in this session. */
  isLoaded: boolean;
}

export function newSessionRun(run: Run, fork: Fork | null = null): SessionRun {
  const { id, arm, seed, point } = run;
  const state: RunState = {
    id,
    arm,
    seed,
    point: { ...point },
    status: 'waiting',
    step: 0,
    steps: stepsOf(run),
    stepsPerSecond: 0,
    divergedAt: null,
    error: null,
    final: null,
    settings: settingsOf(run),
    changes: [],
    fork,
  };
  return { run, state, ...nothingWatched(), summary: null, measured: null, hasStarted: false, isLoaded: false };
}

/** Makes a run that had finished before this session. */
export function loadedSessionRun(
  run: Run,
  { state, stored, measured }: { state: RunState; stored: StoredFrames; measured: Measured },
): SessionRun {
  const sessionRun: SessionRun = {
    run,
    state: { ...state },
    ...nothingWatched(),
    summary: null,
    measured,
    hasStarted: true,
    isLoaded: true,
  };
  if (stored.channels.length === 0) return sessionRun;
  startWatching(sessionRun, stored, true);
  store(sessionRun, stored);
  return sessionRun;
}

/** A complete run of the plan in the record, which is not trained again. */
export interface CompleteRun {
  summary: RunSummary;
  /** The values that the claims need. */
  measured: Measured;
}

/** Makes a run that was complete before this session. Its frames are in the record. */
export function completeSessionRun(run: Run, summary: RunSummary): SessionRun {
  const sessionRun: SessionRun = { ...newSessionRun(run), hasStarted: true, isLoaded: true };
  close(sessionRun, summary);
  sessionRun.state.changes = summary.changes ?? [];
  sessionRun.state.evicted = 'saved';
  return sessionRun;
}

function nothingWatched() {
  return { channels: [], frames: null, places: [], histograms: null, scene: null, predictions: null };
}

/** Prepares a run whose network was built. @param storeFrames Whether its frames are stored in memory. */
export function startWatching(
  sessionRun: SessionRun,
  { channels, places, scene }: Pick<StoredFrames, 'channels' | 'places' | 'scene'>,
  storeFrames: boolean,
): void {
  sessionRun.hasStarted = true;
  // The names of the channels of thousands of runs would fill the memory.
  if (!storeFrames) return;
  Object.assign(sessionRun, { channels, places, scene });
  sessionRun.frames = new FrameColumns(channels.length);
  sessionRun.histograms = new HistogramHistory(places.length * binCount);
  sessionRun.predictions = new PredictionHistory();
}

type NewFrames = Pick<StoredFrames, 'frames' | 'histograms' | 'predictions'>;

export function append(sessionRun: SessionRun, news: NewFrames): void {
  store(sessionRun, news);
  sessionRun.state.step = news.frames.steps.at(-1) ?? sessionRun.state.step;
}

function store(sessionRun: SessionRun, { frames, histograms, predictions }: NewFrames): void {
  sessionRun.frames?.append(frames);
  sessionRun.histograms?.appendBlock(histograms);
  sessionRun.predictions?.appendBlock(predictions);
}

/** Stores the results of a finished run. */
export function close(sessionRun: SessionRun, summary: RunSummary): void {
  const { state } = sessionRun;
  sessionRun.summary = summary;
  state.status = summary.status;
  state.step = summary.steps;
  state.stepsPerSecond = summary.stepsPerSecond;
  state.divergedAt = summary.divergedAt;
  state.final = summary.final;
  state.error = summary.error ?? null;
}

/** Bytes of memory that eviction frees. */
export function bytesOf({ frames, histograms }: SessionRun): number {
  return (frames?.bytes ?? 0) + (histograms?.bytes ?? 0);
}

export function noFrames(): StoredFrames {
  return storedFrames(nothingWatched());
}

export function storedFrames({
  channels,
  frames,
  places,
  histograms,
  scene,
  predictions,
}: Pick<SessionRun, 'channels' | 'frames' | 'places' | 'histograms' | 'scene' | 'predictions'>): StoredFrames {
  return {
    channels,
    frames: frames?.block() ?? { steps: new Uint32Array(0), values: new Float32Array(0) },
    places,
    histograms: histograms?.block() ?? { steps: new Uint32Array(0), shares: new Uint16Array(0) },
    scene,
    predictions: predictions?.block() ?? joinPredictions([]),
  };
}

/** @param isSaved Whether its frames can be read from disk. */
export function evict(sessionRun: SessionRun, isSaved: boolean): void {
  sessionRun.frames = null;
  sessionRun.histograms = null;
  sessionRun.predictions = null;
  sessionRun.scene = null;
  sessionRun.channels = [];
  sessionRun.places = [];
  sessionRun.state.evicted = isSaved ? 'saved' : 'lost';
}

/** Makes a summary for a run whose worker sent none. */
export function unfinished({ run, state }: SessionRun, status: 'cancelled' | 'failed', error?: string): RunSummary {
  const { stepsPerSecond, step } = state;
  return {
    arm: run.arm,
    seed: run.seed,
    point: run.point,
    status,
    steps: step,
    divergedAt: null,
    ...(state.changes.length > 0 && { changes: state.changes }),
    seconds: stepsPerSecond > 0 ? step / stepsPerSecond : 0,
    stepsPerSecond,
    final: null,
    layers: [],
    parametersHash: null,
    ...(error === undefined ? {} : { error }),
  };
}

/** Manual changes, in the form in which an experiment plans changes. */
export function manualChanges(changes: readonly MadeChange[]) {
  return changes.filter(({ byHand }) => byHand).map(({ byHand: _, ...change }) => change);
}
