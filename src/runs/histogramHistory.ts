/**
 * The histograms of one run in memory, as shares. However long the run, no more than so many are held: when there is no
 * room left, every second one goes, and the interval between them doubles. The first and the newest are always there.
 */
import { binCount } from '../engine/bins';
import type { HistogramBlock } from '../protocol';

const mostHistograms = 256;

/** All numbers at a place. */
export const wholeShare = 65_535;

/** Shares of the counts [places × binCount] at their places, as the protocol has them. */
export function sharesOf(counts: Uint32Array): Uint16Array {
  const shares = new Uint16Array(counts.length);
  for (let start = 0; start < counts.length; start += binCount) {
    let total = 0;
    for (let k = start; k < start + binCount; k++) total += counts[k];
    if (total === 0) continue;
    for (let k = start; k < start + binCount; k++) {
      // What is there at all is never nothing.
      shares[k] = counts[k] === 0 ? 0 : Math.max(1, Math.round((counts[k] / total) * wholeShare));
    }
  }
  return shares;
}

export class HistogramHistory {
  private steps: number[] = [];
  private rows: Uint16Array[] = [];
  /** Of so many that come, one is held. */
  private stretch = 1;
  private come = 0;
  private newest: { step: number; shares: Uint16Array } | null = null;

  /** @param width Numbers of a row: places × binCount. */
  constructor(
    private readonly width: number,
    private readonly most = mostHistograms,
  ) {}

  /** Of memory. */
  get bytes(): number {
    return this.rows.length * this.width * Uint16Array.BYTES_PER_ELEMENT;
  }

  /** @param shares Is kept, and must not be changed afterwards. */
  append(step: number, shares: Uint16Array): void {
    if (this.width === 0) return;
    this.newest = { step, shares };
    if (this.come++ % this.stretch !== 0) return;
    if (this.steps.length === this.most) {
      this.steps = this.steps.filter((_, k) => k % 2 === 0);
      this.rows = this.rows.filter((_, k) => k % 2 === 0);
      this.stretch *= 2;
      if ((this.come - 1) % this.stretch !== 0) return;
    }
    this.steps.push(step);
    this.rows.push(shares);
  }

  appendBlock({ steps, shares }: HistogramBlock): void {
    for (let k = 0; k < steps.length; k++) {
      this.append(steps[k], shares.slice(k * this.width, (k + 1) * this.width));
    }
  }

  /** A copy of what is held. */
  block(): HistogramBlock {
    const { newest } = this;
    const isMissing = newest !== null && newest.step !== this.steps.at(-1);
    return joinHistograms([
      ...this.rows.map((shares, k) => ({ steps: Uint32Array.of(this.steps[k]), shares })),
      ...(isMissing ? [{ steps: Uint32Array.of(newest.step), shares: newest.shares }] : []),
    ]);
  }
}

/** Joins blocks of the same places. The result shares no memory with them. */
export function joinHistograms(blocks: readonly HistogramBlock[]): HistogramBlock {
  const steps = new Uint32Array(blocks.reduce((sum, block) => sum + block.steps.length, 0));
  const shares = new Uint16Array(blocks.reduce((sum, block) => sum + block.shares.length, 0));
  let step = 0;
  let share = 0;
  for (const block of blocks) {
    steps.set(block.steps, step);
    shares.set(block.shares, share);
    step += block.steps.length;
    share += block.shares.length;
  }
  return { steps, shares };
}
