/**
 * A network: layers one after the other, from the data's features to its outputs.
 * Layers hold the parameters. A `Pass` holds everything that a pass computes, one per number of examples.
 */
import type { Kernels, Tensor } from './kernels/kernels';
import { type Block, BlockPass } from './layers/block';
import type { PassContext, Tapped, Watched } from './layers/layer';
import type { Parameter } from './layers/parameter';
import { Sequence, type SequencePass } from './layers/sequence';
import type { Streams } from './random';
import { positionsOf, type Shape } from './shape';
import type { LayerSpecification } from './specification';

/** Buffers of one forward (and backward) pass over a fixed number of examples. */
export interface Pass {
  examples: number;
  /** [examples·positions × channels] */
  input: Tensor;
  layers: SequencePass;
  /** The places that can be watched, in order. */
  watched: Watched[];
  /** Those of the layers that learn, in the order of `Network.blocks`. */
  blocks: BlockPass[];
}

export class Network {
  /** The layers with parameters, in order; the last one computes the outputs. */
  readonly blocks: Block[];
  private readonly sequence: Sequence;

  /** @throws ShapeError if a layer does not fit its input. */
  constructor(
    private readonly kernels: Kernels,
    layers: readonly LayerSpecification[],
    readonly input: Shape,
    readonly outputs: number,
    stream: Streams,
  ) {
    this.sequence = new Sequence(layers, input, { kernels, outputs, stream });
    this.blocks = [...this.sequence.blocks()];
  }

  pass(examples: number): Pass {
    const input = this.kernels.tensor(examples * positionsOf(this.input), this.input.channels);
    const layers = this.sequence.pass(examples);
    const watched = [...layers.watched()];
    return { examples, input, layers, watched, blocks: watched.filter((part) => part instanceof BlockPass) };
  }

  /** Forward pass over `pass.input`; returns the outputs [examples × outputs]. */
  forward(pass: Pass, context: PassContext): Tensor {
    pass.layers.forward(pass.input, context);
    return this.output(pass).value;
  }

  /** The network's output of a pass, and the buffer for the gradient of the loss. */
  output(pass: Pass): Tapped {
    return pass.layers.output;
  }

  /**
   * Backward pass from the gradient at the output. First the gradients of all values, then those of all weights, so
   * that the weights' big tensors are walked once each. The gradient of the data is not needed and not made.
   */
  backward(pass: Pass): void {
    pass.layers.backward(pass.input, null);
    pass.layers.parameterGradients(pass.input);
  }

  /** All learned parameters, in layer order. */
  parameters(): Parameter[] {
    return this.sequence.parameters();
  }

  /** All learned parameters and running statistics in layer order: weights, bias, scale, shift, running mean and variance. */
  state(): Iterable<Tensor> {
    return this.sequence.state();
  }
}
