/**
 * Noise that is drawn in every training pass and multiplies the values of a layer: dropout, and the noise after a
 * normalization. Evaluation uses its mean instead.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import type { RandomStream } from '../random';
import { positionsOf, type Shape } from '../shape';
import type { NoiseSpecification } from '../specification';

/** Fills factor and offset of a pass, [examples·positions × channels] row-major. */
export type Draw = (factor: Float32Array, offset: Float32Array, channels: number) => void;

/** One pass's noise: y = factor · x + offset, number by number. */
export class NoisePass {
  private readonly factor: Tensor;
  private readonly offset: Tensor | null;
  /** Factors of the latest draw. */
  readonly factors: Float32Array;
  private readonly offsets: Float32Array;

  /** @param additive Whether there is an offset at all. */
  constructor(
    private readonly kernels: Kernels,
    examples: number,
    private readonly shape: Shape,
    additive: boolean,
  ) {
    const rows = examples * positionsOf(shape);
    this.factor = kernels.tensor(rows, shape.channels);
    this.offset = additive ? kernels.tensor(rows, shape.channels) : null;
    this.factors = new Float32Array(rows * shape.channels);
    this.offsets = new Float32Array(additive ? rows * shape.channels : 0);
  }

  draw(draw: Draw): void {
    draw(this.factors, this.offsets, this.shape.channels);
    this.kernels.write(this.factor, this.factors);
    if (this.offset) this.kernels.write(this.offset, this.offsets);
  }

  forward(x: Tensor, y: Tensor): void {
    this.kernels.scaleAndAdd(x, this.factor, this.offset, y);
  }

  backward(dy: Tensor, dx: Tensor): void {
    this.kernels.scaleAndAdd(dy, this.factor, null, dx);
  }
}

/** Keeps a number with probability 1 − rate, and divides it by that. */
export function dropoutDraw(rate: number, stream: RandomStream): Draw {
  const kept = 1 / (1 - rate);
  return (factor) => {
    for (let k = 0; k < factor.length; k++) factor[k] = stream.uniform() < rate ? 0 : kept;
  };
}

/** See `NoiseSpecification`. */
export function normalizationNoiseDraw(
  { meanRange, stdRange, jitter }: NoiseSpecification,
  stream: RandomStream,
): Draw {
  return (factor, offset, channels) => {
    const means = Float64Array.from({ length: channels }, () => stream.uniformBetween(-meanRange, meanRange));
    const stds = Float64Array.from({ length: channels }, () => stream.uniformBetween(1, stdRange));
    for (let k = 0, c = 0; k < factor.length; k++, c = c + 1 === channels ? 0 : c + 1) {
      offset[k] = means[c] + stream.uniformBetween(-jitter, jitter);
      factor[k] = stds[c] + jitter * stream.normal();
    }
  };
}

/** The noise behind a normalization, averaged: m is 0 on average, and s is σ's mean. */
export function averageNoise({ stdRange }: NoiseSpecification): Draw {
  return (factor) => {
    factor.fill((1 + stdRange) / 2);
  };
}
