/**
 * All seeds of an arm: at each step, the mean over the seeds that have a value there, and its 95 % interval by Student's t. Seeds may
 * have been watched at different steps: each is read at the steps of the seed that is furthest, with linear interpolation between its
 * own frames, as a chart would draw it. A seed that diverged, or has not reached a step, is left out from there on.
 */

import { type ChannelReader, channelReader } from '../session/channelReader';
import type { RunData } from '../session/store';
import type { Band, Series, Source } from './content';
import { type Name, named, qualities } from './names';
import { tQuantile } from './tQuantile';

export interface SeedSeries {
  mean: Series;
  low(frame: number): number;
  high(frame: number): number;
  /** Number of seeds in the mean. */
  count(frame: number): number;
}

/** The mean, half the width of the interval, and the number of seeds at each step. */
interface Statistics {
  mean: Float64Array;
  half: Float64Array;
  count: Uint16Array;
}

/** Cached results for a list of runs, valid until one of them has a new frame. */
interface Made {
  version: string;
  seeds: Seeds;
}
const made = new WeakMap<RunData, Made>();

export class Seeds {
  readonly source: Source;
  private readonly leader: RunData;
  /** For each run, the frame at or before each of the leader's steps; −1 outside its watched range. */
  private readonly frames: Int32Array[];
  private readonly statisticsOf = new Map<string, Statistics>();

  /** @param runs At least one with a frame. */
  private constructor(private readonly runs: RunData[]) {
    this.leader = runs.reduce((best, run) => (run.frames.lastStep > best.frames.lastStep ? run : best));
    const { steps, count } = this.leader.frames;
    this.frames = runs.map(({ frames }) => {
      const places = new Int32Array(count).fill(-1);
      let at = -1;
      for (let k = 0; k < count && steps[k] <= frames.lastStep; k++) {
        while (at + 1 < frames.count && frames.steps[at + 1] <= steps[k]) at++;
        places[k] = at;
      }
      return places;
    });
    const ends = runs.map(({ state }) => state.divergedAt);
    const all = ends.every((end) => end !== null);
    this.source = {
      frames: this.leader.frames,
      state: {
        divergedAt: all
          ? (ends.reduce((last, end) => (end && last && end.step > last.step ? end : last)) ?? null)
          : null,
      },
    };
  }

  /** Undefined while no run has a frame. */
  static of(runs: RunData[]): Seeds | undefined {
    const started = runs.filter(({ frames }) => frames.count > 0);
    if (started.length === 0) return undefined;
    const version = started
      .map(({ frames, state }) => `${state.id} ${frames.count} ${frames.lastStep} ${state.divergedAt?.step}`)
      .join();
    const known = made.get(started[0]);
    if (known?.version === version) return known.seeds;
    const seeds = new Seeds(started);
    made.set(started[0], { version, seeds });
    return seeds;
  }

  /** Undefined when no run has such a channel. */
  series(channel: string, name: Name, isSparse = false): SeedSeries | undefined {
    const sparse = isSparse || this.leader.isLogged;
    if (!this.runs.some((run) => channelReader(run, channel))) return undefined;
    const key = `${channel} ${sparse}`;
    const statistics = this.statisticsOf.get(key) ?? this.statistics(channel, sparse);
    this.statisticsOf.set(key, statistics);
    const { mean, half, count } = statistics;
    return {
      mean: { name, run: this.source, at: (frame) => mean[frame] ?? Number.NaN, sparse },
      low: (frame) => mean[frame] - half[frame],
      high: (frame) => mean[frame] + half[frame],
      count: (frame) => count[frame] ?? 0,
    };
  }

  private statistics(channel: string, sparse: boolean): Statistics {
    const length = this.leader.frames.count;
    const statistics: Statistics = {
      mean: new Float64Array(length).fill(Number.NaN),
      half: new Float64Array(length).fill(Number.NaN),
      count: new Uint16Array(length),
    };
    const columns = this.runs.flatMap((run, k) => {
      const reader = channelReader(run, channel);
      return reader ? [{ run, reader, frames: this.frames[k] }] : [];
    });
    const { steps } = this.leader.frames;
    const leads = channelReader(this.leader, channel);
    const values = new Float64Array(columns.length);
    for (let k = 0; k < length; k++) {
      // Sparse quantities are compared only at their measured steps.
      if (sparse && leads && !Number.isFinite(leads.at(k))) continue;
      let count = 0;
      for (const { run, reader, frames } of columns) {
        const value = valueBetween(run, reader, frames[k], steps[k], sparse);
        if (Number.isFinite(value)) values[count++] = value;
      }
      if (count === 0) continue;
      let sum = 0;
      for (let n = 0; n < count; n++) sum += values[n];
      const mean = sum / count;
      let squares = 0;
      for (let n = 0; n < count; n++) squares += (values[n] - mean) ** 2;
      statistics.mean[k] = mean;
      statistics.count[k] = count;
      // A single seed has no interval.
      if (count > 1) statistics.half[k] = tQuantile(count - 1) * Math.sqrt(squares / (count - 1) / count);
    }
    return statistics;
  }
}

/** The value of a channel at a step, given the last frame up to there. */
function valueBetween(
  { frames }: RunData,
  { at }: ChannelReader,
  frame: number,
  step: number,
  sparse: boolean,
): number {
  if (frame < 0) return Number.NaN;
  if (frames.steps[frame] === step && (!sparse || Number.isFinite(at(frame)))) return at(frame);
  let before = frame;
  let after = frame + 1;
  if (sparse) {
    while (before >= 0 && !Number.isFinite(at(before))) before--;
    while (after < frames.count && !Number.isFinite(at(after))) after++;
  }
  if (before < 0 || after >= frames.count) return Number.NaN;
  const [from, to] = [frames.steps[before], frames.steps[after]];
  const share = (step - from) / (to - from);
  return at(before) * (1 - share) + at(after) * share;
}

/** The interval as a band. It does not widen the axis, because the interval of two seeds is very wide. */
export function intervalBand({ mean, low, high }: SeedSeries, name: Name, colour: string): Band {
  return {
    name: named(name, qualities['95 % interval']),
    run: mean.run,
    low,
    high,
    colour,
    opacity: 0.18,
    soft: true,
    sparse: mean.sparse,
  };
}
