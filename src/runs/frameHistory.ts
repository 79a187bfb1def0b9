/** The frames of one run in memory, one after another, in room that grows by doubling. */
import type { FrameBlock } from '../protocol';

export class FrameHistory {
  private steps = new Uint32Array(64);
  private values: Float32Array;
  private held = 0;

  constructor(private readonly channelCount: number) {
    this.values = new Float32Array(64 * channelCount);
  }

  append(step: number, values: Float32Array): void {
    if (this.held === this.steps.length) this.grow();
    this.steps[this.held] = step;
    this.values.set(values, this.held * this.channelCount);
    this.held++;
  }

  appendBlock({ steps, values }: FrameBlock): void {
    for (let k = 0; k < steps.length; k++) {
      this.append(steps[k], values.subarray(k * this.channelCount, (k + 1) * this.channelCount));
    }
  }

  /** A copy of what is held. */
  block(): FrameBlock {
    return { steps: this.steps.slice(0, this.held), values: this.values.slice(0, this.held * this.channelCount) };
  }

  private grow(): void {
    const steps = new Uint32Array(2 * this.steps.length);
    steps.set(this.steps);
    const values = new Float32Array(2 * this.values.length);
    values.set(this.values);
    this.steps = steps;
    this.values = values;
  }
}
