/**
 * The frames of one run in memory, one column per channel, because charts repeatedly read one channel over all steps. The number
 * of frames is bounded for runs of any length. Thinning removes nothing that a chart would show: it retains the first and the
 * newest frame and, of every stretch of steps between them, each channel's smallest and largest value, in their order.
 */
import * as l10n from '@vscode/l10n';
import { countUpTo } from './rising';

/** Frames in the order of messages and logs. */
export interface FrameBlock {
  steps: Uint32Array;
  /** `steps.length × channels`, frame after frame. */
  values: Float32Array;
}

const firstCapacity = 64;
/** Frames that are copied channel by channel, few enough that their values stay in the processor's cache. */
const tile = 16;

/** Maximum number of frames, more than the width of a chart in pixels. The page stores twice as many, so it rarely thins again. */
export const mostFrames = 2048;

/** Steps of the values of a line, or seconds on an axis of time. */
export interface Frames extends Pick<FrameColumns, 'count' | 'lastStep' | 'frameAt' | 'generation'> {
  /** Rising; the first `count` are filled. */
  readonly steps: Uint32Array | Float64Array;
}

export class FrameColumns {
  /** Rising; the first `count` are filled. */
  steps: Uint32Array;
  count = 0;
  /** Changes when existing frames change. */
  generation = 0;
  private columns: Float32Array[];
  /** Steps from one stretch to the next, when frames were last thinned. */
  private stretch = 1;

  /** @param most At least 8. */
  constructor(
    readonly channels: number,
    private readonly most = mostFrames,
  ) {
    const capacity = Math.min(firstCapacity, most);
    this.steps = new Uint32Array(capacity);
    this.columns = Array.from({ length: channels }, () => new Float32Array(capacity));
  }

  /** NaN outside the existing frames. */
  at(channel: number, frame: number): number {
    return frame >= 0 && frame < this.count ? this.columns[channel][frame] : Number.NaN;
  }

  get lastStep(): number {
    return this.count > 0 ? this.steps[this.count - 1] : 0;
  }

  /** Index of the last frame at or before a step, −1 without such a frame. */
  frameAt(step: number): number {
    return countUpTo(this.steps, step, this.count) - 1;
  }

  /** Bytes of memory. */
  get bytes(): number {
    return 4 * this.steps.length * (1 + this.channels);
  }

  /** Copies all frames. */
  block(): FrameBlock {
    const { count, channels, columns } = this;
    const values = new Float32Array(count * channels);
    for (let from = 0; from < count; from += tile) {
      const to = Math.min(count, from + tile);
      columns.forEach((column, channel) => {
        for (let frame = from; frame < to; frame++) values[frame * channels + channel] = column[frame];
      });
    }
    return { steps: this.steps.slice(0, count), values };
  }

  /**
   * Adds frames. Frames that are not later than the last one are already known and skipped: the host may send frames twice if
   * they were on their way when it sent the whole state.
   * @returns The error of an invalid block, which is then ignored, or undefined.
   */
  append(block: FrameBlock): string | undefined {
    const { steps, values } = block;
    if (values.length !== steps.length * this.channels) {
      return l10n.t`${steps.length} frames of ${this.channels} channels came with ${values.length} values`;
    }
    for (let frame = 1; frame < steps.length; frame++) {
      if (steps[frame] <= steps[frame - 1]) return l10n.t`frames came out of order at step ${steps[frame]}`;
    }
    const { count, lastStep } = this;
    let from = count > 0 ? steps.findIndex((step) => step > lastStep) : 0;
    while (from >= 0 && from < steps.length) {
      this.makeRoom(steps.length - from);
      const to = Math.min(steps.length, from + tile, from + this.steps.length - this.count);
      this.copy(block, from, to);
      from = to;
    }
    return undefined;
  }

  /** Copies the frames of a block, of at most one tile, behind the existing ones. */
  private copy({ steps, values }: FrameBlock, from: number, to: number): void {
    const { columns, channels, count } = this;
    for (let channel = 0; channel < channels; channel++) {
      const column = columns[channel];
      for (let frame = from; frame < to; frame++) column[count + frame - from] = values[frame * channels + channel];
    }
    this.steps.set(steps.subarray(from, to), count);
    this.count += to - from;
  }

  /** @param coming Frames to be added. */
  private makeRoom(coming: number): void {
    if (this.count < this.steps.length) return;
    if (this.count >= this.most) {
      this.thin();
      return;
    }
    const capacity = Math.min(this.most, Math.max(this.count + coming, this.steps.length * 2));
    const steps = new Uint32Array(capacity);
    steps.set(this.steps.subarray(0, this.count));
    this.steps = steps;
    this.columns = this.columns.map((old) => {
      const column = new Float32Array(capacity);
      column.set(old.subarray(0, this.count));
      return column;
    });
  }

  /**
   * Retains two frames per stretch. The length of a stretch is a power of two, and stretches start from the first frame, so each
   * is inside one of twice its length. No value therefore leaves its latest stretch, however often frames are thinned.
   */
  private thin(): void {
    const { steps, columns, count } = this;
    // At most three quarters of the maximum, in addition to the first and the newest frame.
    const stretches = ((3 * this.most) >> 3) - 1;
    while (Math.floor((steps[count - 1] - steps[0]) / this.stretch) + 1 > stretches) this.stretch *= 2;
    const begins = stretchesOf(steps, count, this.stretch);
    for (const column of columns) thinColumn(column, begins);
    this.count = thinSteps(steps, count, begins);
    this.generation++;
  }
}

/** @returns The first frame of each stretch, and the newest frame. No stretch contains the first frame. */
function stretchesOf(steps: Uint32Array, count: number, length: number): number[] {
  const begins: number[] = [];
  let stretch = -1;
  for (let frame = 1; frame < count - 1; frame++) {
    const here = Math.floor((steps[frame] - steps[0]) / length);
    if (here !== stretch) begins.push(frame);
    stretch = here;
  }
  return [...begins, count - 1];
}

/** Retains at most two steps per stretch. @returns The new number of frames. */
function thinSteps(steps: Uint32Array, count: number, begins: readonly number[]): number {
  let left = 1;
  for (let k = 0; k + 1 < begins.length; k++) {
    const [from, to] = [begins[k], begins[k + 1]];
    const middle = steps[(from + to) >> 1];
    steps[left++] = steps[from];
    if (to - from > 1) steps[left++] = middle;
  }
  steps[left++] = steps[count - 1];
  return left;
}

/** Retains the smallest and the largest value of each stretch, in their order. */
function thinColumn(column: Float32Array, begins: number[]): void {
  let left = 1;
  for (let k = 0; k + 1 < begins.length; k++) {
    const [from, to] = [begins[k], begins[k + 1]];
    let least = from;
    let largest = from;
    for (let frame = from + 1; frame < to; frame++) {
      // An unmeasured value is NaN, and any number replaces it.
      if (column[frame] < column[least] || Number.isNaN(column[least])) least = frame;
      if (column[frame] > column[largest] || Number.isNaN(column[largest])) largest = frame;
    }
    const [first, second] = [column[Math.min(least, largest)], column[Math.max(least, largest)]];
    column[left++] = first;
    if (to - from > 1) column[left++] = second;
  }
  column[left] = column[begins[begins.length - 1]];
}
