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

/** Statistics for evaluation, [1 × channels] or [1 × 1]. */
export interface RunningStatistics {
  readonly mean: Tensor;
  /** Running average of the minibatches' spread, in the measure of `spreadIs`. */
  readonly spread: Tensor;
  /** `standard deviation` is √(biased variance + ε), as batch renormalization averages it. */
  readonly spreadIs: 'unbiased-variance' | 'standard-deviation';
}

/** What is learned and remembered of a normalization. It changes by updates and running averages alone. */
export interface Normalization {
  readonly scale: Parameter | null;
  readonly shift: Parameter | null;
  /** Null where each example is normalized separately. */
  readonly running: RunningStatistics | null;
  pass(examples: number): NormalizationPass;
}

/**
 * Forward and backward pass of a normalization over a number of examples. All that the backward pass and the probes need
 * of the forward pass is here and not in the layer, so that other passes in between, as an evaluation, change nothing.
 */
export interface NormalizationPass {
  /** [B·positions × channels] */
  readonly xHat: Tensor;
  /** Statistics of the pass, [R × G] as in `kernels.ts`; the variance is biased. */
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly inverseStd: Tensor;
  forward(x: Tensor, y: Tensor, context: PassContext): void;
  /**
   * ∂y/∂x of the newest forward pass, statistics taken for constants: [stretches of rows × channels], row-major, with R
   * stretches as in the statistics, or one.
   */
  slopes(): Float32Array;
  /** Gradients of the newest forward pass: dx, and those of scale and shift. */
  backward(dy: Tensor, dx: Tensor): void;
  /** Running variance as it is shown: unbiased, one number for each statistic; null without running statistics. */
  runningVariance(): Tensor | null;
}
