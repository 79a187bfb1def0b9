/**
 * A network: blocks one after the other, from the data's features to its outputs.
 * The parameters live in the blocks; what a pass computes lives in a `Pass`, one for each number of rows.
 */
import { initialize } from './initialization';
import type { Kernels, Tensor } from './kernels/kernels';
import { Block, type BlockBuffers, type PassMode } from './layers/block';
import type { RandomStream } from './random';
import type { LayerSpecification } from './specification';

/** Buffers of one forward (and backward) pass over a fixed number of examples. */
export interface Pass {
  /** [rows × features] */
  input: Tensor;
  blocks: BlockBuffers[];
}

export class Network {
  readonly blocks: Block[];

  /** @param stream Gives the stream of random numbers of a name; the weights of layer `l` come from `weights/l`. */
  constructor(
    private readonly kernels: Kernels,
    layers: readonly LayerSpecification[],
    readonly inputs: number,
    readonly outputs: number,
    stream: (name: string) => RandomStream,
  ) {
    let width = inputs;
    this.blocks = layers.map((layer) => {
      const units = layer.units ?? outputs;
      const block = new Block(kernels, layer, width, units);
      // A stream a layer: arms that differ in one layer still share the weights of all others.
      const weights = initialize(layer.initialization, width, units, stream(`weights/${layer.name}`));
      kernels.write(block.dense.weights.value, weights);
      width = units;
      return block;
    });
  }

  pass(rows: number): Pass {
    return { input: this.kernels.tensor(rows, this.inputs), blocks: this.blocks.map((block) => block.buffers(rows)) };
  }

  /** Input of block `index`: what leaves the one before it, or the data. */
  private inputOf(index: number, pass: Pass): Tensor {
    return index === 0 ? pass.input : this.blocks[index - 1].output(pass.blocks[index - 1]).value;
  }

  /** Forward pass over `pass.input`; returns the outputs [rows × outputs]. */
  forward(pass: Pass, mode: PassMode): Tensor {
    this.blocks.forEach((block, index) => {
      block.forward(this.inputOf(index, pass), pass.blocks[index], mode);
    });
    return this.output(pass).value;
  }

  /** The network's output of a pass, and the place where the loss puts its gradient. */
  output(pass: Pass): { value: Tensor; gradient: Tensor } {
    const last = this.blocks.length - 1;
    return this.blocks[last].output(pass.blocks[last]);
  }

  /**
   * Backward pass from the gradient at the output. First the gradients of all values, then those of all weights, so
   * that the weights' big tensors are walked once each. The gradient of the data is not needed and not made.
   */
  backward(pass: Pass): void {
    for (let index = this.blocks.length - 1; index >= 0; index--) {
      const block = this.blocks[index];
      const buffers = pass.blocks[index];
      block.backward(buffers);
      if (index === 0) break;
      block.dense.inputGradient(
        buffers.linear.gradient,
        this.blocks[index - 1].output(pass.blocks[index - 1]).gradient,
      );
    }
    this.blocks.forEach((block, index) => {
      block.dense.parameterGradients(this.inputOf(index, pass), pass.blocks[index].linear.gradient);
    });
  }

  /** All learned parameters and running statistics in layer order: weights, bias, scale, shift, running mean and variance. */
  *state(): Iterable<Tensor> {
    for (const block of this.blocks) {
      for (const parameter of block.parameters()) yield parameter.value;
      if (block.normalization) {
        yield block.normalization.runningMean;
        yield block.normalization.runningVariance;
      }
    }
  }
}
