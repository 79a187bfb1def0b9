/**
 * One layer of a network as the experiment names it: dense, then activation and normalization in the chosen order.
 *
 *   before-activation:  x → linear → normalized → activated
 *   after-activation:   x → linear → f(linear)  → normalized = activated
 *
 * `activated` is what leaves the layer, wherever the normalization stands.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import type { LayerSpecification, Tap } from '../specification';
import { BatchNormalization, type NormalizationBuffers } from './batchNormalization';
import { Dense } from './dense';
import type { Parameter } from './parameter';

/** A value and the gradient of the loss with respect to it, both [B × units]. */
export interface Tapped {
  value: Tensor;
  gradient: Tensor;
}

/** What one pass of a given number of rows leaves in a block. */
export interface BlockBuffers {
  /** Output of the dense layer. */
  linear: Tapped;
  /** Output of the activation function. */
  activation: Tapped;
  /** Output of the normalization, scale and shift included; null without one. */
  normalized: Tapped | null;
  normalization: NormalizationBuffers | null;
}

export type PassMode =
  /** Normalize by the minibatch, and take its statistics into the running ones. */
  | 'training'
  /** Normalize by the minibatch and leave the running statistics alone: a pass that only looks. */
  | 'watching'
  /** Normalize by the running statistics. */
  | 'evaluation';

export class Block {
  readonly dense: Dense;
  readonly normalization: BatchNormalization | null;
  readonly units: number;

  constructor(
    private readonly kernels: Kernels,
    readonly specification: LayerSpecification,
    inputs: number,
    units: number,
  ) {
    this.units = units;
    this.dense = new Dense(kernels, inputs, units, specification.bias);
    const { normalization } = specification;
    this.normalization = normalization.kind === 'none' ? null : new BatchNormalization(kernels, normalization, units);
  }

  get name(): string {
    return this.specification.name;
  }

  private get normalizesAfter(): boolean {
    const { normalization } = this.specification;
    return normalization.kind !== 'none' && normalization.placement === 'after-activation';
  }

  /** Learned parameters, in the order weights, bias, scale, shift. */
  parameters(): Parameter[] {
    const { dense, normalization } = this;
    return [dense.weights, dense.bias, normalization?.scale, normalization?.shift].filter((p) => p != null);
  }

  buffers(rows: number): BlockBuffers {
    const tapped = (): Tapped => ({
      value: this.kernels.tensor(rows, this.units),
      gradient: this.kernels.tensor(rows, this.units),
    });
    return {
      linear: tapped(),
      activation: tapped(),
      normalized: this.normalization && tapped(),
      normalization: this.normalization?.buffers(rows) ?? null,
    };
  }

  /** The value and gradient at a tap; null where there is no such tap. */
  tap(buffers: BlockBuffers, tap: Tap): Tapped | null {
    switch (tap) {
      case 'linear':
        return buffers.linear;
      case 'normalized':
        return buffers.normalized;
      case 'activated':
        return this.output(buffers);
    }
  }

  /** What leaves the layer. */
  output(buffers: BlockBuffers): Tapped {
    return this.normalizesAfter ? buffers.normalized! : buffers.activation;
  }

  forward(x: Tensor, buffers: BlockBuffers, mode: PassMode): void {
    const { linear, activation, normalized } = buffers;
    this.dense.forward(x, linear.value);
    if (this.normalizesAfter) {
      this.activate(linear, activation);
      this.normalize(activation, normalized!, buffers, mode);
    } else if (normalized) {
      this.normalize(linear, normalized, buffers, mode);
      this.activate(normalized, activation);
    } else {
      this.activate(linear, activation);
    }
  }

  private activate(from: Tapped, to: Tapped): void {
    this.kernels.activate(this.specification.activation, from.value, to.value);
  }

  private normalize(from: Tapped, to: Tapped, buffers: BlockBuffers, mode: PassMode): void {
    const normalization = this.normalization!;
    if (mode === 'evaluation') {
      normalization.forwardEvaluation(from.value, to.value, buffers.normalization!);
      return;
    }
    normalization.forwardTraining(from.value, to.value, buffers.normalization!);
    if (mode === 'training') normalization.updateRunning(from.value, buffers.normalization!);
  }

  /**
   * From the gradient at what leaves the layer (already in `output(buffers).gradient`) back to the one at `linear`,
   * with those of scale and shift on the way.
   */
  backward(buffers: BlockBuffers): void {
    const { linear, activation, normalized } = buffers;
    if (this.normalizesAfter) {
      this.normalization!.backward(normalized!.gradient, activation.gradient, buffers.normalization!);
      this.activateGradient(linear, activation);
    } else if (normalized) {
      this.activateGradient(normalized, activation);
      this.normalization!.backward(normalized.gradient, linear.gradient, buffers.normalization!);
    } else {
      this.activateGradient(linear, activation);
    }
  }

  private activateGradient(from: Tapped, to: Tapped): void {
    this.kernels.activateGradient(this.specification.activation, from.value, to.value, to.gradient, from.gradient);
  }
}
