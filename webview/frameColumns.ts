/** The frames of one run, kept channel by channel: charts read one channel over all steps, over and over. */
import type { FrameBlock } from '../src/protocol';

const firstCapacity = 256;

/** Where the values of a line stand along the steps. */
export type Frames = Pick<FrameColumns, 'steps' | 'count' | 'lastStep' | 'frameAt'>;

export class FrameColumns {
  /** Rising; the first `count` are filled. */
  steps = new Uint32Array(firstCapacity);
  count = 0;
  private columns: Float32Array[];

  constructor(readonly channels: number) {
    this.columns = Array.from({ length: channels }, () => new Float32Array(firstCapacity));
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
    this.reserve(this.count + steps.length);
    for (let frame = 0; frame < steps.length; frame++) {
      if (this.count > 0 && steps[frame] <= this.lastStep) continue;
      const offset = frame * this.channels;
      for (let channel = 0; channel < this.channels; channel++) {
        this.columns[channel][this.count] = values[offset + channel];
      }
      this.steps[this.count] = steps[frame];
      this.count++;
    }
    return undefined;
  }

  private reserve(count: number): void {
    if (count <= this.steps.length) return;
    const capacity = Math.max(count, this.steps.length * 2);
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
