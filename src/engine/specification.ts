/**
 * The complete specification of a run for the engine, without defaults.
 * The experiment layer resolves a file into these types; the engine only reads them.
 */

import type { SettingsChange } from '../shared/settings';
import type { ProbeKind } from './probes/probeChannels';

export const activationKinds = ['linear', 'relu', 'leaky-relu', 'sigmoid', 'tanh', 'gelu'] as const;
export type ActivationKind = (typeof activationKinds)[number];

export interface ActivationSpecification {
  kind: ActivationKind;
  /** Slope for negative inputs; read by `leaky-relu` alone. */
  slope: number;
}

/** Position of the normalization in its layer: between the linear map and the activation, or after the activation. */
export type Placement = 'before-activation' | 'after-activation';

/** Properties of all normalizations of a layer's values. */
interface NormalizationParts {
  placement: Placement;
  scale: boolean;
  shift: boolean;
  /** Added to the variance; 0 is allowed. */
  epsilon: number;
}

/** Whether back-propagation sees that mean and variance depend on the batch. */
export type StatisticsGradient = 'through-statistics' | 'detached';

/** Properties of all normalizations with running statistics. */
interface RunningParts {
  /** Weight of the new batch in the running statistics (PyTorch's convention). */
  momentum: number;
  /** From this step on training too is normalized by the running statistics, which stay as they are; never without. */
  freezeAt?: number;
  noise?: NoiseSpecification;
}

/**
 * Noise after a normalization, drawn in every training step (Santurkar et al. 2018, §2.1): a becomes s · a + m,
 * with m ~ U(μ − r, μ + r) and s ~ N(σ, r²) for each unit and example, μ ~ U(−meanRange, meanRange) and
 * σ ~ U(1, stdRange) for each unit, and r = jitter.
 */
export interface NoiseSpecification {
  meanRange: number;
  stdRange: number;
  jitter: number;
}

export interface BatchNormalizationSpecification extends NormalizationParts, RunningParts {
  /**
   * `naive` and `batch` compute the same; they differ in the defaults a file gives them. `batch-l1` takes the mean
   * absolute deviation, times √(π/2), for the standard deviation (Hoffer et al. 2018).
   */
  kind: 'naive' | 'batch' | 'batch-l1';
  /**
   * One mean and variance per feature (per channel of an image), or one over every number of the layer's output in the
   * minibatch; `batch-l1` has it per feature, and does not say so.
   */
  statistics?: 'per-feature' | 'whole-batch';
  /** Divide by m (`biased`) or m − 1 (`unbiased`) in the normalization itself. Running variances are always unbiased. */
  variance: 'biased' | 'unbiased';
  gradient: StatisticsGradient;
  /** Number of examples per group of statistics, a divisor of the batch size. Default: the whole minibatch. */
  ghostBatchSize?: number;
}

/**
 * Batch renormalization (Ioffe 2017): x̂ is corrected by r = σ_B / σ and d = (μ_B − μ) / σ towards what the running
 * statistics would give, both clipped and taken for constants; σ is the running average of σ_B. The limits open linearly from r = 1, d = 0 at step
 * `relaxFrom` to `rMax` at `rMaxAt` and `dMax` at `dMaxAt`.
 */
export interface BatchRenormalizationSpecification extends NormalizationParts, RunningParts {
  kind: 'batch-renorm';
  rMax: number;
  dMax: number;
  relaxFrom: number;
  rMaxAt: number;
  dMaxAt: number;
}

/** Normalization of each example alone: the same in training and in evaluation. */
export interface ExampleNormalizationSpecification extends NormalizationParts {
  /**
   * `layer`: over all numbers of an example (Ba et al. 2016); `group`: over the channels of a group and their positions
   * (Wu & He 2018); `instance`: over the positions of a channel (Ulyanov et al. 2016); `rms`: `layer` without the mean
   * (Zhang & Sennrich 2019).
   */
  kind: 'layer' | 'group' | 'instance' | 'rms';
  /** Groups of channels, a divisor of their number; of `group` alone. */
  groups?: number;
}

/** Weights of every unit are scale · v / ‖v‖ (Salimans & Kingma 2016), with the scale ‖v‖ at first: no values are normalized. */
export interface WeightNormalizationSpecification {
  kind: 'weight';
}

/** A normalization of values, as against one of weights. */
export type ValueNormalizationSpecification =
  | BatchNormalizationSpecification
  | BatchRenormalizationSpecification
  | ExampleNormalizationSpecification;

export type NormalizationSpecification =
  | { kind: 'none' }
  | ValueNormalizationSpecification
  | WeightNormalizationSpecification;

/** The normalization of a layer's values, if it has one. */
export function valueNormalization(normalization: NormalizationSpecification): ValueNormalizationSpecification | null {
  return normalization.kind === 'none' || normalization.kind === 'weight' ? null : normalization;
}

/** Whether a normalization has running statistics, which evaluation uses. */
export function hasRunningStatistics(
  normalization: ValueNormalizationSpecification,
): normalization is BatchNormalizationSpecification | BatchRenormalizationSpecification {
  return 'momentum' in normalization;
}

/** Parameters and running statistics that a file has. */
export interface FileInitialization {
  kind: 'file';
  path: string;
  /** SHA-256 of the file in hexadecimal, where it is known; another content is refused. */
  sha256?: string;
}

export type InitializationSpecification =
  | FileInitialization
  | { kind: 'zeros' }
  | { kind: 'normal'; mean: number; std: number }
  | { kind: 'uniform'; low: number; high: number }
  /** std = gain · √(2 / fanIn) (He et al. 2015). */
  | { kind: 'he'; gain: number; distribution: 'normal' | 'uniform' }
  /** std = gain · √(2 / (fanIn + fanOut)) (Glorot & Bengio 2010); of a k × k convolution the fan-out is channels · k². */
  | { kind: 'xavier'; gain: number; distribution: 'normal' | 'uniform' }
  /** std = gain · √(1 / fanIn) (LeCun et al. 1998). */
  | { kind: 'lecun'; gain: number; distribution: 'normal' | 'uniform' }
  /** gain · Q, with Q of orthonormal rows or columns, whichever are fewer (Saxe et al. 2014). */
  | { kind: 'orthogonal'; gain: number };

/** Properties of every layer with parameters, after its linear map. */
interface LearningParts {
  /** Unique name in the network: `hidden1`, `conv2`, …, `output`. */
  name: string;
  bias: boolean;
  activation: ActivationSpecification;
  initialization: InitializationSpecification;
  normalization: NormalizationSpecification;
  /** Multiplies with standardized weights (Qiao et al. 2019); see `weightStandardization.ts`. Never with weight normalization. */
  weightStandardization?: true;
}

/** Parameters on which weight decay acts. */
export const decayable = ['weights', 'bias', 'scale', 'shift'] as const;
export type Decayable = (typeof decayable)[number];

/** A dense layer with its normalization and activation. An image as input is read as one row of numbers. */
export interface DenseSpecification extends LearningParts {
  kind: 'dense';
  /** Number of units; `null` for the output layer, whose size follows from the data. */
  units: number | null;
}

/** A convolution with its normalization and activation, over images padded with zeros. */
export interface ConvolutionSpecification extends LearningParts {
  kind: 'convolution';
  channels: number;
  /** Width and height of the window. */
  kernel: number;
  stride: number;
  /** Rows and columns of zeros on each side; less than `kernel`. */
  padding: number;
}

/** The largest, or the mean, of each channel in each window. */
export interface PoolingSpecification {
  kind: 'max-pool' | 'average-pool';
  name: string;
  /** Width and height of the window; null for the whole image. */
  size: number | null;
  stride: number;
}

/** An image as one row of numbers, position by position. */
export interface FlattenSpecification {
  kind: 'flatten';
  name: string;
}

/** In training each number is 0 with probability `rate`, else divided by 1 − rate (Srivastava et al. 2014). */
export interface DropoutSpecification {
  kind: 'dropout';
  name: string;
  rate: number;
}

/** activation(x + layers(x)) (He et al. 2016); the layers give the shape they got. */
export interface ResidualSpecification {
  kind: 'residual';
  name: string;
  layers: LayerSpecification[];
  activation: ActivationSpecification;
}

export type LearningLayerSpecification = DenseSpecification | ConvolutionSpecification;

export type LayerSpecification =
  | LearningLayerSpecification
  | PoolingSpecification
  | FlattenSpecification
  | DropoutSpecification
  | ResidualSpecification;

export type OptimizerSpecification =
  | {
      kind: 'sgd';
      learningRate: number;
      momentum: number;
      nesterov: boolean;
      /** The velocity takes 1 − dampening of the gradient, except in the first step, as in PyTorch. Default: 0. */
      dampening?: number;
      weightDecay: number;
      /** Parameters that decay. Default: all. */
      decayed?: readonly Decayable[];
    }
  /** `weightDecay` is added to the gradient (L2) in adam, and decoupled from it in adamw (Loshchilov & Hutter 2019). */
  | {
      kind: 'adam' | 'adamw';
      learningRate: number;
      beta1: number;
      beta2: number;
      epsilon: number;
      weightDecay: number;
      decayed?: readonly Decayable[];
    };

export interface ScheduleSpecification {
  kind: 'constant' | 'step' | 'cosine';
  /** Steps over which the rate rises linearly from 0 to the full one; 0 for none. */
  warmUp: number;
  /** `step`: the rate is multiplied by `factor` every `every` steps. */
  every: number;
  factor: number;
  /** `cosine`: the rate after the last update, as a fraction of the full one. */
  floor: number;
}

export interface TrainingSpecification {
  optimizer: OptimizerSpecification;
  schedule: ScheduleSpecification;
  batchSize: number;
  steps: number;
  /**
   * Upper limit of the norm of all gradients together; a larger gradient is scaled down to it before the update (Pascanu et al.
   * 2013). Default: none.
   */
  maxGradientNorm?: number;
  /** Share of the training examples whose label is replaced by a different class; see `labelNoise.ts`. Default: 0. */
  labelNoise?: number;
  /** Rising in `at`; none without. */
  changes?: readonly SettingsChange[];
}

/** Places in a layer that can be watched; see `channels.ts`. */
export type Tap = 'linear' | 'normalized' | 'activated';

/** Values at a tap, their gradients, and the weights of the layer with theirs. */
export type HistogramTap = Tap | `${Tap | 'weights'}Gradient` | 'weights';

export interface WatchSpecification {
  /** Number of steps between frames. Step 0 (before training) and the last step also have one. */
  every: number;
  /** Number of steps between evaluations of the test set (a multiple of `every`). The last step also has one. */
  evaluateEvery: number;
  /**
   * Number of test examples in an evaluation: a fixed random sample of the test set, except at the last step, which has all of
   * them. Default: all.
   */
  evaluationExamples?: number;
  /** Names of the watched layers, or `all`. */
  layers: 'all' | string[];
  taps: Tap[];
  /** Watch the gradient of the loss at the same taps too. */
  gradients: boolean;
  /** Number of units (or channels) of each hidden layer that are watched individually; see `watchedUnits`. */
  units: number;
  /** Taps with histograms. */
  histograms: HistogramTap[];
  /** Number of steps between histograms (a multiple of `every`). The last step also has them. */
  histogramEvery: number;
  /** Whether to record predictions for the displayed data: the plane, a few test examples, the confusion matrix. */
  predictions: boolean;
  /** An output of sigmoid or tanh is saturated where the slope, relative to the steepest, is below this. */
  saturation: number;
  /** Number of steps between predictions (a multiple of `evaluateEvery`). The last step also has them. */
  predictionEvery: number;
  /** Probes that cost steps of their own; see `probes/probeChannels.ts`. */
  probes: ProbeKind[];
  /** Number of steps between probes (a multiple of `every`). The last step has none, because no update follows it. */
  probeEvery: number;
}

/** Everything one run needs besides its data. */
export interface RunSpecification {
  seed: number;
  /** Hidden layers in order, then the output layer, which is dense. */
  layers: LayerSpecification[];
  loss: 'cross-entropy' | 'mean-squared-error';
  training: TrainingSpecification;
  watch: WatchSpecification;
}
