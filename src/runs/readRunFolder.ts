/** Brings a kept experiment back, from its folder alone, as the panel wants it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binEdges } from '../engine/bins';
import { verdicts } from '../experiment/claims/verdict';
import type { Channel, FrameBlock, HistogramBlock, HistogramPlace, Hydrate, RunStatus, RunSummary } from '../protocol';
import { endedRuns } from './evidence';
import { type RunLog, readRunLog } from './log/readRunLog';
import { joinPredictions } from './predictionHistory';
import { type RunIndex, readIndex, summaryName } from './runFolder';

type KeptRun = Hydrate['runs'][number];

const noFrames: FrameBlock = { steps: new Uint32Array(0), values: new Float32Array(0) };
const noHistograms: HistogramBlock = { steps: new Uint32Array(0), shares: new Uint16Array(0) };

/**
 * What is damaged is left out, and said in the run that it belongs to.
 * @throws RunFolderError when the folder is no run folder.
 */
export function readRunFolder(folder: string): Hydrate {
  const index = readIndex(folder);
  const runs = index.runs.map((run) => readRun(folder, run));
  const stopped = runs.some(({ status }) => status === 'cancelled');
  return {
    type: 'hydrate',
    session: folder,
    name: index.name,
    notes: index.notes,
    file: index.file,
    state: stopped ? 'stopped' : 'finished',
    live: false,
    arms: index.arms,
    seeds: index.seeds,
    secondsLeft: null,
    binEdges: Float64Array.from(binEdges),
    runs,
    verdicts: verdicts(index.claims, endedRuns({ runs })),
  };
}

function readRun(folder: string, { id, arm, seed, steps, settings, fork }: RunIndex['runs'][number]): KeptRun {
  const own = join(folder, id);
  const summary = readSummary(join(own, summaryName));
  const { log, problem } = logOf(own);
  const channels = (log?.heading?.channels ?? []).map(channelOf);
  const frames = log?.frames ?? noFrames;
  const error = [summary?.error ?? (summary ? null : interrupted(log)), problem].filter((text) => text).join('; ');
  const status: RunStatus = summary?.status ?? (log ? 'failed' : 'cancelled');
  return {
    id,
    arm,
    seed,
    status,
    step: summary?.steps ?? frames.steps.at(-1) ?? 0,
    steps,
    stepsPerSecond: summary?.stepsPerSecond ?? 0,
    divergedAt: summary?.divergedAt ?? null,
    error: error === '' ? null : error,
    final: summary?.final ?? null,
    settings: settings ?? null,
    changes: log?.changes ?? summary?.changes ?? [],
    fork: fork ?? null,
    channels,
    frames,
    places: (log?.heading?.histograms ?? []).map(placeOf),
    histograms: log?.histograms ?? noHistograms,
    scene: log?.heading?.scene ?? null,
    predictions: log?.predictions ?? joinPredictions([]),
  };
}

function interrupted(log: RunLog | null): string | null {
  if (!log) return null;
  const last = log.frames.steps.at(-1);
  const kept = last === undefined ? 'nothing of it was recorded' : `what was recorded up to step ${last} is shown`;
  return `it was interrupted before its end: ${kept}`;
}

function readSummary(file: string): RunSummary | null {
  try {
    const summary: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof (summary as RunSummary | null)?.status === 'string' ? (summary as RunSummary) : null;
  } catch {
    // The run ended before it was written.
    return null;
  }
}

function logOf(folder: string): { log: RunLog | null; problem: string | null } {
  const none = { log: null, problem: null };
  if (!existsSync(folder)) return none;
  const name = readdirSync(folder).find((file) => file.includes('tfevents'));
  if (name === undefined) return none;
  try {
    const log = readRunLog(join(folder, name));
    const { end } = log;
    if (end.kind !== 'corrupt') return { log, problem: null };
    return {
      log,
      problem: `its run log is damaged after byte ${end.offset}: ${end.problem}. What stands before is shown`,
    };
  } catch (cause) {
    return { log: null, problem: (cause as Error).message };
  }
}

function placeOf(name: string): HistogramPlace {
  const [layer, tap] = name.split('/');
  return { layer, tap: tap as HistogramPlace['tap'], name };
}

function channelOf(name: string): Channel {
  const [layer, tap, ...quantity] = name.split('/');
  return { layer, tap: tap as Channel['tap'], quantity: quantity.join('/'), name };
}
