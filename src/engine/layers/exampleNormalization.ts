/**
 * Normalization of each example by itself: layer, group, instance and RMS normalization. They differ in the numbers of
 * the example that share a mean and a variance: all, those of a group of channels, those of one channel. Training and
 * evaluation compute the same, and nothing is kept between them.
 */
import type { Deviation, Kernels, Tensor } from '../kernels/kernels';
import { positionsOf, type Shape } from '../shape';
import type { ExampleNormalizationSpecification } from '../specification';
import type { Normalization, NormalizationBuffers } from './normalization';
import { type Parameter, parameter } from './parameter';
import { slopesOf } from './statistics';

export class ExampleNormalization implements Normalization {
  readonly scale: Parameter | null;
  readonly shift: Parameter | null;
  readonly running = null;
  private readonly groups: number;
  private readonly deviation: Deviation;

  constructor(
    private readonly kernels: Kernels,
    private readonly specification: ExampleNormalizationSpecification,
    private readonly shape: Shape,
  ) {
    const { scale, shift, kind } = specification;
    this.scale = scale ? parameter(kernels, 'scale', 1, shape.channels, 1) : null;
    this.shift = shift ? parameter(kernels, 'shift', 1, shape.channels, 0) : null;
    this.groups = kind === 'group' ? (specification.groups ?? 1) : kind === 'instance' ? shape.channels : 1;
    this.deviation = kind === 'rms' ? 'squares-from-zero' : 'squares';
  }

  buffers(examples: number): NormalizationBuffers {
    const { kernels, shape, groups } = this;
    return {
      xHat: kernels.tensor(examples * positionsOf(shape), shape.channels),
      mean: kernels.tensor(examples, groups),
      variance: kernels.tensor(examples, groups),
      inverseStd: kernels.tensor(examples, groups),
    };
  }

  forward(x: Tensor, y: Tensor, { mean, variance, inverseStd, xHat }: NormalizationBuffers): void {
    const { kernels } = this;
    kernels.moments(x, this.deviation, mean, variance);
    kernels.inverseStd(variance, 1, this.specification.epsilon, inverseStd);
    kernels.normalize(x, mean, inverseStd, this.scale?.value ?? null, this.shift?.value ?? null, xHat, y);
  }

  slopes({ inverseStd }: NormalizationBuffers): Float32Array {
    return slopesOf(this.kernels, inverseStd, this.scale?.value ?? null, this.shape.channels);
  }

  backward(dy: Tensor, dx: Tensor, { xHat, inverseStd }: NormalizationBuffers): void {
    this.kernels.normalizeGradient(
      dy,
      xHat,
      inverseStd,
      this.scale?.value ?? null,
      { throughStatistics: true, correction: 1, deviation: this.deviation },
      dx,
      this.scale?.gradient ?? null,
      this.shift?.gradient ?? null,
    );
  }
}
