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
  isPast: boolean;
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
  return { run, state, ...nothingWatched(), summary: null, measured: null, hasStarted: false, isPast: false };
}

/** Makes a run that had finished before this session. */
export function pastSessionRun(
  run: Run,
  { state, stored, measured }: { state: RunState; stored: StoredFrames; measured: Measured },
): SessionRun {
  const held: SessionRun = {
    run,
    state: { ...state },
    ...nothingWatched(),
    summary: null,
    measured,
    hasStarted: true,
    isPast: true,
  };
  if (stored.channels.length === 0) return held;
  startWatching(held, stored, true);
  store(held, stored);
  return held;
}

/** A complete run of the plan in the record, which is not trained again. */
export interface CompleteRun {
  summary: RunSummary;
  /** The values that the claims need. */
  measured: Measured;
}

/** Makes a run that was complete before this session. Its frames are in the record. */
export function completeSessionRun(run: Run, summary: RunSummary): SessionRun {
  const held: SessionRun = { ...newSessionRun(run), hasStarted: true, isPast: true };
  close(held, summary);
  held.state.changes = summary.changes ?? [];
  held.state.letGo = true;
  return held;
}

function nothingWatched() {
  return { channels: [], frames: null, places: [], histograms: null, scene: null, predictions: null };
}

/** Prepares a run whose network was built. @param keepFrames Whether what is watched of it is held. */
export function startWatching(
  held: SessionRun,
  { channels, places, scene }: Pick<StoredFrames, 'channels' | 'places' | 'scene'>,
  keepFrames: boolean,
): void {
  held.hasStarted = true;
  // The names of the channels of thousands of runs would fill the memory.
  if (!keepFrames) return;
  Object.assign(held, { channels, places, scene });
  held.frames = new FrameColumns(channels.length);
  held.histograms = new HistogramHistory(places.length * binCount);
  held.predictions = new PredictionHistory();
}

type NewFrames = Pick<StoredFrames, 'frames' | 'histograms' | 'predictions'>;

export function append(held: SessionRun, news: NewFrames): void {
  store(held, news);
  held.state.step = news.frames.steps.at(-1) ?? held.state.step;
}

function store(held: SessionRun, { frames, histograms, predictions }: NewFrames): void {
  held.frames?.append(frames);
  held.histograms?.appendBlock(histograms);
  held.predictions?.appendBlock(predictions);
}

/** Stores the results of a finished run. */
export function close(held: SessionRun, summary: RunSummary): void {
  const { state } = held;
  held.summary = summary;
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

export function evict(held: SessionRun): void {
  held.frames = null;
  held.histograms = null;
  held.predictions = null;
  held.scene = null;
  held.channels = [];
  held.places = [];
  held.state.letGo = true;
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
