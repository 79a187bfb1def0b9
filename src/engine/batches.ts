/** The order in which examples are drawn: a new permutation every epoch, its incomplete last batch left out. */
import type { RandomStream } from './random';

export class Batches {
  private order: Uint32Array;
  private position = 0;

  /** @param batchSize At most `count`. */
  constructor(
    private readonly count: number,
    private batchSize: number,
    private readonly stream: RandomStream,
  ) {
    this.order = stream.permutation(count);
  }

  /** Changes the size of the batches from the next one on, for the rest of the epoch. */
  resize(batchSize: number): void {
    this.batchSize = batchSize;
  }

  /** Indices of the next minibatch; the array is good until the next call. */
  next(): Uint32Array {
    if (this.position + this.batchSize > this.count) {
      this.order = this.stream.permutation(this.count);
      this.position = 0;
    }
    const start = this.position;
    this.position += this.batchSize;
    return this.order.subarray(start, this.position);
  }
}
