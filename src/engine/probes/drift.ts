/**
 * Drift of the distribution that comes into a layer, as "internal covariate shift" is said to be (Ioffe & Szegedy 2015, §1).
 * For the layer's inputs x [B × n], with mean μ_u and variance v_u of each unit u over the minibatch, and σ = √(mean_u v_u)
 * before:
 *
 *   mean         √(mean_u (μ′_u − μ_u)²) / σ
 *   variance     √(mean_u (v′_u − v_u)²) / σ²
 *   wasserstein  ∫ |F′ − F| / σ: the 1-Wasserstein distance of all numbers of x, from histograms on the bins of `bins.ts`
 *
 * All three are in standard deviations, so that arms of different scale can be compared. `drift` compares the same
 * minibatch before and after one update of the whole network: only the layers before have moved it. `frameDrift` compares
 * the minibatch of one asking with that of the one before: many updates, and other examples too; that of the first layer,
 * which reads the data, shows how much of it other examples make.
 *
 * Price of `drift`: a forward pass, and the statistics of all inputs twice; of `frameDrift`: those statistics once.
 */
import { binCentres, binCount } from '../bins';
import type { Kernels, Tensor } from '../kernels/kernels';
import type { ProbedUpdate } from './probedUpdate';
import { type Put, ratio, type UpdateProbe, watchedBlocks } from './updateProbe';

/** Stored statistics of x [B × n]. */
export interface Distribution {
  /** Mean of each unit. */
  means: Float32Array;
  variances: Float32Array;
  /** Histogram of all numbers, with `binCount` bins. */
  counts: Uint32Array;
}

export function distributionOf(kernels: Kernels, x: Tensor, scratch: { mean: Tensor; variance: Tensor }): Distribution {
  const counts = new Uint32Array(binCount);
  kernels.histogram(x, counts);
  kernels.moments(x, 'squares', scratch.mean, scratch.variance);
  return { means: kernels.read(scratch.mean).slice(), variances: kernels.read(scratch.variance).slice(), counts };
}

function driftOf(before: Distribution, after: Distribution): Record<'mean' | 'variance' | 'wasserstein', number> {
  const variance = meanOf(before.variances, (v) => v);
  return {
    mean: ratio(rootMeanSquare(before.means, after.means), Math.sqrt(variance)),
    variance: ratio(rootMeanSquare(before.variances, after.variances), variance),
    wasserstein: ratio(wasserstein(before.counts, after.counts), Math.sqrt(variance)),
  };
}

function meanOf(values: Float32Array, of: (value: number, index: number) => number): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += of(values[k], k);
  return sum / values.length;
}

function rootMeanSquare(before: Float32Array, after: Float32Array): number {
  return Math.sqrt(meanOf(before, (value, k) => (after[k] - value) * (after[k] - value)));
}

/** ∫ |F − G| of two histograms, each bin's numbers taken for its centre; NaN where one of them is empty. */
export function wasserstein(f: Uint32Array, g: Uint32Array): number {
  const total = (counts: Uint32Array) => counts.reduce((sum, count) => sum + count, 0);
  const [all, others] = [total(f), total(g)];
  let [below, belowOthers, distance] = [0, 0, 0];
  for (let bin = 0; bin + 1 < binCount; bin++) {
    below += f[bin];
    belowOthers += g[bin];
    distance += Math.abs(below / all - belowOthers / others) * (binCentres[bin + 1] - binCentres[bin]);
  }
  return distance;
}

/** Statistics of what comes into the watched blocks. */
class Inputs {
  private readonly scratch = new Map<number, { mean: Tensor; variance: Tensor }>();

  constructor(
    private readonly isWatched: (layer: string) => boolean,
    /** Whether the first block counts, which reads the data. */
    private readonly withData: boolean,
  ) {}

  of(update: ProbedUpdate): Map<string, Distribution> {
    const distributions = new Map<string, Distribution>();
    for (const [place, { name }] of watchedBlocks(update, this.isWatched)) {
      if (place === 0 && !this.withData) continue;
      const x = update.pass.blocks[place].incoming;
      distributions.set(name, distributionOf(update.kernels, x, this.scratchFor(update.kernels, x.columns)));
    }
    return distributions;
  }

  private scratchFor(kernels: Kernels, columns: number) {
    let scratch = this.scratch.get(columns);
    if (!scratch) {
      scratch = { mean: kernels.tensor(1, columns), variance: kernels.tensor(1, columns) };
      this.scratch.set(columns, scratch);
    }
    return scratch;
  }
}

function putDrift(before: Map<string, Distribution>, after: Map<string, Distribution>, put: Put): void {
  for (const [layer, distribution] of before) put(layer, driftOf(distribution, after.get(layer)!));
}

export class Drift implements UpdateProbe {
  readonly kind = 'drift';
  private readonly inputs: Inputs;

  constructor(isWatched: (layer: string) => boolean) {
    this.inputs = new Inputs(isWatched, false);
  }

  measure(update: ProbedUpdate, put: Put): void {
    const before = this.inputs.of(update);
    update.use('after');
    update.forward();
    putDrift(before, this.inputs.of(update), put);
    update.use('before');
  }
}

export class FrameDrift implements UpdateProbe {
  readonly kind = 'frameDrift';
  private readonly inputs: Inputs;
  private last: Map<string, Distribution> | null = null;

  constructor(isWatched: (layer: string) => boolean) {
    this.inputs = new Inputs(isWatched, true);
  }

  /** The first frame has none before it, and stays without. */
  measure(update: ProbedUpdate, put: Put): void {
    const now = this.inputs.of(update);
    if (this.last) putDrift(this.last, now, put);
    this.last = now;
  }
}
