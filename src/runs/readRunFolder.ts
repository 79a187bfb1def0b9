/** Brings a kept experiment back, from its folder alone, as the panel wants it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binEdges } from '../engine/bins';
import { verdicts } from '../experiment/claims/verdict';
import type { Channel, FrameBlock, HistogramBlock, HistogramPlace, Hydrate, RunStatus, RunSummary } from '../protocol';
import { endedRuns } from './evidence';
import { type RunLog, readingRunLog } from './log/readRunLog';
import { atOnce } from './pieces';
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
  return atOnce(readingRunFolder(folder));
}

/** The same piece by piece: a log may hold a million frames. Of these no more are held than a chart can show. */
export function* readingRunFolder(folder: string): Generator<void, Hydrate> {
  const index = readIndex(folder);
  const runs: KeptRun[] = [];
  for (const run of index.runs) runs.push(yield* readingRun(folder, run));
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

function* readingRun(
  folder: string,
  { id, arm, seed, steps, settings, fork }: RunIndex['runs'][number],
): Generator<void, KeptRun> {
  const own = join(folder, id);
  const summary = readSummary(join(own, summaryName));
  const { log, problem } = yield* readingLog(own);
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

const endings: readonly RunStatus[] = ['completed', 'diverged', 'cancelled', 'failed'];

/** Null where there is none, or one that this version does not understand. */
function readSummary(file: string): RunSummary | null {
  try {
    const summary: Partial<RunSummary> | null = JSON.parse(readFileSync(file, 'utf8'));
    const { status, steps, stepsPerSecond, error = '', divergedAt = null } = summary ?? {};
    const isUnderstood =
      (endings as readonly unknown[]).includes(status) &&
      [steps, stepsPerSecond].every((value) => typeof value === 'number') &&
      typeof error === 'string' &&
      (divergedAt === null || typeof divergedAt.step === 'number');
    return isUnderstood ? (summary as RunSummary) : null;
  } catch {
    // The run ended before it was written.
    return null;
  }
}

function* readingLog(folder: string): Generator<void, { log: RunLog | null; problem: string | null }> {
  const file = runLogOf(folder);
  if (file === null) return { log: null, problem: null };
  try {
    const log = yield* readingRunLog(file);
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

/** The run log in the folder of a run, or null. */
export function runLogOf(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const name = readdirSync(folder).find((file) => file.includes('tfevents'));
  return name === undefined ? null : join(folder, name);
}

function placeOf(name: string): HistogramPlace {
  const [layer, tap] = name.split('/');
  return { layer, tap: tap as HistogramPlace['tap'], name };
}

function channelOf(name: string): Channel {
  const [layer, tap, ...quantity] = name.split('/');
  return { layer, tap: tap as Channel['tap'], quantity: quantity.join('/'), name };
}
