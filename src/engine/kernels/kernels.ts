/**
 * The seam between what a layer means and how its numbers are made.
 *
 * Everything above it speaks of opaque tensors `[rows × columns]`: rows are the examples of a minibatch, columns the
 * features. Of images the rows are all positions of the first example, line by line, then those of the next, and the
 * columns the channels. An implementation is free in layout, memory and fusing; it has to give what `reference.ts` gives, up to
 * rounding. One-row tensors hold parameters.
 *
 * Statistics of x [B × n] are tensors [R × G], with R a divisor of B and G one of n: the rows fall into R stretches of
 * consecutive rows, the columns into G of consecutive columns, and the numbers of one stretch of rows and one of columns
 * share a statistic. So [1 × n] is one a column, [1 × 1] one for all, [B × 1] one a row.
 *
 * Transcendental functions used in training live behind this interface (or in `math.ts`), never in `Math`, so that
 * the same file and seed give the same bits on every machine.
 */
import type { Window } from '../shape';
import type { ActivationKind, ActivationSpecification } from '../specification';
import type { Spread } from '../spread';

/** A matrix in the implementation's own memory and layout. */
export interface Tensor {
  readonly rows: number;
  readonly columns: number;
}

/** How one update of stochastic gradient descent goes; see `sgdUpdate`. */
export interface SgdStep {
  learningRate: number;
  momentum: number;
  nesterov: boolean;
  weightDecay: number;
}

/** How one update of Adam goes; see `adamUpdate`. */
export interface AdamStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Decay the parameter itself (AdamW) and not through the gradient. */
  decoupled: boolean;
  /** 1 − beta1^t and 1 − beta2^t at update t, counted from 1. */
  correction1: number;
  correction2: number;
}

/** What the variance is computed from: squared distances from the mean, absolute distances from the mean, or squares. */
export const deviations = ['squares', 'absolute', 'squares-from-zero'] as const;
export type Deviation = (typeof deviations)[number];

/** How the gradient goes back through a normalization; see `normalizeGradient`. */
export interface NormalizationBackward {
  throughStatistics: boolean;
  /** As given to `inverseStd`. */
  correction: number;
  deviation: Deviation;
}

export interface Shares {
  zeros: number;
  saturated: number;
  /** Share of columns. */
  dead: number;
}

export interface LossResult {
  /** Mean over the minibatch. */
  loss: number;
  /** Examples whose largest output is at their class; 0 in a regression. */
  correct: number;
}

export interface Kernels {
  readonly name: string;

  //#region Memory
  /** Takes all memory back: no tensor that was made before may be used any more. */
  release(): void;
  /** A new tensor of zeros. */
  tensor(rows: number, columns: number): Tensor;
  /** A new tensor of zeros for the weights of a dense layer [outputs × inputs], which may lie otherwise than values do. */
  weights(outputs: number, inputs: number): Tensor;
  /** A new tensor of zeros of the same shape, that lies as `t` does. */
  like(t: Tensor): Tensor;
  /**
   * Row-major numbers of all examples, which it may share: neither side writes to them any more. It is there for
   * `gatherRows` alone.
   */
  examples(values: Float32Array, rows: number, columns: number): Tensor;
  /**
   * The same of bytes that represent numbers.
   * @param levels The number of each byte in each channel, [channels × 256], the channels of a pixel side by side. Without it,
   *   numbers from 0 to 1 in steps of 1/255.
   */
  byteExamples(values: Uint8Array, rows: number, columns: number, levels?: Float32Array): Tensor;
  /** to = from, bit by bit; made alike, by `like` say. */
  copy(from: Tensor, to: Tensor): void;
  /** Fills `t` from row-major `values`. */
  write(t: Tensor, values: ArrayLike<number>): void;
  /** Row-major values of `t`. May be a view of live memory: read it before the next kernel call and never write to it. */
  read(t: Tensor): Float32Array;
  /** Values of one column of `t` in the given rows. `t` must not be the weights of a layer. */
  column(t: Tensor, column: number, rows: Uint32Array): Float32Array;
  /** A minibatch gathered from `examples`. Example k becomes row k of `out`, or its positions as many rows as there are for each. */
  gatherRows(source: Tensor, indices: Uint32Array, out: Tensor): void;
  //#endregion

  //#region Dense layer: x [B × in], weights [out × in], bias [1 × out], y [B × out]
  /** y = x · weightsᵀ + bias */
  dense(x: Tensor, weights: Tensor, bias: Tensor | null, y: Tensor): void;
  /** dx = dy · weights */
  denseInputGradient(dy: Tensor, weights: Tensor, dx: Tensor): void;
  /** dWeights = dyᵀ · x, dBias = Σ_rows dy */
  denseParameterGradients(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void;
  //#endregion

  //#region Activation functions, element by element; x, y, dy, dx of one shape
  /** y = f(x) */
  activate(activation: ActivationSpecification, x: Tensor, y: Tensor): void;
  /** dx = dy · f′(x), given y = f(x) */
  activateGradient(activation: ActivationSpecification, x: Tensor, y: Tensor, dy: Tensor, dx: Tensor): void;
  //#endregion

  //#region Convolution and pooling: x [B·height·width × channels], y [B·outHeight·outWidth × channels]
  /** y = the window's numbers · weightsᵀ + bias, with weights [out × height·width·in], the window position by position. */
  convolve(x: Tensor, weights: Tensor, bias: Tensor | null, window: Window, y: Tensor): void;
  /** dx[p] = Σ of dy · weights over the windows that contain p */
  convolveInputGradient(dy: Tensor, weights: Tensor, window: Window, dx: Tensor): void;
  /** dWeights = Σ over windows and examples of dyᵀ · the window's numbers, dBias = Σ_rows dy */
  convolveParameterGradients(x: Tensor, dy: Tensor, window: Window, dWeights: Tensor, dBias: Tensor | null): void;
  /** y = the largest number of each channel in the window. */
  maxPool(x: Tensor, window: Window, y: Tensor): void;
  /** dy goes to the first of the largest numbers of its window. */
  maxPoolGradient(x: Tensor, y: Tensor, dy: Tensor, window: Window, dx: Tensor): void;
  /** y = the mean of each channel in the window. */
  averagePool(x: Tensor, window: Window, y: Tensor): void;
  averagePoolGradient(dy: Tensor, window: Window, dx: Tensor): void;
  /** The same numbers in the same order in a tensor of another shape, as of images [B·positions × channels] in rows [B × positions·channels]. */
  reshape(from: Tensor, to: Tensor): void;
  //#endregion

  //#region Element by element; all of one shape, and `out` may be one of the others
  /** out = a + b */
  add(a: Tensor, b: Tensor, out: Tensor): void;
  /** out = x · factor + offset, with a missing offset 0 */
  scaleAndAdd(x: Tensor, factor: Tensor, offset: Tensor | null, out: Tensor): void;
  /** out = factor · x, of any tensors that were made alike, weights too */
  scale(x: Tensor, factor: number, out: Tensor): void;
  //#endregion

  //#region Normalization by statistics [R × G] of x [B × n]
  /**
   * Mean and biased variance of the numbers that share a statistic. With the deviation `absolute` the variance is
   * (π/2) · (mean |x − mean|)², which is a normal distribution's; with `squares-from-zero` the mean is 0.
   */
  moments(x: Tensor, deviation: Deviation, mean: Tensor, variance: Tensor): void;
  /** inverseStd = 1 / √(correction · variance + epsilon), element by element. */
  inverseStd(variance: Tensor, correction: number, epsilon: number, inverseStd: Tensor): void;
  /** xHat = (x − mean) · inverseStd; y = xHat · scale + shift, with a missing scale 1 and a missing shift 0. */
  normalize(
    x: Tensor,
    mean: Tensor,
    inverseStd: Tensor,
    scale: Tensor | null,
    shift: Tensor | null,
    xHat: Tensor,
    y: Tensor,
  ): void;
  /**
   * With g = dy · scale, and means taken over what shares a statistic: through statistics
   * dx = inverseStd · (g − mean(g) − correction · xHat · mean(g · xHat)) (Ioffe & Szegedy 2015, §3, with `correction`
   * m/(m − 1) for the unbiased variance and 1 for the biased). Where the deviation is `squares-from-zero`, mean(g) is
   * left out; where it is `absolute`, xHat in the last term is (π/2) · mean|xHat| · (sign(xHat) − mean(sign(xHat))).
   * Detached: dx = inverseStd · g. dScale = Σ_rows dy · xHat, dShift = Σ_rows dy.
   */
  normalizeGradient(
    dy: Tensor,
    xHat: Tensor,
    inverseStd: Tensor,
    scale: Tensor | null,
    backward: NormalizationBackward,
    dx: Tensor,
    dScale: Tensor | null,
    dShift: Tensor | null,
  ): void;
  /** running = (1 − momentum) · running + momentum · factor · batch, for one row of `batch` after the other. */
  updateRunning(running: Tensor, batch: Tensor, momentum: number, factor: number): void;
  //#endregion

  //#region Weight normalization and standardization: direction and weights [out × in], scale, norm and inverseStd [1 × out]
  /** norm = ‖direction‖ of each output; weights = scale / norm · direction */
  normalizeWeights(direction: Tensor, scale: Tensor, norm: Tensor, weights: Tensor): void;
  /**
   * dScale = Σ_in dWeights · direction / norm; dDirection = scale / norm · (dWeights − dScale / norm · direction)
   * (Salimans & Kingma 2016, eq. 3).
   */
  normalizeWeightsGradient(
    dWeights: Tensor,
    direction: Tensor,
    scale: Tensor,
    norm: Tensor,
    dDirection: Tensor,
    dScale: Tensor,
  ): void;
  /**
   * inverseStd = 1 / √(σ² + epsilon); standardized = (weights − μ) · inverseStd, with μ and the biased variance σ² of the
   * weights of each output (Qiao et al. 2019).
   */
  standardizeWeights(weights: Tensor, epsilon: number, inverseStd: Tensor, standardized: Tensor): void;
  /** dWeights = inverseStd · (g − mean(g) − standardized · mean(g · standardized)), with g = dStandardized and means over the inputs. */
  standardizeWeightsGradient(dStandardized: Tensor, standardized: Tensor, inverseStd: Tensor, dWeights: Tensor): void;
  //#endregion

  //#region Losses
  /**
   * Mean softmax cross-entropy of logits [B × classes]; dLogits = (softmax(logits) − onehot(labels)) / B.
   * Stable for large logits: the row's maximum is subtracted first.
   */
  softmaxCrossEntropy(logits: Tensor, labels: Int32Array, dLogits: Tensor): LossResult;
  /** Mean of (y − target)² over all numbers; dy = 2 (y − target) / (rows · columns). */
  meanSquaredError(y: Tensor, targets: Tensor, dy: Tensor): LossResult;
  //#endregion

  //#region Updates, in PyTorch's conventions
  /**
   * g = gradient + weightDecay · p; velocity = momentum · velocity + g;
   * p −= learningRate · (nesterov ? g + momentum · velocity : velocity). Without momentum `velocity` is null and is g.
   */
  sgdUpdate(p: Tensor, gradient: Tensor, velocity: Tensor | null, step: SgdStep): void;
  /**
   * m = β₁ m + (1 − β₁) g; v = β₂ v + (1 − β₂) g²;
   * p −= learningRate · (m / correction1) / (√(v / correction2) + epsilon) (Kingma & Ba 2015).
   */
  adamUpdate(p: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamStep): void;
  //#endregion

  //#region Watching
  /** Whether every number is finite. Called on every step, so it has to be cheap. */
  allFinite(t: Tensor): boolean;
  /** Σ x² over all numbers. */
  sumOfSquares(t: Tensor): number;
  /** Mean, biased variance and range of all numbers; a NaN anywhere makes all of them NaN. */
  spread(t: Tensor): Spread;
  /** The given three percentiles (0 to 1) of an even sample of the numbers; see `statistics.ts`. */
  percentiles(t: Tensor, fractions: readonly [number, number, number]): [number, number, number];
  /** How many of the numbers lie in each bin of `bins.ts`; NaN and infinities are left out. */
  histogram(t: Tensor, counts: Uint32Array): void;
  /**
   * Shares, 0 to 1, of an activation function's outputs that are 0, and that are saturated (see `activations.ts`), and of columns
   * of nothing but 0.
   * @param flat The slope below which an output is saturated, relative to the steepest.
   */
  shares(t: Tensor, activation: ActivationKind, flat: number): Shares;
  //#endregion
}
