/**
 * What the engine is asked to train: every choice made, no defaults left.
 * The experiment layer resolves a file into these types; the engine only reads them.
 */

export type ActivationKind = 'relu' | 'leaky-relu' | 'sigmoid' | 'tanh' | 'gelu' | 'linear';

export interface ActivationSpecification {
  kind: ActivationKind;
  /** Slope for negative inputs; read by `leaky-relu` alone. */
  slope: number;
}

/** Where the normalization stands in its layer: between the linear map and the activation, or after the activation. */
export type Placement = 'before-activation' | 'after-activation';

export interface BatchNormalizationSpecification {
  /** `naive` and `batch` compute the same; they differ in the defaults a file gives them. */
  kind: 'naive' | 'batch';
  placement: Placement;
  /** One mean and variance per feature, or one over every number of the layer's output in the minibatch. */
  statistics: 'per-feature' | 'whole-batch';
  /** Divide by m (`biased`) or m − 1 (`unbiased`) in the normalization itself. Running variances are always unbiased. */
  variance: 'biased' | 'unbiased';
  /** Whether back-propagation sees that mean and variance depend on the batch. */
  gradient: 'through-statistics' | 'detached';
  scale: boolean;
  shift: boolean;
  /** Added to the variance; 0 is allowed. */
  epsilon: number;
  /** Weight of the new batch in the running statistics (PyTorch's convention). */
  momentum: number;
}

export type NormalizationSpecification = { kind: 'none' } | BatchNormalizationSpecification;

export type InitializationSpecification =
  | { kind: 'zeros' }
  | { kind: 'normal'; mean: number; std: number }
  | { kind: 'uniform'; low: number; high: number }
  /** std = gain · √(2 / fanIn) (He et al. 2015). */
  | { kind: 'he'; gain: number; distribution: 'normal' | 'uniform' }
  /** std = gain · √(2 / (fanIn + fanOut)) (Glorot & Bengio 2010). */
  | { kind: 'xavier'; gain: number; distribution: 'normal' | 'uniform' }
  /** std = gain · √(1 / fanIn) (LeCun et al. 1998). */
  | { kind: 'lecun'; gain: number; distribution: 'normal' | 'uniform' }
  /** gain · Q, with Q of orthonormal rows or columns, whichever are fewer (Saxe et al. 2014). */
  | { kind: 'orthogonal'; gain: number };

/** A dense layer and what follows it. Its name is `hidden1`, `hidden2`, … or `output`. */
export interface LayerSpecification {
  name: string;
  /** Number of units; `null` for the output layer, whose size follows from the data. */
  units: number | null;
  bias: boolean;
  activation: ActivationSpecification;
  initialization: InitializationSpecification;
  normalization: NormalizationSpecification;
}

export type OptimizerSpecification =
  | { kind: 'sgd'; learningRate: number; momentum: number; nesterov: boolean; weightDecay: number }
  /** `weightDecay` is added to the gradient (L2) in adam, and decoupled from it in adamw (Loshchilov & Hutter 2019). */
  | {
      kind: 'adam' | 'adamw';
      learningRate: number;
      beta1: number;
      beta2: number;
      epsilon: number;
      weightDecay: number;
    };

export interface ScheduleSpecification {
  kind: 'constant' | 'step' | 'cosine';
  /** Steps over which the rate rises linearly from 0 to the full one; 0 for none. */
  warmUp: number;
  /** `step`: the rate is multiplied by `factor` every `every` steps. */
  every: number;
  factor: number;
  /** `cosine`: the rate's last value, as a fraction of the full one. */
  floor: number;
}

export interface TrainingSpecification {
  optimizer: OptimizerSpecification;
  schedule: ScheduleSpecification;
  batchSize: number;
  steps: number;
}

/** Places in a layer that can be watched; see `channels.ts`. */
export type Tap = 'linear' | 'normalized' | 'activated';

export interface WatchSpecification {
  /** A frame is taken every so many steps, at step 0 (before training) and at the last step. */
  every: number;
  /** The test set is evaluated every so many steps (a multiple of `every`), and at the last step. */
  evaluateEvery: number;
  /** Names of the watched layers, or `all`. */
  layers: 'all' | string[];
  taps: Tap[];
  /** Watch the gradient of the loss at the same taps too. */
  gradients: boolean;
}

/** Everything one run needs besides its data. */
export interface RunSpecification {
  seed: number;
  /** Hidden layers in order, then the output layer. */
  layers: LayerSpecification[];
  loss: 'cross-entropy' | 'mean-squared-error';
  training: TrainingSpecification;
  watch: WatchSpecification;
}
