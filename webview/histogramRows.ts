/** The histograms of one run as they came, a row at each step that has some. */
import type { HistogramBlock } from '../src/protocol';

/** More than a scrubber can tell apart; beyond, every second row goes. */
const mostRows = 512;

export class HistogramRows {
  private steps: number[] = [];
  private rows: Uint16Array[] = [];

  /** @param bins Of one histogram. */
  constructor(
    readonly places: number,
    readonly bins: number,
  ) {}

  /** Number of the last row at or before a step, −1 when there is none. */
  rowAt(step: number): number {
    let low = 0;
    let high = this.steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  stepOf(row: number): number {
    return this.steps[row];
  }

  get count(): number {
    return this.steps.length;
  }

  /** Shares of all bins at a place, in parts of 65,535; all 0 when there was no number. */
  shares(row: number, place: number): Uint16Array {
    return this.rows[row].subarray(place * this.bins, (place + 1) * this.bins);
  }

  /**
   * Adds rows; those that are not later than the last are known already and passed over.
   * @returns What is wrong with the block, which is then left out, or undefined.
   */
  append({ steps, shares }: HistogramBlock): string | undefined {
    const width = this.places * this.bins;
    if (shares.length !== steps.length * width) {
      return `${steps.length} histograms of ${this.places} places came with ${shares.length} shares`;
    }
    for (let k = 1; k < steps.length; k++) {
      if (steps[k] <= steps[k - 1]) return `histograms came out of order at step ${steps[k]}`;
    }
    for (let k = 0; k < steps.length; k++) {
      if (steps[k] <= (this.steps.at(-1) ?? -1)) continue;
      this.steps.push(steps[k]);
      this.rows.push(shares.slice(k * width, (k + 1) * width));
    }
    while (this.steps.length > mostRows) {
      this.steps = this.steps.filter((_, k) => k % 2 === 0);
      this.rows = this.rows.filter((_, k) => k % 2 === 0);
    }
    return undefined;
  }
}
