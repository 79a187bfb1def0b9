/**
 * The linear map of a layer: dense or a convolution, with or without weight normalization or standardization.
 *
 *   dense:        y = x · Wᵀ + b, with x [B × in], W [out × in], b [1 × out], y [B × out]
 *   convolution:  the same for each window, with W [out × height·width·in]
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import { numbersOf, row, type Shape, type Window, windowOf } from '../shape';
import type { ConvolutionSpecification, DenseSpecification, LearningLayerSpecification } from '../specification';
import { type Parameter, parameter } from './parameter';
import { type WeightMapPass, WeightNormalization } from './weightNormalization';
import { WeightStandardizationPass } from './weightStandardization';

export abstract class Linear {
  /** Output shape of one example. */
  abstract readonly shape: Shape;
  /** What is learned of the weights: they themselves, or their direction where they are normalized. */
  readonly weights: Parameter;
  /** Starts at zero. */
  readonly bias: Parameter | null;
  readonly weightNormalization: WeightNormalization | null;
  private readonly standardizes: boolean;

  /**
   * @param inputs Numbers that each output is a sum of: the fan-in.
   * @param fanOut Outputs that each input counts in, at stride 1 and away from the border.
   */
  constructor(
    protected readonly kernels: Kernels,
    specification: LearningLayerSpecification,
    readonly inputs: number,
    readonly outputs: number,
    readonly fanOut: number,
  ) {
    this.weights = parameter(kernels, 'weights', outputs, inputs);
    this.bias = specification.bias ? parameter(kernels, 'bias', 1, outputs) : null;
    this.weightNormalization =
      specification.normalization.kind === 'weight' ? new WeightNormalization(kernels, this.weights) : null;
    this.standardizes = specification.weightStandardization === true;
  }

  /** @param values Weights [outputs × inputs], row-major. */
  initialize(values: Float32Array): void {
    this.kernels.write(this.weights.value, values);
    this.weightNormalization?.initialize(values);
  }

  pass(examples: number): LinearPass {
    return new LinearPass(this, this.input(examples), this.weightMap());
  }

  private weightMap(): WeightMapPass | null {
    if (this.standardizes) return new WeightStandardizationPass(this.kernels, this.weights);
    return this.weightNormalization?.pass() ?? null;
  }

  /** What comes in as the map reads it; for a pass of its own. */
  protected abstract input(examples: number): LinearInput;
  abstract apply(x: Tensor, weights: Tensor, y: Tensor): void;
  abstract inputGradient(dy: Tensor, weights: Tensor, dx: Tensor): void;
  abstract weightGradient(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void;
}

/** Forward and backward pass of a linear map, with the weights and the input as the map reads them. */
export class LinearPass {
  constructor(
    private readonly linear: Linear,
    private readonly input: LinearInput,
    private readonly map: WeightMapPass | null,
  ) {}

  private get weights(): Tensor {
    return this.map?.weights ?? this.linear.weights.value;
  }

  forward(x: Tensor, y: Tensor): void {
    this.map?.forward();
    this.linear.apply(this.input.forward(x), this.weights, y);
  }

  inputGradient(dy: Tensor, dx: Tensor): void {
    this.linear.inputGradient(dy, this.weights, this.input.gradient(dx));
    this.input.backward(dx);
  }

  /** @param x As in the forward pass. */
  parameterGradients(x: Tensor, dy: Tensor): void {
    const { linear, map } = this;
    const { weights, bias } = linear;
    const dWeights = map?.gradient ?? weights.gradient;
    linear.weightGradient(this.input.of(x), dy, dWeights, bias?.gradient ?? null);
    map?.backward();
  }
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
    super(kernels, specification, numbersOf(input), units, units);
    this.shape = row(units);
    this.flattens = input.channels !== this.inputs;
  }

  protected input(examples: number): LinearInput {
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

  inputGradient(dy: Tensor, weights: Tensor, dx: Tensor): void {
    this.kernels.denseInputGradient(dy, weights, dx);
  }

  apply(x: Tensor, weights: Tensor, y: Tensor): void {
    this.kernels.dense(x, weights, this.bias?.value ?? null, y);
  }

  weightGradient(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void {
    this.kernels.denseParameterGradients(x, dy, dWeights, dBias);
  }
}

export class Convolution extends Linear {
  readonly shape: Shape;
  private readonly window: Window;

  /** @throws ShapeError when the window does not fit into the image. */
  constructor(kernels: Kernels, specification: ConvolutionSpecification, input: Shape) {
    const window = windowOf(specification, input);
    const area = window.height * window.width;
    super(kernels, specification, area * input.channels, specification.channels, area * specification.channels);
    this.window = window;
    this.shape = { height: window.outHeight, width: window.outWidth, channels: specification.channels };
  }

  protected input(): LinearInput {
    return asItIs;
  }

  inputGradient(dy: Tensor, weights: Tensor, dx: Tensor): void {
    this.kernels.convolveInputGradient(dy, weights, this.window, dx);
  }

  apply(x: Tensor, weights: Tensor, y: Tensor): void {
    this.kernels.convolve(x, weights, this.bias?.value ?? null, this.window, y);
  }

  weightGradient(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void {
    this.kernels.convolveParameterGradients(x, dy, this.window, dWeights, dBias);
  }
}
