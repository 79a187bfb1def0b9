/**
 * The linear map of a layer: dense or a convolution, with or without weight normalization.
 *
 *   dense:        y = x · Wᵀ + b, with x [B × in], W [out × in], b [1 × out], y [B × out]
 *   convolution:  the same for each window, with W [out × height·width·in]
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import { numbersOf, row, type Shape, type Window, windowOf } from '../shape';
import type { ConvolutionSpecification, DenseSpecification, LearningLayerSpecification } from '../specification';
import { type Parameter, parameter } from './parameter';
import { WeightNormalization } from './weightNormalization';

export abstract class Linear {
  /** Of what leaves it. */
  abstract readonly shape: Shape;
  /** What is learned of the weights: they themselves, or their direction where they are normalized. */
  readonly weights: Parameter;
  /** Starts at zero. */
  readonly bias: Parameter | null;
  readonly weightNormalization: WeightNormalization | null;

  /** @param inputs Numbers that each output is a sum of. */
  constructor(
    protected readonly kernels: Kernels,
    specification: LearningLayerSpecification,
    readonly inputs: number,
    readonly outputs: number,
  ) {
    this.weights = parameter(kernels, 'weights', outputs, inputs);
    this.bias = specification.bias ? parameter(kernels, 'bias', 1, outputs) : null;
    this.weightNormalization =
      specification.normalization.kind === 'weight' ? new WeightNormalization(kernels, this.weights) : null;
  }

  /** @param values Weights [outputs × inputs], row-major. */
  initialize(values: Float32Array): void {
    this.kernels.write(this.weights.value, values);
    this.weightNormalization?.initialize(values);
  }

  forward(x: Tensor, y: Tensor): void {
    this.weightNormalization?.forward();
    this.apply(x, this.effectiveWeights, y);
  }

  parameterGradients(x: Tensor, dy: Tensor): void {
    const { weightNormalization, weights, bias } = this;
    this.weightGradient(x, dy, weightNormalization?.gradient ?? weights.gradient, bias?.gradient ?? null);
    weightNormalization?.backward();
  }

  protected get effectiveWeights(): Tensor {
    return this.weightNormalization?.weights ?? this.weights.value;
  }

  /** What comes in as the map reads it; for a pass of its own. */
  abstract input(examples: number): LinearInput;
  abstract inputGradient(dy: Tensor, dx: Tensor): void;
  protected abstract apply(x: Tensor, weights: Tensor, y: Tensor): void;
  protected abstract weightGradient(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void;
}

/** Brings what comes in into the shape that a linear map reads, and the gradient back. */
export interface LinearInput {
  forward(x: Tensor): Tensor;
  /** The input as `forward` has left it. */
  of(x: Tensor): Tensor;
  /** Where to put the gradient, so that `backward` finds it. */
  gradient(dx: Tensor): Tensor;
  backward(dx: Tensor): void;
}

const asItIs: LinearInput = { forward: (x) => x, of: (x) => x, gradient: (dx) => dx, backward: () => {} };

export class Dense extends Linear {
  readonly shape: Shape;
  private readonly flattens: boolean;

  constructor(kernels: Kernels, specification: DenseSpecification, input: Shape, outputs: number) {
    const units = specification.units ?? outputs;
    super(kernels, specification, numbersOf(input), units);
    this.shape = row(units);
    this.flattens = input.channels !== this.inputs;
  }

  input(examples: number): LinearInput {
    if (!this.flattens) return asItIs;
    const { kernels } = this;
    const flat = kernels.tensor(examples, this.inputs);
    const dFlat = kernels.tensor(examples, this.inputs);
    return {
      forward: (x) => {
        kernels.reshape(x, flat);
        return flat;
      },
      of: () => flat,
      gradient: () => dFlat,
      backward: (dx) => kernels.reshape(dFlat, dx),
    };
  }

  inputGradient(dy: Tensor, dx: Tensor): void {
    this.kernels.denseInputGradient(dy, this.effectiveWeights, dx);
  }

  protected apply(x: Tensor, weights: Tensor, y: Tensor): void {
    this.kernels.dense(x, weights, this.bias?.value ?? null, y);
  }

  protected weightGradient(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void {
    this.kernels.denseParameterGradients(x, dy, dWeights, dBias);
  }
}

export class Convolution extends Linear {
  readonly shape: Shape;
  private readonly window: Window;

  /** @throws ShapeError when the window does not fit into the image. */
  constructor(kernels: Kernels, specification: ConvolutionSpecification, input: Shape) {
    const window = windowOf(specification, input);
    super(kernels, specification, window.height * window.width * input.channels, specification.channels);
    this.window = window;
    this.shape = { height: window.outHeight, width: window.outWidth, channels: specification.channels };
  }

  input(): LinearInput {
    return asItIs;
  }

  inputGradient(dy: Tensor, dx: Tensor): void {
    this.kernels.convolveInputGradient(dy, this.effectiveWeights, this.window, dx);
  }

  protected apply(x: Tensor, weights: Tensor, y: Tensor): void {
    this.kernels.convolve(x, weights, this.bias?.value ?? null, this.window, y);
  }

  protected weightGradient(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void {
    this.kernels.convolveParameterGradients(x, dy, this.window, dWeights, dBias);
  }
}
