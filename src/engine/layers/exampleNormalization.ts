/**
 * Normalization of each example alone: layer, group, instance and RMS normalization. They differ in the numbers of
 * the example that share a mean and a variance: all, those of a group of channels, or those of one channel. Training and
 * evaluation compute the same, and no state is stored between them.
 */
import type { Deviation, Kernels, Tensor } from '../kernels/kernels';
import { positionsOf, type Shape } from '../shape';
import type { ExampleNormalizationSpecification } from '../specification';
import type { Normalization, NormalizationPass } from './normalization';
import { type Parameter, parameter } from './parameter';
import { slopesOf } from './runningStatistics';

export class ExampleNormalization implements Normalization {
  readonly scale: Parameter | null;
  readonly shift: Parameter | null;
  readonly running = null;
  readonly groups: number;
  readonly deviation: Deviation;

  constructor(
    readonly kernels: Kernels,
    readonly specification: ExampleNormalizationSpecification,
    readonly shape: Shape,
  ) {
    const { scale, shift, kind } = specification;
    this.scale = scale ? parameter(kernels, 'scale', 1, shape.channels, 1) : null;
    this.shift = shift ? parameter(kernels, 'shift', 1, shape.channels, 0) : null;
    this.groups = kind === 'group' ? (specification.groups ?? 1) : kind === 'instance' ? shape.channels : 1;
    this.deviation = kind === 'rms' ? 'squares-from-zero' : 'squares';
  }

  pass(examples: number): NormalizationPass {
    return new ExampleNormalizationPass(this, examples);
  }
}

class ExampleNormalizationPass implements NormalizationPass {
  readonly xHat: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly inverseStd: Tensor;
  private readonly kernels: Kernels;

  constructor(
    private readonly layer: ExampleNormalization,
    examples: number,
  ) {
    const { kernels, shape, groups } = layer;
    this.kernels = kernels;
    this.xHat = kernels.tensor(examples * positionsOf(shape), shape.channels);
    this.mean = kernels.tensor(examples, groups);
    this.variance = kernels.tensor(examples, groups);
    this.inverseStd = kernels.tensor(examples, groups);
  }

  forward(x: Tensor, y: Tensor): void {
    const { kernels, mean, variance, inverseStd, xHat } = this;
    const { deviation, specification, scale, shift } = this.layer;
    kernels.moments(x, deviation, mean, variance);
    kernels.inverseStd(variance, 1, specification.epsilon, inverseStd);
    kernels.normalize(x, mean, inverseStd, scale?.value ?? null, shift?.value ?? null, xHat, y);
  }

  slopes(): Float32Array {
    const { scale, shape } = this.layer;
    return slopesOf(this.kernels, this.inverseStd, scale?.value ?? null, shape.channels);
  }

  backward(dy: Tensor, dx: Tensor): void {
    const { xHat, inverseStd } = this;
    const { scale, shift, deviation } = this.layer;
    this.kernels.normalizeGradient(
      dy,
      xHat,
      inverseStd,
      scale?.value ?? null,
      { throughStatistics: true, correction: 1, deviation },
      dx,
      scale?.gradient ?? null,
      shift?.gradient ?? null,
    );
  }

  runningVariance(): null {
    return null;
  }
}
