/**
 * What all layers of a network have in common. A layer holds what is learned; what a pass over a number of examples
 * computes lives in a `LayerPass`, so that a minibatch and an evaluation do not share buffers.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import { positionsOf, type Shape } from '../shape';
import type { Tap } from '../specification';
import type { Parameter } from './parameter';

/** A value and the gradient of the loss with respect to it, both [B·positions × channels]. */
export interface Tapped {
  value: Tensor;
  gradient: Tensor;
}

export type PassMode =
  /** Normalize by the minibatch, and take its statistics into the running ones. */
  | 'training'
  /** As in training, but leave the running statistics alone: a pass that only looks. */
  | 'watching'
  /**
   * As in watching, with the noise and dropout of the training pass before it: with the parameters and running statistics
   * that stood then, it gives the same bits.
   */
  | 'repeating'
  /** As in watching, without noise and dropout: a pass that only looks at statistics, and draws no random numbers. */
  | 'recalibrating'
  /** Normalize by the running statistics; no noise and no dropout. */
  | 'evaluation';

/** Whether a pass has no noise and no dropout. */
export function isQuiet(mode: PassMode): boolean {
  return mode === 'evaluation' || mode === 'recalibrating';
}

export interface PassContext {
  mode: PassMode;
  /** Number of updates done: some normalizations change their ways at a step. */
  step: number;
  /** Training too is normalized by the running statistics, which stay as they are. */
  frozen?: boolean;
}

export interface LayerPass {
  /** What leaves the layer. Who reads it puts the gradient there. */
  readonly output: Tapped;
  /** @param x [B·positions × channels], what comes in. */
  forward(x: Tensor, context: PassContext): void;
  /**
   * From the gradient at the output to the one at what came in.
   * @param x As in the forward pass.
   * @param dx Null where nobody needs it.
   */
  backward(x: Tensor, dx: Tensor | null): void;
  /** Gradients of the weights, after the backward pass. */
  parameterGradients(x: Tensor): void;
  /** What can be watched in the layer and in those inside it, in order. */
  watched(): Iterable<Watched>;
}

/** What one pass shows of a layer that can be watched. */
export interface Watched {
  readonly name: string;
  /** The value and gradient at a tap; null where there is no such tap. */
  tap(tap: Tap): Tapped | null;
}

export interface Layer {
  readonly name: string;
  /** Output shape of one example. */
  readonly shape: Shape;
  pass(examples: number): LayerPass;
  /** Learned parameters, in layer order. */
  parameters(): Parameter[];
  /** Learned parameters and running statistics, in layer order. */
  state(): Iterable<Tensor>;
}

/** Creates a value and its gradient for a number of examples of a shape. */
export function tapped(kernels: Kernels, examples: number, shape: Shape): Tapped {
  const make = () => kernels.tensor(examples * positionsOf(shape), shape.channels);
  return { value: make(), gradient: make() };
}
