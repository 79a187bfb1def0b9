/** The received histograms of one run, one row per step. */
import * as l10n from '@vscode/l10n';
import type { HistogramBlock } from '../../src/protocol';
import { disorder, StepRows } from './stepRows';

export class HistogramRows extends StepRows<Uint16Array> {
  /** @param bins Number of bins per histogram. */
  constructor(
    readonly places: number,
    readonly bins: number,
  ) {
    super();
  }

  /** Shares of all bins at a place, in units of 1/65,535; all 0 without values. */
  shares(row: number, place: number): Uint16Array {
    return this.row(row).subarray(place * this.bins, (place + 1) * this.bins);
  }

  /** @returns The problem of a block, which is then left out, or undefined. */
  append({ steps, shares }: HistogramBlock): string | undefined {
    const width = this.places * this.bins;
    if (shares.length !== steps.length * width) {
      return l10n.t`${steps.length} histograms of ${this.places} places came with ${shares.length} shares`;
    }
    const problem = disorder('histograms', steps);
    if (problem) return problem;
    for (let k = 0; k < steps.length; k++) this.add(steps[k], shares.slice(k * width, (k + 1) * width));
    return undefined;
  }
}
