/** One run of a session, as far as it has come: its state, what was watched of it, and what it came to. */
import type { Run } from '../experiment/plan';
import type { Channel, Fork, HistogramPlace, KeptFrames, RunState, RunSummary, Scene } from '../protocol';
import type { Measured } from './evidence';
import type { FrameHistory } from './frameHistory';
import type { HistogramHistory } from './histogramHistory';
import { joinPredictions, type PredictionHistory } from './predictionHistory';
import { settingsOf, stepsOf } from './runFolder';

export interface Held {
  run: Run;
  state: RunState;
  channels: Channel[];
  frames: FrameHistory | null;
  places: HistogramPlace[];
  histograms: HistogramHistory | null;
  scene: Scene | null;
  predictions: PredictionHistory | null;
  summary: RunSummary | null;
  /** What the claims ask of it, once it has ended. */
  measured: Measured | null;
}

export function heldOf(run: Run, fork: Fork | null = null): Held {
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
  return {
    run,
    state,
    channels: [],
    frames: null,
    places: [],
    histograms: null,
    scene: null,
    predictions: null,
    summary: null,
    measured: null,
  };
}

export function noFrames(): KeptFrames {
  return keptFrames({ channels: [], frames: null, places: [], histograms: null, scene: null, predictions: null });
}

export function keptFrames({
  channels,
  frames,
  places,
  histograms,
  scene,
  predictions,
}: Pick<Held, 'channels' | 'frames' | 'places' | 'histograms' | 'scene' | 'predictions'>): KeptFrames {
  return {
    channels,
    frames: frames?.block() ?? { steps: new Uint32Array(0), values: new Float32Array(0) },
    places,
    histograms: histograms?.block() ?? { steps: new Uint32Array(0), shares: new Uint16Array(0) },
    scene,
    predictions: predictions?.block() ?? joinPredictions([]),
  };
}

export function letGo(held: Held): void {
  held.frames = null;
  held.histograms = null;
  held.predictions = null;
  held.scene = null;
  held.channels = [];
  held.places = [];
  held.state.letGo = true;
}

/** What can be said of a run that its worker has not summed up. */
export function unfinished({ run, state }: Held, status: 'cancelled' | 'failed', error?: string): RunSummary {
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
