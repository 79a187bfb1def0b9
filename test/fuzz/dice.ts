/** Random choices of one case, all derived from its seed and number, so that a single case can be repeated. */
import { createHash } from 'node:crypto';
import { RandomStream } from '../../src/engine/random';

export class Dice {
  private readonly stream: RandomStream;

  constructor(seed: number, ...names: (string | number)[]) {
    const hash = createHash('sha256')
      .update(JSON.stringify([seed, ...names]))
      .digest();
    this.stream = new RandomStream(
      [0, 4, 8, 12].map((at) => hash.readUInt32LE(at)) as [number, number, number, number],
    );
  }

  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number {
    return Math.floor(this.stream.uniform() * limit);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(share: number): boolean {
    return this.stream.uniform() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}
