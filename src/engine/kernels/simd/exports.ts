// Generated from assembly/ by `npm run generate`.

/** Bytes from the start of the memory. */
export type Address = number;
/** Address of a structure in memory. */
export type Pointer<Structure extends string> = Address & { readonly structure: Structure };
/** Address of an omitted structure. */
export type Missing = 0;
/** Member of an enumeration; see `shared.ts`. */
export type Code<Enumeration extends string> = number & { readonly enumeration: Enumeration };

/** All of the memory, as numbers of each size. */
export interface MemoryViews {
  bytes: Uint8Array;
  words: Uint32Array;
  floats: Float32Array;
  doubles: Float64Array;
}

/** Functions that `assembly/index.ts` exports. */
export interface SimdExports {
  /** Address where the host's memory starts: the compiler's tables are below. */
  memoryStart(): Address;
  /**
   * y = the windows' numbers · weightsᵀ + bias
   * @param image Room for an image with its padding, zero wherever this function does not write pixels.
   * @param offsets Room for an i32 for each number of a window.
   * @param strips Room for a block of strips.
   */
  convolve(x: Pointer<'Tensor'>, weights: Pointer<'Tensor'>, bias: Pointer<'Tensor'> | Missing, window: Pointer<'Window'>, y: Pointer<'Tensor'>, image: Address, offsets: Address, strips: Address, wide: 0 | 1): void;
  /**
   * dx: a convolution of dy, its pixels `stride` apart, by the weights turned by 180° with inputs and outputs exchanged.
   * @param turned Room for these weights.
   * @param image Room for an image of dy with zeros between its pixels and around them, zero wherever this function does
   *   not write pixels.
   * @param offsets As in `convolve`, for the numbers of a window of dy.
   * @param strips As in `convolve`.
   */
  convolveInputGradient(dy: Pointer<'Tensor'>, weights: Pointer<'Tensor'>, window: Pointer<'Window'>, dx: Pointer<'Tensor'>, turned: Address, image: Address, offsets: Address, strips: Address, wide: 0 | 1): void;
  /**
   * dWeights = Σ over windows and examples of dyᵀ · the window's numbers, dBias = Σ_rows dy
   * @param image As in `convolve`.
   * @param offsets Room for an i32 for each number of a window and for each window of an image.
   * @param strips As in `convolve`.
   * @param sums Room for the gradients of one image.
   */
  convolveParameterGradients(x: Pointer<'Tensor'>, dy: Pointer<'Tensor'>, window: Pointer<'Window'>, dWeights: Pointer<'Tensor'>, dBias: Pointer<'Tensor'> | Missing, image: Address, offsets: Address, strips: Address, sums: Address, wide: 0 | 1): void;
  /**
   * Gathers a minibatch from row-major examples. Each example becomes one row of `out`, or, for images, one row for each
   * position.
   * @param indices Which examples, as uint32.
   */
  gatherRows(source: Pointer<'Tensor'>, indices: Address, count: number, out: Pointer<'Tensor'>): void;
  /** Fills `t` from row-major float32 numbers. */
  pack(values: Address, t: Pointer<'Tensor'>): void;
  /** Copies the numbers in row-major order into a tensor of a different shape. */
  reshape(from: Pointer<'Tensor'>, to: Pointer<'Tensor'>): void;
  /**
   * Fills `out` from examples of bytes that represent numbers from 0 to 1 in steps of 1/255. Each example becomes one row, or,
   * for images, one row for each position. The quotient in float32 is the rounded one of float64 for every byte.
   * @param bytes [count × columns], row-major.
   */
  spreadBytes(bytes: Address, columns: number, count: number, out: Pointer<'Tensor'>): void;
  /** Writes the numbers of `t` row-major to `values`. */
  unpack(t: Pointer<'Tensor'>, values: Address): void;
  /**
   * y = x · weightsᵀ + bias
   * @param strips Room for a block of strips.
   * @param offsets Room for an i32 for each input.
   */
  dense(x: Pointer<'Tensor'>, weights: Pointer<'Tensor'>, bias: Pointer<'Tensor'> | Missing, y: Pointer<'Tensor'>, strips: Address, offsets: Address, wide: 0 | 1): void;
  /**
   * dx = dy · weights
   * @param turned Room for panels [inputs / 8][outputs][8].
   * @param strips As in `dense`.
   * @param offsets Room for an i32 for each output.
   */
  denseInputGradient(dy: Pointer<'Tensor'>, weights: Pointer<'Tensor'>, dx: Pointer<'Tensor'>, turned: Address, strips: Address, offsets: Address, wide: 0 | 1): void;
  /** dWeights = dyᵀ · x, dBias = Σ_rows dy */
  denseParameterGradients(x: Pointer<'Tensor'>, dy: Pointer<'Tensor'>, dWeights: Pointer<'Tensor'>, dBias: Pointer<'Tensor'> | Missing, wide: 0 | 1): void;
  /**
   * The numbers of three ranks, each followed by the next larger one, as six float32 to `out`. A NaN ranks above or below all
   * numbers.
   * @param offsets Bytes from the first number of `t` to each number of the sample; their count is a multiple of 16.
   * @param padding Count of offsets at the end that do not belong to the sample.
   */
  orderStatistics(t: Pointer<'Tensor'>, offsets: Address, count: number, padding: number, scratch: Address, low: number, middle: number, high: number, out: Address): void;
  /** Bytes that `orderStatistics` needs as scratch for a sample of `count` numbers, padding included. */
  orderStatisticsScratch(count: number): Address;
  /** y = f(x); only a leaky ReLU reads `slope`. */
  activate(kind: Code<'ActivationKind'>, slope: number, x: Pointer<'Tensor'>, y: Pointer<'Tensor'>): void;
  /** dx = dy · f′(x), given y = f(x) */
  activateGradient(kind: Code<'ActivationKind'>, slope: number, x: Pointer<'Tensor'>, y: Pointer<'Tensor'>, dy: Pointer<'Tensor'>, dx: Pointer<'Tensor'>): void;
  /** out = a + b */
  add(a: Pointer<'Tensor'>, b: Pointer<'Tensor'>, out: Pointer<'Tensor'>): void;
  /** out = x · factor + offset; a missing offset is 0. */
  scaleAndAdd(x: Pointer<'Tensor'>, factor: Pointer<'Tensor'>, offset: Pointer<'Tensor'> | Missing, out: Pointer<'Tensor'>): void;
  /** out = factor · x, for tensors made alike, weights too. */
  scale(x: Pointer<'Tensor'>, factor: number, out: Pointer<'Tensor'>): void;
  /** Number of rows whose largest output was at their class in the latest `softmaxCrossEntropy`. */
  lastCorrect(): number;
  /**
   * Returns the mean softmax cross-entropy over the rows; dLogits = (softmax − onehot) / rows.
   * @param labels Class of each row, as int32.
   */
  softmaxCrossEntropy(logits: Pointer<'Tensor'>, labels: Address, dLogits: Pointer<'Tensor'>): number;
  /** Returns the mean of (y − target)² over all numbers; dy = 2 (y − target) / (rows · columns). */
  meanSquaredError(y: Pointer<'Tensor'>, targets: Pointer<'Tensor'>, dy: Pointer<'Tensor'>): number;
  /**
   * Mean and variance of the numbers that share a statistic. The absolute deviation is implemented for single columns only.
   */
  moments(x: Pointer<'Tensor'>, deviation: Code<'Deviation'>, mean: Pointer<'Tensor'>, variance: Pointer<'Tensor'>): void;
  /** inverseStd = 1 / √(correction · variance + epsilon) */
  inverseStd(variance: Pointer<'Tensor'>, correction: number, epsilon: number, inverseStd: Pointer<'Tensor'>): void;
  /** xHat = (x − mean) · inverseStd; y = xHat · scale + shift; a missing scale is 1, a missing shift 0. */
  normalize(x: Pointer<'Tensor'>, mean: Pointer<'Tensor'>, inverseStd: Pointer<'Tensor'>, scale: Pointer<'Tensor'> | Missing, shift: Pointer<'Tensor'> | Missing, xHat: Pointer<'Tensor'>, y: Pointer<'Tensor'>): void;
  /**
   * Gradients of x, scale and shift; `kernels.ts` has the formulas.
   * @param scratch Room for two tensors of statistics.
   */
  normalizeGradient(dy: Pointer<'Tensor'>, xHat: Pointer<'Tensor'>, inverseStd: Pointer<'Tensor'>, scale: Pointer<'Tensor'> | Missing, throughStatistics: 0 | 1, correction: number, deviation: Code<'Deviation'>, dx: Pointer<'Tensor'>, dScale: Pointer<'Tensor'> | Missing, dShift: Pointer<'Tensor'> | Missing, scratch: Address): void;
  /** running = (1 − momentum) · running + momentum · factor · batch, for each row of `batch` in turn. */
  updateRunning(running: Pointer<'Tensor'>, batch: Pointer<'Tensor'>, momentum: number, factor: number): void;
  /** y = the largest number of each channel in the window. */
  maxPool(x: Pointer<'Tensor'>, window: Pointer<'Window'>, y: Pointer<'Tensor'>): void;
  /** Adds dy to dx at the first of the largest numbers of its window. */
  maxPoolGradient(x: Pointer<'Tensor'>, y: Pointer<'Tensor'>, dy: Pointer<'Tensor'>, window: Pointer<'Window'>, dx: Pointer<'Tensor'>): void;
  /** y = the mean of each channel in the window. */
  averagePool(x: Pointer<'Tensor'>, window: Pointer<'Window'>, y: Pointer<'Tensor'>): void;
  /** Spreads dy evenly over its window. */
  averagePoolGradient(dy: Pointer<'Tensor'>, window: Pointer<'Window'>, dx: Pointer<'Tensor'>): void;
  /** Stochastic gradient descent, with momentum where there is a velocity. */
  sgdUpdate(p: Pointer<'Tensor'>, gradient: Pointer<'Tensor'>, velocity: Pointer<'Tensor'> | Missing, step: Pointer<'SgdStep'>): void;
  /** Adam, or AdamW where the decay is decoupled. */
  adamUpdate(p: Pointer<'Tensor'>, gradient: Pointer<'Tensor'>, m: Pointer<'Tensor'>, v: Pointer<'Tensor'>, step: Pointer<'AdamStep'>): void;
  /** Whether every number is finite: 0 · x is 0 for a finite x and NaN otherwise. */
  allFinite(t: Pointer<'Tensor'>): 0 | 1;
  /** Σ x² */
  sumOfSquares(t: Pointer<'Tensor'>): number;
  /**
   * Mean, biased variance, least and largest number, as four float64 to `out`. With a NaN among the numbers the mean is NaN
   * and the others are undefined.
   */
  spread(t: Pointer<'Tensor'>, out: Address): void;
  /**
   * Counts of numbers that are 0, of outputs of the activation function where its slope is below `flat`, and of columns that
   * are 0 throughout, as three float64 to `out`.
   * @param flat 0 for a function that does not saturate.
   */
  shares(t: Pointer<'Tensor'>, kind: Code<'ActivationKind'>, flat: number, out: Address): void;
  /**
   * Counts of numbers in each bin of `bins.ts`, padding included, as 2 · sideBins + 2 uint32 to `out`; the last count is of NaN
   * and infinities. A second table follows during the count: the same bin often occurs twice in a row, and the second count
   * would wait for the first.
   */
  histogram(t: Pointer<'Tensor'>, out: Address): void;
  /** norm = ‖direction‖ of each output; weights = scale / norm · direction */
  normalizeWeights(direction: Pointer<'Tensor'>, scale: Pointer<'Tensor'>, norm: Pointer<'Tensor'>, weights: Pointer<'Tensor'>): void;
  /** dScale = Σ_in dWeights · direction / norm; dDirection = scale / norm · (dWeights − dScale / norm · direction) */
  normalizeWeightsGradient(dWeights: Pointer<'Tensor'>, direction: Pointer<'Tensor'>, scale: Pointer<'Tensor'>, norm: Pointer<'Tensor'>, dDirection: Pointer<'Tensor'>, dScale: Pointer<'Tensor'>): void;
  /** standardized = (weights − μ) · inverseStd, with inverseStd = 1 / √(σ² + epsilon), μ and σ² over the inputs of each output */
  standardizeWeights(weights: Pointer<'Tensor'>, epsilon: number, inverseStd: Pointer<'Tensor'>, standardized: Pointer<'Tensor'>): void;
  /** dWeights = inverseStd · (g − mean(g) − standardized · mean(g · standardized)), with g the gradient of the standardized weights */
  standardizeWeightsGradient(dStandardized: Pointer<'Tensor'>, standardized: Pointer<'Tensor'>, inverseStd: Pointer<'Tensor'>, dWeights: Pointer<'Tensor'>): void;
}

/**
 * Header of a tensor in panels [columns / 8][rows][8]; see `panels.ts`. The weights of a layer are stored transposed, so
 * the header of weights [outputs × inputs] has inputs as rows and outputs as columns.
 */
export interface TensorFields {
  /** Address of the first number. */
  data: Address;
  /** Bytes from one panel to the next; of row-major examples, from one row to the next. */
  stride: Address;
  rows: number;
  columns: number;
}

export const tensorBytes = 16;

export function writeTensor(memory: MemoryViews, address: Address, fields: TensorFields): Pointer<'Tensor'> {
  memory.words[(address >> 2)] = fields.data;
  memory.words[(address >> 2) + 1] = fields.stride;
  memory.words[(address >> 2) + 2] = fields.rows;
  memory.words[(address >> 2) + 3] = fields.columns;
  return address as Pointer<'Tensor'>;
}

/** How a window moves over images. All sizes in pixels. */
export interface WindowFields {
  channels: number;
  inHeight: number;
  inWidth: number;
  height: number;
  width: number;
  stride: number;
  /** Rows and columns of zeros around the image. */
  padding: number;
  outHeight: number;
  outWidth: number;
}

export const windowBytes = 36;

export function writeWindow(memory: MemoryViews, address: Address, fields: WindowFields): Pointer<'Window'> {
  memory.words[(address >> 2)] = fields.channels;
  memory.words[(address >> 2) + 1] = fields.inHeight;
  memory.words[(address >> 2) + 2] = fields.inWidth;
  memory.words[(address >> 2) + 3] = fields.height;
  memory.words[(address >> 2) + 4] = fields.width;
  memory.words[(address >> 2) + 5] = fields.stride;
  memory.words[(address >> 2) + 6] = fields.padding;
  memory.words[(address >> 2) + 7] = fields.outHeight;
  memory.words[(address >> 2) + 8] = fields.outWidth;
  return address as Pointer<'Window'>;
}

/** Settings of `sgdUpdate`. */
export interface SgdStepFields {
  learningRate: number;
  momentum: number;
  nesterov: boolean;
  weightDecay: number;
}

export const sgdStepBytes = 16;

export function writeSgdStep(memory: MemoryViews, address: Address, fields: SgdStepFields): Pointer<'SgdStep'> {
  memory.floats[(address >> 2)] = fields.learningRate;
  memory.floats[(address >> 2) + 1] = fields.momentum;
  memory.bytes[address + 8] = Number(fields.nesterov);
  memory.floats[(address >> 2) + 3] = fields.weightDecay;
  return address as Pointer<'SgdStep'>;
}

/** Settings of `adamUpdate`. The float64 fields are needed at full precision, e.g. for 1 − beta1. */
export interface AdamStepFields {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  decoupled: boolean;
  correction1: number;
  correction2: number;
}

export const adamStepBytes = 48;

export function writeAdamStep(memory: MemoryViews, address: Address, fields: AdamStepFields): Pointer<'AdamStep'> {
  memory.floats[(address >> 2)] = fields.learningRate;
  memory.doubles[(address >> 3) + 1] = fields.beta1;
  memory.doubles[(address >> 3) + 2] = fields.beta2;
  memory.doubles[(address >> 3) + 3] = fields.epsilon;
  memory.floats[(address >> 2) + 8] = fields.weightDecay;
  memory.bytes[address + 36] = Number(fields.decoupled);
  memory.floats[(address >> 2) + 10] = fields.correction1;
  memory.floats[(address >> 2) + 11] = fields.correction2;
  return address as Pointer<'AdamStep'>;
}

/** Where windows are in the copy of an image. */
export interface WindowsFields {
  /** Bytes from the first number of a window to each of its numbers, as i32. */
  offsets: Address;
  depth: number;
  outHeight: number;
  outWidth: number;
  /** Bytes from a window to the next one in a line, and to the line below. */
  jump: Address;
  lineJump: Address;
}

export const windowsBytes = 24;

export function writeWindows(memory: MemoryViews, address: Address, fields: WindowsFields): Pointer<'Windows'> {
  memory.words[(address >> 2)] = fields.offsets;
  memory.words[(address >> 2) + 1] = fields.depth;
  memory.words[(address >> 2) + 2] = fields.outHeight;
  memory.words[(address >> 2) + 3] = fields.outWidth;
  memory.words[(address >> 2) + 4] = fields.jump;
  memory.words[(address >> 2) + 5] = fields.lineJump;
  return address as Pointer<'Windows'>;
}
