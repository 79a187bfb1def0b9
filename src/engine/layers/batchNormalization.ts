/**
 * Normalization by statistics of the minibatch (Ioffe & Szegedy 2015), with every choice of the specification:
 *
 *   x̂ = (x − μ) / √(c · v + ε)      y = scale · x̂ + shift
 *
 * μ and v are the mean and biased variance of m numbers: those of one channel (m = B · positions), or all of them.
 * Ghost batches have each their own (Hoffer et al. 2017). c is 1, or m / (m − 1) where the specification asks for the
 * unbiased variance. Evaluation, and training from `freezeAt` on, put the running mean and the running (always
 * unbiased) variance in their place, with c = 1, and take them for constants.
 */
import type { Deviation, Kernels, Tensor } from '../kernels/kernels';
import { positionsOf, type Shape } from '../shape';
import type { BatchNormalizationSpecification } from '../specification';
import type { PassContext } from './layer';
import type { Normalization, NormalizationBuffers, RunningStatistics } from './normalization';
import { type Parameter, parameter } from './parameter';
import { besselCorrection, runningStatistics, slopesOf } from './statistics';

export class BatchNormalization implements Normalization {
  readonly scale: Parameter | null;
  readonly shift: Parameter | null;
  readonly running: RunningStatistics;
  /** Statistics side by side: one a channel, or one. */
  private readonly statistics: number;
  private readonly deviation: Deviation;
  /** 1 / √(running variance + ε), [1 × statistics]. */
  private readonly runningInverseStd: Tensor;
  /** Whether the newest pass took the running statistics. */
  private frozen = false;

  constructor(
    private readonly kernels: Kernels,
    private readonly specification: BatchNormalizationSpecification,
    private readonly shape: Shape,
  ) {
    const { scale, shift, statistics, kind } = specification;
    this.scale = scale ? parameter(kernels, 'scale', 1, shape.channels, 1) : null;
    this.shift = shift ? parameter(kernels, 'shift', 1, shape.channels, 0) : null;
    this.statistics = statistics === 'whole-batch' ? 1 : shape.channels;
    this.deviation = kind === 'batch-l1' ? 'absolute' : 'squares';
    this.running = runningStatistics(kernels, this.statistics);
    this.runningInverseStd = kernels.tensor(1, this.statistics);
  }

  buffers(examples: number): NormalizationBuffers {
    const { kernels, shape, statistics, specification } = this;
    const { ghostBatchSize } = specification;
    // A pass of another number of examples only evaluates, and needs no statistics of its own.
    const batches = ghostBatchSize !== undefined && examples % ghostBatchSize === 0 ? examples / ghostBatchSize : 1;
    return {
      xHat: kernels.tensor(examples * positionsOf(shape), shape.channels),
      mean: kernels.tensor(batches, statistics),
      variance: kernels.tensor(batches, statistics),
      inverseStd: kernels.tensor(batches, statistics),
    };
  }

  forward(x: Tensor, y: Tensor, buffers: NormalizationBuffers, { mode, step, frozen }: PassContext): void {
    const { specification } = this;
    this.frozen = frozen === true || (specification.freezeAt !== undefined && step >= specification.freezeAt);
    if (mode !== 'evaluation') this.kernels.moments(x, this.deviation, buffers.mean, buffers.variance);
    if (mode === 'evaluation' || this.frozen) this.byRunning(x, y, buffers);
    else this.byBatch(x, y, buffers, mode === 'training');
  }

  private byBatch(
    x: Tensor,
    y: Tensor,
    { mean, variance, inverseStd, xHat }: NormalizationBuffers,
    keep: boolean,
  ): void {
    const { kernels, specification, running } = this;
    const bessel = besselCorrection(sharing(x, mean));
    kernels.inverseStd(variance, specification.variance === 'unbiased' ? bessel : 1, specification.epsilon, inverseStd);
    kernels.normalize(x, mean, inverseStd, this.scale?.value ?? null, this.shift?.value ?? null, xHat, y);
    if (!keep) return;
    kernels.updateRunning(running.mean, mean, specification.momentum, 1);
    kernels.updateRunning(running.variance, variance, specification.momentum, bessel);
  }

  private byRunning(x: Tensor, y: Tensor, { xHat }: NormalizationBuffers): void {
    const { kernels, running, runningInverseStd } = this;
    kernels.inverseStd(running.variance, 1, this.specification.epsilon, runningInverseStd);
    kernels.normalize(
      x,
      running.mean,
      runningInverseStd,
      this.scale?.value ?? null,
      this.shift?.value ?? null,
      xHat,
      y,
    );
  }

  slopes({ inverseStd }: NormalizationBuffers): Float32Array {
    const { kernels, frozen, runningInverseStd, scale, shape } = this;
    return slopesOf(kernels, frozen ? runningInverseStd : inverseStd, scale?.value ?? null, shape.channels);
  }

  backward(dy: Tensor, dx: Tensor, { xHat, mean, inverseStd }: NormalizationBuffers): void {
    const { specification, frozen } = this;
    this.kernels.normalizeGradient(
      dy,
      xHat,
      frozen ? this.runningInverseStd : inverseStd,
      this.scale?.value ?? null,
      {
        throughStatistics: specification.gradient === 'through-statistics' && !frozen,
        correction: specification.variance === 'unbiased' ? besselCorrection(sharing(dy, mean)) : 1,
        deviation: this.deviation,
      },
      dx,
      this.scale?.gradient ?? null,
      this.shift?.gradient ?? null,
    );
  }
}

/** Numbers that share one statistic. */
function sharing(x: Tensor, statistics: Tensor): number {
  return (x.rows * x.columns) / (statistics.rows * statistics.columns);
}
