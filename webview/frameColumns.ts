/**
 * The frames of one run, kept channel by channel: charts read one channel over all steps, over and over. However long the run,
 * no more than so many are kept.
 */
import type { FrameBlock } from '../src/protocol';
import { thinFrames } from './thinFrames';

const firstCapacity = 256;

/** Twice what the host keeps, which is more than a chart's width can show: so it is seldom that they become fewer. */
export const mostFrames = 4096;

/** Where the values of a line stand along the steps. */
export type Frames = Pick<FrameColumns, 'steps' | 'count' | 'lastStep' | 'frameAt' | 'generation'>;

export class FrameColumns {
  /** Rising; the first `count` are filled. */
  steps: Uint32Array;
  count = 0;
  /** Another one when frames have changed that stood there before. */
  generation = 0;
  private columns: Float32Array[];

  constructor(
    readonly channels: number,
    private readonly most = mostFrames,
  ) {
    const capacity = Math.min(firstCapacity, most);
    this.steps = new Uint32Array(capacity);
    this.columns = Array.from({ length: channels }, () => new Float32Array(capacity));
  }

  /** NaN outside the frames there are. */
  at(channel: number, frame: number): number {
    return frame >= 0 && frame < this.count ? this.columns[channel][frame] : Number.NaN;
  }

  get lastStep(): number {
    return this.count > 0 ? this.steps[this.count - 1] : 0;
  }

  /** Index of the last frame at or before a step, −1 when there is none. */
  frameAt(step: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /**
   * Adds frames. Those that are not later than the last are known already and passed over: the host may send again what was
   * on its way while it sent the whole.
   * @returns What is wrong with the block, which is then left out, or undefined.
   */
  append(block: FrameBlock): string | undefined {
    const { steps, values } = block;
    if (values.length !== steps.length * this.channels) {
      return `${steps.length} frames of ${this.channels} channels came with ${values.length} values`;
    }
    for (let frame = 1; frame < steps.length; frame++) {
      if (steps[frame] <= steps[frame - 1]) return `frames came out of order at step ${steps[frame]}`;
    }
    for (let frame = 0; frame < steps.length; frame++) {
      if (this.count > 0 && steps[frame] <= this.lastStep) continue;
      this.makeRoom(steps.length - frame);
      const offset = frame * this.channels;
      for (let channel = 0; channel < this.channels; channel++) {
        this.columns[channel][this.count] = values[offset + channel];
      }
      this.steps[this.count] = steps[frame];
      this.count++;
    }
    return undefined;
  }

  /** @param coming Frames that are yet to be added. */
  private makeRoom(coming: number): void {
    if (this.count < this.steps.length) return;
    if (this.count >= this.most) {
      this.count = thinFrames(this.steps, this.columns, this.count, this.most >> 2);
      this.generation++;
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
}
