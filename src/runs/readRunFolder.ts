/** Brings a kept experiment back, from its folder alone, as the panel wants it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binEdges } from '../engine/bins';
import { verdicts } from '../experiment/claims/verdict';
import { readExperiment } from '../experiment/read';
import { conditionsOf, type TriedArm } from '../experiment/report/conditions';
import type {
  Channel,
  FrameBlock,
  HistogramBlock,
  HistogramPlace,
  Hydrate,
  KeptFrames,
  RunState,
  RunStatus,
} from '../protocol';
import { endedRuns, measured, needFrames } from './evidence';
import { mostHeldBytes } from './heldFrames';
import { type RunLog, readRunLog } from './log/readRunLog';
import { readSummary } from './rebuiltIndex';
import { experimentName, type IndexedRun, type RunIndex, readIndex, summaryName } from './runFolder';

const noFrames: FrameBlock = { steps: new Uint32Array(0), values: new Float32Array(0) };
const noHistograms: HistogramBlock = { steps: new Uint32Array(0), shares: new Uint16Array(0) };
const nothing: KeptFrames = { channels: [], frames: noFrames, places: [], histograms: noHistograms };

export interface ReadFolderOptions {
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
  const { frames: wanted = true, engine, most = mostHeldBytes } = options;
  const index = readIndex(folder);
  let bytes = 0;
  const read = index.runs.map((run) => {
    const isNeeded = needFrames(index.claims);
    const hasRoom = wanted && bytes < most;
    const { state, kept } = readRun(folder, run, isNeeded || hasRoom);
    const known = measured(index.claims, state, () => kept);
    const size = kept.frames.values.byteLength + kept.histograms.shares.byteLength;
    if (hasRoom) bytes += size;
    else if (state.step > 0) state.letGo = true;
    return { state, kept: hasRoom ? kept : nothing, measured: known };
  });
  const stopped = read.some(({ state }) => state.status === 'cancelled') || read.length < index.planned;
  return {
    type: 'hydrate',
    session: folder,
    name: index.name,
    notes: index.notes,
    file: index.file,
    state: stopped ? 'stopped' : 'finished',
    arms: index.arms,
    seeds: index.seeds,
    axes: index.axes,
    conditions: conditionsOf(triedArms(folder, index), index.axes, index.seeds),
    remarks: [...(index.remarks ?? []), ...versionRemarks(index, engine)],
    secondsLeft: null,
    binEdges: Float64Array.from(binEdges),
    runs: read.map(({ state, kept }) => ({ ...state, ...kept })),
    verdicts: verdicts(index.claims, endedRuns(read)),
  };
}

/** Each arm as the first of its runs has it; none where that cannot be read any more. */
function triedArms(folder: string, { arms, runs }: RunIndex): TriedArm[] {
  return arms.flatMap((name): TriedArm[] => {
    const run = runs.find(({ arm, id }) => arm === name && existsSync(join(folder, id, experimentName)));
    if (!run) return [];
    const text = readFileSync(join(folder, run.id, experimentName), 'utf8');
    const { experiment } = readExperiment(text, { memory: Number.POSITIVE_INFINITY });
    return experiment ? [{ name, experiment }] : [];
  });
}

/** The frames of one run of a folder; null where nothing of it was kept. */
export function readFrames(folder: string, id: string): KeptFrames | null {
  const { log } = logOf(join(folder, id));
  return log && framesOf(log);
}

function versionRemarks({ engine: kept }: RunIndex, engine: string | undefined): string[] {
  if (engine === undefined || kept === engine) return [];
  return [
    `This was run by version ${kept || 'unknown'} of the engine; this is ${engine}. What it kept is shown as it is, and a run of this version may come to other numbers.`,
  ];
}

function readRun(
  folder: string,
  { id, arm, seed, point, steps }: IndexedRun,
  withFrames: boolean,
): { state: RunState; kept: KeptFrames } {
  const own = join(folder, id);
  const summary = readSummary(join(own, summaryName));
  // What a run without a summary came to is in its log alone.
  const { log, problem } = withFrames || !summary ? logOf(own) : { log: null, problem: null };
  const kept = log ? framesOf(log) : nothing;
  const error = [summary?.error ?? (summary ? null : interrupted(log)), problem].filter((text) => text).join('; ');
  const status: RunStatus = summary?.status ?? (log ? 'failed' : 'cancelled');
  const state = {
    id,
    arm,
    seed,
    point,
    status,
    step: summary?.steps ?? kept.frames.steps.at(-1) ?? 0,
    steps,
    stepsPerSecond: summary?.stepsPerSecond ?? 0,
    divergedAt: summary?.divergedAt ?? null,
    error: error === '' ? null : error,
    final: summary?.final ?? null,
  };
  return { state, kept };
}

function framesOf({ heading, frames, histograms }: RunLog): KeptFrames {
  return {
    channels: (heading?.channels ?? []).map(channelOf),
    frames,
    places: (heading?.histograms ?? []).map(placeOf),
    histograms,
  };
}

function interrupted(log: RunLog | null): string | null {
  if (!log) return null;
  const last = log.frames.steps.at(-1);
  const kept = last === undefined ? 'nothing of it was recorded' : `what was recorded up to step ${last} is shown`;
  return `it was interrupted before its end: ${kept}`;
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
