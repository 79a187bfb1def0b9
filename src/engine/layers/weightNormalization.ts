/**
 * Weight normalization (Salimans & Kingma 2016): W = scale / ‖v‖ · v for each output, with v what the weights were
 * drawn as. The scale starts at ‖v‖, so that the network starts as it would without.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import { type Parameter, parameter } from './parameter';

export class WeightNormalization {
  /** [1 × out] */
  readonly scale: Parameter;
  /** What the layer multiplies with [out × in], and the gradient there. */
  readonly weights: Tensor;
  readonly gradient: Tensor;
  private readonly norm: Tensor;

  /** @param direction v [out × in] */
  constructor(
    private readonly kernels: Kernels,
    private readonly direction: Parameter,
  ) {
    this.scale = parameter(kernels, 'scale', 1, direction.value.rows);
    this.weights = kernels.like(direction.value);
    this.gradient = kernels.like(direction.value);
    this.norm = kernels.tensor(1, direction.value.rows);
  }

  /** @param values Those of the direction, row-major. */
  initialize(values: Float32Array): void {
    const { rows, columns } = this.direction.value;
    const norms = Float32Array.from({ length: rows }, (_, o) => {
      let squares = 0;
      for (let i = 0; i < columns; i++) squares += values[o * columns + i] * values[o * columns + i];
      return Math.sqrt(squares);
    });
    this.kernels.write(this.scale.value, norms);
  }

  forward(): void {
    this.kernels.normalizeWeights(this.direction.value, this.scale.value, this.norm, this.weights);
  }

  /** From the gradient of the weights to those of direction and scale. */
  backward(): void {
    const { direction, scale, norm, gradient } = this;
    this.kernels.normalizeWeightsGradient(
      gradient,
      direction.value,
      scale.value,
      norm,
      direction.gradient,
      scale.gradient,
    );
  }
}
