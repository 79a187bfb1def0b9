/**
 * What all normalizations of a layer's values have in common; `makeNormalization.ts` says which class computes which.
 *
 *   x̂ = (x − μ) / √(c · v + ε)      y = scale · x̂ + shift
 *
 * They differ in the numbers that share a mean μ and a variance v, and in what training and evaluation put in their place.
 */
import type { Tensor } from '../kernels/kernels';
import type { PassContext } from './layer';
import type { Parameter } from './parameter';

/** What a forward pass leaves for the backward pass and for the probes, for one number of examples. */
export interface NormalizationBuffers {
  /** [B·positions × channels] */
  xHat: Tensor;
  /** Of the pass, [R × G] as in `kernels.ts`; the variance is biased. */
  mean: Tensor;
  variance: Tensor;
  inverseStd: Tensor;
}

/** Statistics for evaluation, [1 × channels] or [1 × 1]. */
export interface RunningStatistics {
  mean: Tensor;
  /** Unbiased. */
  variance: Tensor;
}

export interface Normalization {
  readonly scale: Parameter | null;
  readonly shift: Parameter | null;
  /** Null where an example is normalized by itself. */
  readonly running: RunningStatistics | null;
  buffers(examples: number): NormalizationBuffers;
  forward(x: Tensor, y: Tensor, buffers: NormalizationBuffers, context: PassContext): void;
  /**
   * ∂y/∂x of the newest pass, statistics taken for constants: [stretches of rows × channels], row-major, with R stretches as
   * the buffers' statistics have them, or one.
   */
  slopes(buffers: NormalizationBuffers): Float32Array;
  /** Gradients of the newest pass but for those of evaluation: dx, and those of scale and shift. */
  backward(dy: Tensor, dx: Tensor, buffers: NormalizationBuffers): void;
}
