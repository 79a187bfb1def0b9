/**
 * Batch renormalization (Ioffe 2017, algorithm 1), for each channel:
 *
 *   x̂ = (x − μ_B) / σ_B · r + d      r = clip(σ_B / σ, 1 / rMax, rMax)      d = clip((μ_B − μ) / σ, −dMax, dMax)
 *
 * with σ = √(variance + ε), μ_B and σ_B of the minibatch, μ and σ the running ones before this minibatch is taken in.
 * r and d are constants for back-propagation. With u = (x − μ_B) / σ_B the output is
 *
 *   y = scale · x̂ + shift = (scale · r) · u + (scale · d + shift)
 *
 * which is batch normalization with another scale and shift: that is how it is computed, forward and backward.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import { positionsOf, type Shape } from '../shape';
import type { BatchRenormalizationSpecification } from '../specification';
import type { PassContext } from './layer';
import type { Normalization, NormalizationBuffers, RunningStatistics } from './normalization';
import { type Parameter, parameter } from './parameter';
import { besselCorrection, runningStatistics, slopesOf } from './statistics';

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
  /** Scale and shift of u, and the gradients with respect to them; [1 × channels]. */
  private readonly innerScale: Tensor;
  private readonly innerShift: Tensor;
  private readonly innerScaleGradient: Tensor;
  private readonly innerShiftGradient: Tensor;
  private readonly runningInverseStd: Tensor;
  /** r and d of the newest pass. */
  private readonly r: Float32Array;
  private readonly d: Float32Array;
  private frozen = false;

  constructor(
    private readonly kernels: Kernels,
    private readonly specification: BatchRenormalizationSpecification,
    private readonly shape: Shape,
  ) {
    const { channels } = shape;
    this.scale = specification.scale ? parameter(kernels, 'scale', 1, channels, 1) : null;
    this.shift = specification.shift ? parameter(kernels, 'shift', 1, channels, 0) : null;
    this.running = runningStatistics(kernels, channels);
    this.innerScale = kernels.tensor(1, channels);
    this.innerShift = kernels.tensor(1, channels);
    this.innerScaleGradient = kernels.tensor(1, channels);
    this.innerShiftGradient = kernels.tensor(1, channels);
    this.runningInverseStd = kernels.tensor(1, channels);
    this.r = new Float32Array(channels);
    this.d = new Float32Array(channels);
  }

  buffers(examples: number): NormalizationBuffers {
    const { kernels, shape } = this;
    return {
      xHat: kernels.tensor(examples * positionsOf(shape), shape.channels),
      mean: kernels.tensor(1, shape.channels),
      variance: kernels.tensor(1, shape.channels),
      inverseStd: kernels.tensor(1, shape.channels),
    };
  }

  forward(x: Tensor, y: Tensor, buffers: NormalizationBuffers, { mode, step, frozen }: PassContext): void {
    const { kernels, specification, running } = this;
    const { mean, variance, inverseStd, xHat } = buffers;
    this.frozen = frozen === true || (specification.freezeAt !== undefined && step >= specification.freezeAt);
    kernels.inverseStd(running.variance, 1, specification.epsilon, this.runningInverseStd);
    if (mode !== 'evaluation') kernels.moments(x, 'squares', mean, variance);
    if (mode === 'evaluation' || this.frozen) {
      const [scale, shift] = [this.scale?.value ?? null, this.shift?.value ?? null];
      kernels.normalize(x, running.mean, this.runningInverseStd, scale, shift, xHat, y);
      return;
    }
    kernels.inverseStd(variance, 1, specification.epsilon, inverseStd);
    this.correct(buffers, step);
    kernels.normalize(x, mean, inverseStd, this.innerScale, this.innerShift, xHat, y);
    if (mode === 'training') {
      kernels.updateRunning(running.mean, mean, specification.momentum, 1);
      kernels.updateRunning(running.variance, variance, specification.momentum, besselCorrection(x.rows));
    }
  }

  /** Sets r, d, and the scale and shift of u that follow from them. */
  private correct({ mean, inverseStd }: NormalizationBuffers, step: number): void {
    const { r, d } = this;
    const limit = renormalizationLimits(this.specification, step);
    const means = this.copy(mean);
    const stds = this.copy(inverseStd);
    const runningMeans = this.copy(this.running.mean);
    const runningStds = this.copy(this.runningInverseStd);
    for (let c = 0; c < r.length; c++) {
      r[c] = clipped(runningStds[c] / stds[c], 1 / limit.r, limit.r);
      d[c] = clipped((means[c] - runningMeans[c]) * runningStds[c], -limit.d, limit.d);
    }
    const scale = this.scale && this.copy(this.scale.value);
    const shift = this.shift && this.copy(this.shift.value);
    this.kernels.write(this.innerScale, scale ? r.map((v, c) => v * scale[c]) : r);
    this.kernels.write(
      this.innerShift,
      d.map((v, c) => (scale ? v * scale[c] : v) + (shift ? shift[c] : 0)),
    );
  }

  private copy(t: Tensor): Float32Array {
    return this.kernels.read(t).slice();
  }

  slopes({ inverseStd }: NormalizationBuffers): Float32Array {
    const { kernels, frozen, runningInverseStd, scale, innerScale, shape } = this;
    return frozen
      ? slopesOf(kernels, runningInverseStd, scale?.value ?? null, shape.channels)
      : slopesOf(kernels, inverseStd, innerScale, shape.channels);
  }

  backward(dy: Tensor, dx: Tensor, { xHat, inverseStd }: NormalizationBuffers): void {
    const { kernels, scale, shift, frozen, r, d } = this;
    const backward = { throughStatistics: !frozen, correction: 1, deviation: 'squares' } as const;
    if (frozen) {
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
}

/** A NaN stays one. */
function clipped(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
