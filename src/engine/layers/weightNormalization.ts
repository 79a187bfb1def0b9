/**
 * Weight normalization (Salimans & Kingma 2016): W = scale / ‖v‖ · v for each output, with v what the weights were
 * drawn as. The scale starts at ‖v‖, so that the network starts as it would without.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import { type Parameter, parameter } from './parameter';

/** The weights that a layer multiplies with in one pass, computed from what is learned. */
export interface WeightMapPass {
  /** [out × in] */
  readonly weights: Tensor;
  /** Where the backward pass of the layer puts the gradient of `weights`. */
  readonly gradient: Tensor;
  forward(): void;
  /** From the gradient of the weights to those of what is learned. */
  backward(): void;
}

export class WeightNormalization {
  /** [1 × out] */
  readonly scale: Parameter;

  /** @param direction v [out × in] */
  constructor(
    readonly kernels: Kernels,
    readonly direction: Parameter,
  ) {
    this.scale = parameter(kernels, 'scale', 1, direction.value.rows);
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

  pass(): WeightNormalizationPass {
    return new WeightNormalizationPass(this);
  }
}

/** The weights of one pass. */
export class WeightNormalizationPass implements WeightMapPass {
  /** W [out × in], which the layer multiplies with. */
  readonly weights: Tensor;
  private readonly norm: Tensor;
  /** ∂loss/∂W, made by the first backward pass: passes that only evaluate need none. */
  private dWeights: Tensor | null = null;

  constructor(private readonly layer: WeightNormalization) {
    const { kernels, direction } = layer;
    this.weights = kernels.like(direction.value);
    this.norm = kernels.tensor(1, direction.value.rows);
  }

  get gradient(): Tensor {
    this.dWeights ??= this.layer.kernels.like(this.weights);
    return this.dWeights;
  }

  forward(): void {
    const { kernels, direction, scale } = this.layer;
    kernels.normalizeWeights(direction.value, scale.value, this.norm, this.weights);
  }

  /** From the gradient of the weights to those of direction and scale. */
  backward(): void {
    const { gradient, norm } = this;
    const { kernels, direction, scale } = this.layer;
    kernels.normalizeWeightsGradient(gradient, direction.value, scale.value, norm, direction.gradient, scale.gradient);
  }
}
