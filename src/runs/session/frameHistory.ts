/**
 * The frames of one run in memory. However long the run, no more than so many are held: when there is no room left, the
 * interval between them doubles. What a chart shows stays: the first and the newest frame as they were, and in between
 * of every stretch each channel's least and largest value, in the order in which they came.
 */
import type { FrameBlock } from '../../protocol';

/** More than a chart's width can show. */
export const mostFrames = 2048;

export class FrameHistory {
  private steps: number[] = [];
  private rows: Float32Array;
  /** Frames that each held one stands for. */
  private stretch = 1;
  /** Those that came since the last one was held; there is one only where more than one frame stands behind each held one. */
  private pending: Stretch | null = null;
  /** As it was; none while every frame is held so. */
  private newest: { step: number; values: Float32Array } | null = null;

  /** @param most Even. */
  constructor(
    private readonly channelCount: number,
    private readonly most = mostFrames,
  ) {
    this.rows = new Float32Array(Math.min(64, most) * channelCount);
  }

  /** Of memory. */
  get bytes(): number {
    return this.rows.byteLength;
  }

  append(step: number, values: Float32Array): void {
    if (this.stretch === 1) {
      this.hold(step, values);
      return;
    }
    this.newest = { step, values: values.slice() };
    this.pending ??= new Stretch(this.channelCount);
    this.pending.add(step, values);
    if (this.pending.count < 2 * this.stretch) return;
    const { first, middle, steps } = this.pending.ends();
    this.pending = null;
    this.hold(steps[0], first);
    this.hold(steps[1], middle);
  }

  appendBlock({ steps, values }: FrameBlock): void {
    for (let k = 0; k < steps.length; k++) {
      this.append(steps[k], values.subarray(k * this.channelCount, (k + 1) * this.channelCount));
    }
  }

  /** A copy of what is held, the newest frame included. */
  block(): FrameBlock {
    const all = new FrameColumns(this.channelCount);
    for (let k = 0; k < this.steps.length; k++) all.add(this.steps[k], this.row(k));
    if (this.pending) {
      const { first, middle, steps } = this.pending.ends();
      if (this.pending.count > 1) all.add(steps[0], first);
      if (this.pending.count > 2) all.add(steps[1], middle);
    }
    if (this.newest && this.newest.step > (this.steps.at(-1) ?? -1)) all.add(this.newest.step, this.newest.values);
    return all.block();
  }

  private row(k: number): Float32Array {
    return this.rows.subarray(k * this.channelCount, (k + 1) * this.channelCount);
  }

  private hold(step: number, values: Float32Array): void {
    if (this.steps.length === this.most) this.halve();
    const needed = (this.steps.length + 1) * this.channelCount;
    if (this.rows.length < needed) {
      const rows = new Float32Array(Math.min(2 * needed, this.most * this.channelCount));
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows.set(values, this.steps.length * this.channelCount);
    this.steps.push(step);
  }

  /** Of every four held frames but the first, the two that keep their extremes. */
  private halve(): void {
    const steps = [this.steps[0]];
    for (let k = 1; k < this.most; k += 4) {
      const stretch = new Stretch(this.channelCount);
      for (let j = k; j < Math.min(k + 4, this.most); j++) stretch.add(this.steps[j], this.row(j).slice());
      const { first, middle, steps: at } = stretch.ends();
      this.row(steps.length).set(first);
      steps.push(at[0]);
      // A frame that is left over stands for itself.
      if (stretch.count === 1) continue;
      this.row(steps.length).set(middle);
      steps.push(at[1]);
    }
    this.steps = steps;
    this.stretch *= 2;
  }
}

/** Frames that become two: each channel's least and largest value, in the order in which they came. */
class Stretch {
  count = 0;
  private readonly seen: number[] = [];
  private readonly least: Float32Array;
  private readonly largest: Float32Array;
  /** Which frame of the stretch they stood in. */
  private readonly leastAt: Uint32Array;
  private readonly largestAt: Uint32Array;

  constructor(channelCount: number) {
    this.least = new Float32Array(channelCount).fill(Number.NaN);
    this.largest = new Float32Array(channelCount).fill(Number.NaN);
    this.leastAt = new Uint32Array(channelCount);
    this.largestAt = new Uint32Array(channelCount);
  }

  add(step: number, values: Float32Array): void {
    for (let c = 0; c < values.length; c++) {
      const value = values[c];
      // What was not measured is NaN, and gives way to any number.
      if (!(value >= this.least[c]) && !Number.isNaN(value)) {
        this.least[c] = value;
        this.leastAt[c] = this.count;
      }
      if (!(value <= this.largest[c]) && !Number.isNaN(value)) {
        this.largest[c] = value;
        this.largestAt[c] = this.count;
      }
    }
    this.seen.push(step);
    this.count++;
  }

  /** The two frames, and steps for them: the first one, and one of the middle. A value alone stands in the first. */
  ends(): { first: Float32Array; middle: Float32Array; steps: [number, number] } {
    const first = this.least.slice();
    const middle = this.largest.slice();
    for (let c = 0; c < first.length; c++) {
      if (this.largestAt[c] < this.leastAt[c]) [first[c], middle[c]] = [middle[c], first[c]];
    }
    return { first, middle, steps: [this.seen[0], this.seen[this.count >> 1]] };
  }
}

/** Frames one after another, as the protocol has them. */
class FrameColumns {
  private readonly steps: number[] = [];
  private readonly rows: Float32Array[] = [];

  constructor(private readonly channelCount: number) {}

  add(step: number, row: Float32Array): void {
    this.steps.push(step);
    this.rows.push(row);
  }

  block(): FrameBlock {
    const values = new Float32Array(this.rows.length * this.channelCount);
    this.rows.forEach((row, k) => {
      values.set(row, k * this.channelCount);
    });
    return { steps: Uint32Array.from(this.steps), values };
  }
}
