/** Stores the histograms of one run as shares, up to a fixed number of steps. */
import { binCount } from '../../engine/bins';
import type { HistogramBlock } from '../../protocol';
import { joinArrays } from '../../shared/joinArrays';
import { ThinnedRows } from './thinnedRows';

const mostHistograms = 256;

/** The share of all numbers at a place. */
export const wholeShare = 65_535;

/** Shares of the counts [places × binCount] at their places, in the format of the protocol. */
export function sharesOf(counts: Uint32Array): Uint16Array {
  const shares = new Uint16Array(counts.length);
  for (let start = 0; start < counts.length; start += binCount) {
    let total = 0;
    for (let k = start; k < start + binCount; k++) total += counts[k];
    if (total === 0) continue;
    for (let k = start; k < start + binCount; k++) {
      // A bin that is not empty has at least share 1.
      shares[k] = counts[k] === 0 ? 0 : Math.max(1, Math.round((counts[k] / total) * wholeShare));
    }
  }
  return shares;
}

export class HistogramHistory {
  private readonly rows: ThinnedRows<Uint16Array>;

  /** @param width Numbers per row: places × binCount. */
  constructor(
    private readonly width: number,
    most = mostHistograms,
  ) {
    this.rows = new ThinnedRows(most);
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.rows.length * this.width * Uint16Array.BYTES_PER_ELEMENT;
  }

  /** @param shares Stored without a copy; must not be changed afterwards. */
  append(step: number, shares: Uint16Array): void {
    if (this.width > 0) this.rows.append(step, shares);
  }

  appendBlock({ steps, shares }: HistogramBlock): void {
    for (let k = 0; k < steps.length; k++) {
      this.append(steps[k], shares.slice(k * this.width, (k + 1) * this.width));
    }
  }

  /** A copy of the stored histograms. */
  block(): HistogramBlock {
    return joinHistograms(this.rows.all().map(({ step, row }) => ({ steps: Uint32Array.of(step), shares: row })));
  }
}

/** Joins blocks of the same places. The result shares no memory with them. */
export function joinHistograms(blocks: readonly HistogramBlock[]): HistogramBlock {
  return {
    steps: joinArrays(
      blocks.map(({ steps }) => steps),
      Uint32Array,
    ),
    shares: joinArrays(
      blocks.map(({ shares }) => shares),
      Uint16Array,
    ),
  };
}
