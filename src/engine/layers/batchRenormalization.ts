/**
 * Batch renormalization (Ioffe 2017, algorithm 1), for each channel, with a minibatch's numbers x:
 *
 *   x̂ = (x − μ_B) / σ_B · r + d      r = clip(σ_B / σ, 1 / rMax, rMax)      d = clip((μ_B − μ) / σ, −dMax, dMax)
 *
 * with μ_B the mean of the minibatch and σ_B = √(its biased variance + ε). μ and σ are running averages of μ_B and σ_B,
 * as they are before this minibatch is averaged in; both move by `momentum`, and σ starts at 1. r and d are constants for
 * back-propagation. Evaluation takes x̂ = (x − μ) / σ. With u = (x − μ_B) / σ_B the output is
 *
 *   y = scale · x̂ + shift = (scale · r) · u + (scale · d + shift)
 *
 * which is batch normalization with another scale and shift: that is how it is computed, forward and backward.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import { positionsOf, type Shape } from '../shape';
import type { BatchRenormalizationSpecification } from '../specification';
import type { PassContext } from './layer';
import type { Normalization, NormalizationPass, RunningStatistics } from './normalization';
import { type Parameter, parameter } from './parameter';
import { besselCorrection, runningStatistics, sharing, slopesOf } from './runningStatistics';

/** The limits of r and d at a step. */
export function renormalizationLimits(
  { rMax, dMax, relaxFrom, rMaxAt, dMaxAt }: BatchRenormalizationSpecification,
  step: number,
): { r: number; d: number } {
  const opened = (end: number) => (step >= end ? 1 : step <= relaxFrom ? 0 : (step - relaxFrom) / (end - relaxFrom));
  return { r: 1 + (rMax - 1) * opened(rMaxAt), d: dMax * opened(dMaxAt) };
}

export class BatchRenormalization implements Normalization {
  readonly scale: Parameter | null;
  readonly shift: Parameter | null;
  readonly running: RunningStatistics;

  constructor(
    readonly kernels: Kernels,
    readonly specification: BatchRenormalizationSpecification,
    readonly shape: Shape,
  ) {
    const { channels } = shape;
    this.scale = specification.scale ? parameter(kernels, 'scale', 1, channels, 1) : null;
    this.shift = specification.shift ? parameter(kernels, 'shift', 1, channels, 0) : null;
    this.running = runningStatistics(kernels, channels, 'standard-deviation');
  }

  pass(examples: number): NormalizationPass {
    return new BatchRenormalizationPass(this, examples);
  }
}

class BatchRenormalizationPass implements NormalizationPass {
  readonly xHat: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly inverseStd: Tensor;
  /** σ_B, [1 × channels]. */
  private readonly std: Tensor;
  /** 1 / σ, [1 × channels]. */
  private readonly runningInverseStd: Tensor;
  /** Scale and shift of u, and the gradients with respect to them; [1 × channels]. */
  private readonly innerScale: Tensor;
  private readonly innerShift: Tensor;
  private readonly innerScaleGradient: Tensor;
  private readonly innerShiftGradient: Tensor;
  private readonly shownVariance: Tensor;
  private readonly r: Float32Array;
  private readonly d: Float32Array;
  private readonly kernels: Kernels;
  /** Whether the newest forward pass normalized by the running statistics. */
  private byRunning = false;

  constructor(
    private readonly layer: BatchRenormalization,
    examples: number,
  ) {
    const { kernels, shape } = layer;
    const { channels } = shape;
    this.kernels = kernels;
    this.xHat = kernels.tensor(examples * positionsOf(shape), channels);
    this.mean = kernels.tensor(1, channels);
    this.variance = kernels.tensor(1, channels);
    this.inverseStd = kernels.tensor(1, channels);
    this.std = kernels.tensor(1, channels);
    this.runningInverseStd = kernels.tensor(1, channels);
    this.innerScale = kernels.tensor(1, channels);
    this.innerShift = kernels.tensor(1, channels);
    this.innerScaleGradient = kernels.tensor(1, channels);
    this.innerShiftGradient = kernels.tensor(1, channels);
    this.shownVariance = kernels.tensor(1, channels);
    this.r = new Float32Array(channels);
    this.d = new Float32Array(channels);
  }

  forward(x: Tensor, y: Tensor, { mode, step, frozen }: PassContext): void {
    const { kernels, mean, variance, inverseStd, xHat } = this;
    const { specification, running, scale, shift } = this.layer;
    this.byRunning =
      mode === 'evaluation' ||
      frozen === true ||
      (specification.freezeAt !== undefined && step >= specification.freezeAt);
    kernels.write(
      this.runningInverseStd,
      kernels.read(running.spread).map((std) => 1 / std),
    );
    // Watched even where the running statistics take their place.
    if (mode !== 'evaluation') kernels.moments(x, 'squares', mean, variance);
    if (this.byRunning) {
      const [s, t] = [scale?.value ?? null, shift?.value ?? null];
      kernels.normalize(x, running.mean, this.runningInverseStd, s, t, xHat, y);
      return;
    }
    kernels.inverseStd(variance, 1, specification.epsilon, inverseStd);
    this.correct(step);
    kernels.normalize(x, mean, inverseStd, this.innerScale, this.innerShift, xHat, y);
    if (mode === 'training') {
      kernels.updateRunning(running.mean, mean, specification.momentum, 1);
      kernels.updateRunning(running.spread, this.std, specification.momentum, 1);
    }
  }

  /** Sets σ_B, r, d, and the scale and shift of u that follow from them. */
  private correct(step: number): void {
    const { r, d } = this;
    const { specification, running, scale, shift } = this.layer;
    const limit = renormalizationLimits(specification, step);
    const means = this.copy(this.mean);
    const inverseStds = this.copy(this.inverseStd);
    const runningMeans = this.copy(running.mean);
    const runningStds = this.copy(running.spread);
    const stds = inverseStds.map((v) => 1 / v);
    for (let c = 0; c < r.length; c++) {
      r[c] = clipped(stds[c] / runningStds[c], 1 / limit.r, limit.r);
      d[c] = clipped((means[c] - runningMeans[c]) / runningStds[c], -limit.d, limit.d);
    }
    const scales = scale && this.copy(scale.value);
    const shifts = shift && this.copy(shift.value);
    this.kernels.write(this.std, stds);
    this.kernels.write(this.innerScale, scales ? r.map((v, c) => v * scales[c]) : r);
    this.kernels.write(
      this.innerShift,
      d.map((v, c) => (scales ? v * scales[c] : v) + (shifts ? shifts[c] : 0)),
    );
  }

  private copy(t: Tensor): Float32Array {
    return this.kernels.read(t).slice();
  }

  slopes(): Float32Array {
    const { kernels, byRunning, runningInverseStd, inverseStd, innerScale } = this;
    const { scale, shape } = this.layer;
    return byRunning
      ? slopesOf(kernels, runningInverseStd, scale?.value ?? null, shape.channels)
      : slopesOf(kernels, inverseStd, innerScale, shape.channels);
  }

  backward(dy: Tensor, dx: Tensor): void {
    const { kernels, byRunning, r, d, xHat, inverseStd } = this;
    const { scale, shift } = this.layer;
    const backward = { throughStatistics: !byRunning, correction: 1, deviation: 'squares' } as const;
    if (byRunning) {
      const [s, dScale, dShift] = [scale?.value ?? null, scale?.gradient ?? null, shift?.gradient ?? null];
      kernels.normalizeGradient(dy, xHat, this.runningInverseStd, s, backward, dx, dScale, dShift);
      return;
    }
    const { innerScale, innerScaleGradient, innerShiftGradient } = this;
    kernels.normalizeGradient(dy, xHat, inverseStd, innerScale, backward, dx, innerScaleGradient, innerShiftGradient);
    const along = this.copy(innerScaleGradient);
    const sums = this.copy(innerShiftGradient);
    if (scale) {
      // x̂ = r · u + d
      kernels.write(
        scale.gradient,
        along.map((v, c) => r[c] * v + d[c] * sums[c]),
      );
    }
    if (shift) kernels.write(shift.gradient, sums);
  }

  /** σ² − ε, with the correction that makes a minibatch's variance unbiased. */
  runningVariance(): Tensor {
    const { specification, running } = this.layer;
    const bessel = besselCorrection(sharing(this.xHat, this.variance));
    const variances = this.copy(running.spread).map((std) => Math.max(0, std * std - specification.epsilon) * bessel);
    this.kernels.write(this.shownVariance, variances);
    return this.shownVariance;
  }
}

/** A NaN stays one. */
function clipped(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
