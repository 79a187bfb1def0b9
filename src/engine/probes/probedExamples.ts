/**
 * The examples that measures run the network on, besides those of the step: minibatches of a fixed permutation of the training
 * set. The permutation has a random stream of its own, so a measure changes no other random number of the run.
 */
import { streams } from '../random';

export class ProbedExamples {
  private readonly order: Uint32Array;

  /** @param count Number of training examples. */
  constructor(
    seed: number,
    private readonly count: number,
  ) {
    // not translated: name of a random stream
    this.order = streams(seed)('probed examples').permutation(count);
  }

  /** The first minibatches without a common example: `most` of them, or as many as there are. */
  minibatches(size: number, most: number): Uint32Array[] {
    const number = Math.min(most, Math.floor(this.count / size));
    return Array.from({ length: number }, (_, k) => this.order.slice(k * size, (k + 1) * size));
  }
}
