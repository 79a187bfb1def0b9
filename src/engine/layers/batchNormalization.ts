/**
 * Normalization by statistics of the minibatch (Ioffe & Szegedy 2015), with every choice of the specification:
 *
 *   x̂ = (x − μ) / √(c · v + ε)      y = scale · x̂ + shift
 *
 * μ and v are the mean and biased variance of m numbers: those of one channel (m = B · positions), or all of them.
 * Ghost batches have each their own (Hoffer et al. 2017). c is 1, or m / (m − 1) where the specification asks for the
 * unbiased variance. Evaluation, and training from `freezeAt` on, put the running mean and the running (always
 * unbiased) variance in their place, with c = 1, and take them for constants.
 *
 * Running statistics are float32, as PyTorch's: a running mean stops where momentum times what is missing is lost in
 * rounding, at most about 2⁻²³ · |mean| / momentum from the mean. docs/architecture.md says when that matters.
 */
import type { Deviation, Kernels, Tensor } from '../kernels/kernels';
import { positionsOf, type Shape } from '../shape';
import type { BatchNormalizationSpecification } from '../specification';
import type { PassContext } from './layer';
import type { Normalization, NormalizationPass, RunningStatistics } from './normalization';
import { type Parameter, parameter } from './parameter';
import { besselCorrection, runningStatistics, sharing, slopesOf } from './runningStatistics';

export class BatchNormalization implements Normalization {
  readonly scale: Parameter | null;
  readonly shift: Parameter | null;
  readonly running: RunningStatistics;
  /** Statistics side by side: one a channel, or one. */
  readonly statistics: number;
  readonly deviation: Deviation;

  constructor(
    readonly kernels: Kernels,
    readonly specification: BatchNormalizationSpecification,
    readonly shape: Shape,
  ) {
    const { scale, shift, statistics, kind } = specification;
    this.scale = scale ? parameter(kernels, 'scale', 1, shape.channels, 1) : null;
    this.shift = shift ? parameter(kernels, 'shift', 1, shape.channels, 0) : null;
    this.statistics = statistics === 'whole-batch' ? 1 : shape.channels;
    this.deviation = kind === 'batch-l1' ? 'absolute' : 'squares';
    this.running = runningStatistics(kernels, this.statistics, 'unbiased-variance');
  }

  pass(examples: number): NormalizationPass {
    return new BatchNormalizationPass(this, examples);
  }
}

class BatchNormalizationPass implements NormalizationPass {
  readonly xHat: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly inverseStd: Tensor;
  /** 1 / √(running variance + ε), [1 × statistics]. */
  private readonly runningInverseStd: Tensor;
  private readonly kernels: Kernels;
  /** Whether the newest forward pass normalized by the running statistics. */
  private byRunning = false;

  constructor(
    private readonly layer: BatchNormalization,
    examples: number,
  ) {
    const { kernels, shape, statistics, specification } = layer;
    const { ghostBatchSize } = specification;
    // A pass of another number of examples never normalizes by its batch, and needs one row of statistics.
    const batches = ghostBatchSize !== undefined && examples % ghostBatchSize === 0 ? examples / ghostBatchSize : 1;
    this.kernels = kernels;
    this.xHat = kernels.tensor(examples * positionsOf(shape), shape.channels);
    this.mean = kernels.tensor(batches, statistics);
    this.variance = kernels.tensor(batches, statistics);
    this.inverseStd = kernels.tensor(batches, statistics);
    this.runningInverseStd = kernels.tensor(1, statistics);
  }

  forward(x: Tensor, y: Tensor, { mode, step, frozen }: PassContext): void {
    const { kernels, mean, variance } = this;
    const { specification, deviation } = this.layer;
    this.byRunning =
      mode === 'evaluation' ||
      frozen === true ||
      (specification.freezeAt !== undefined && step >= specification.freezeAt);
    // Watched even where the running statistics take their place.
    if (mode !== 'evaluation') kernels.moments(x, deviation, mean, variance);
    if (this.byRunning) this.normalizeByRunning(x, y);
    else this.normalizeByBatch(x, y, mode === 'training');
  }

  private normalizeByBatch(x: Tensor, y: Tensor, updateRunning: boolean): void {
    const { kernels, mean, variance, inverseStd, xHat } = this;
    const { specification, running, scale, shift } = this.layer;
    const bessel = besselCorrection(sharing(x, mean));
    kernels.inverseStd(variance, specification.variance === 'unbiased' ? bessel : 1, specification.epsilon, inverseStd);
    kernels.normalize(x, mean, inverseStd, scale?.value ?? null, shift?.value ?? null, xHat, y);
    if (!updateRunning) return;
    kernels.updateRunning(running.mean, mean, specification.momentum, 1);
    kernels.updateRunning(running.spread, variance, specification.momentum, bessel);
  }

  private normalizeByRunning(x: Tensor, y: Tensor): void {
    const { kernels, runningInverseStd, xHat } = this;
    const { specification, running, scale, shift } = this.layer;
    kernels.inverseStd(running.spread, 1, specification.epsilon, runningInverseStd);
    kernels.normalize(x, running.mean, runningInverseStd, scale?.value ?? null, shift?.value ?? null, xHat, y);
  }

  slopes(): Float32Array {
    const { kernels, byRunning, runningInverseStd, inverseStd } = this;
    const { scale, shape } = this.layer;
    return slopesOf(kernels, byRunning ? runningInverseStd : inverseStd, scale?.value ?? null, shape.channels);
  }

  backward(dy: Tensor, dx: Tensor): void {
    const { byRunning, xHat, mean, inverseStd } = this;
    const { specification, scale, shift, deviation } = this.layer;
    this.kernels.normalizeGradient(
      dy,
      xHat,
      byRunning ? this.runningInverseStd : inverseStd,
      scale?.value ?? null,
      {
        throughStatistics: specification.gradient === 'through-statistics' && !byRunning,
        correction: specification.variance === 'unbiased' ? besselCorrection(sharing(dy, mean)) : 1,
        deviation,
      },
      dx,
      scale?.gradient ?? null,
      shift?.gradient ?? null,
    );
  }

  runningVariance(): Tensor {
    return this.layer.running.spread;
  }
}
