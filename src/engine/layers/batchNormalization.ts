/**
 * Normalization by statistics of the minibatch (Ioffe & Szegedy 2015), with every choice of the specification:
 *
 *   x̂ = (x − μ) / √(c · v + ε)      y = scale · x̂ + shift
 *
 * μ and v are the mean and biased variance of m numbers: one column of x [B × n] (m = B), or all of x (m = B · n).
 * c is 1, or m / (m − 1) where the specification asks for the unbiased variance.
 * Evaluation puts the running mean and the running (always unbiased) variance in their place, with c = 1.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import type { BatchNormalizationSpecification } from '../specification';
import { type Parameter, parameter } from './parameter';

/** What a forward pass leaves for the backward pass and for the probes, for one number of rows. */
export interface NormalizationBuffers {
  /** [B × n] */
  xHat: Tensor;
  /** Of the minibatch, [1 × n] or [1 × 1]; the variance is biased. */
  mean: Tensor;
  variance: Tensor;
  inverseStd: Tensor;
}

/** m / (m − 1), the factor from the biased variance to the unbiased; 1 for a single number, whose variance is 0 anyway. */
export function besselCorrection(m: number): number {
  return m > 1 ? m / (m - 1) : 1;
}

export class BatchNormalization {
  readonly scale: Parameter | null;
  readonly shift: Parameter | null;
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;
  private readonly statistics: number;

  constructor(
    private readonly kernels: Kernels,
    private readonly specification: BatchNormalizationSpecification,
    private readonly features: number,
  ) {
    this.scale = specification.scale ? parameter(kernels, 'scale', 1, features, 1) : null;
    this.shift = specification.shift ? parameter(kernels, 'shift', 1, features, 0) : null;
    this.statistics = specification.statistics === 'per-feature' ? features : 1;
    this.runningMean = kernels.tensor(1, this.statistics);
    this.runningVariance = kernels.tensor(1, this.statistics);
    kernels.write(this.runningVariance, new Float32Array(this.statistics).fill(1));
  }

  buffers(rows: number): NormalizationBuffers {
    const { kernels, features, statistics } = this;
    return {
      xHat: kernels.tensor(rows, features),
      mean: kernels.tensor(1, statistics),
      variance: kernels.tensor(1, statistics),
      inverseStd: kernels.tensor(1, statistics),
    };
  }

  /** Numbers that share one statistic. */
  private sharing(x: Tensor): number {
    return (x.rows * x.columns) / this.statistics;
  }

  private correction(x: Tensor): number {
    return this.specification.variance === 'unbiased' ? besselCorrection(this.sharing(x)) : 1;
  }

  forwardTraining(x: Tensor, y: Tensor, buffers: NormalizationBuffers): void {
    const { kernels } = this;
    const { mean, variance, inverseStd, xHat } = buffers;
    kernels.moments(x, mean, variance);
    kernels.inverseStd(variance, this.correction(x), this.specification.epsilon, inverseStd);
    kernels.normalize(x, mean, inverseStd, this.scale?.value ?? null, this.shift?.value ?? null, xHat, y);
  }

  /** Takes the statistics of the newest training pass into the running ones. */
  updateRunning(x: Tensor, buffers: NormalizationBuffers): void {
    const { momentum } = this.specification;
    this.kernels.updateRunning(this.runningMean, buffers.mean, momentum, 1);
    this.kernels.updateRunning(this.runningVariance, buffers.variance, momentum, besselCorrection(this.sharing(x)));
  }

  forwardEvaluation(x: Tensor, y: Tensor, buffers: NormalizationBuffers): void {
    const { kernels, runningMean, runningVariance } = this;
    kernels.inverseStd(runningVariance, 1, this.specification.epsilon, buffers.inverseStd);
    const [scale, shift] = [this.scale?.value ?? null, this.shift?.value ?? null];
    kernels.normalize(x, runningMean, buffers.inverseStd, scale, shift, buffers.xHat, y);
  }

  /** Gradients of the newest training pass: dx, and those of scale and shift. */
  backward(dy: Tensor, dx: Tensor, buffers: NormalizationBuffers): void {
    this.kernels.normalizeGradient(
      dy,
      buffers.xHat,
      buffers.inverseStd,
      this.scale?.value ?? null,
      {
        throughStatistics: this.specification.gradient === 'through-statistics',
        correction: this.correction(dy),
      },
      dx,
      this.scale?.gradient ?? null,
      this.shift?.gradient ?? null,
    );
  }
}
