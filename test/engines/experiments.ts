/**
 * The experiments whose trained networks must be identical in every engine, bit for bit: small, and together with every
 * kind of layer, loss, optimizer, schedule, initialization and data. A new feature only needs an arm here; its hash
 * is then written by `node scripts/engines/hashes.mjs --write`.
 */
import type { ExperimentFile } from '../../src/experiment/schema';
import { files } from './files';

export interface EngineExperiment {
  /** The text of an experiment file. */
  text: string;
  /** The data files that the experiment reads, by path. */
  files: ReadonlyMap<string, Uint8Array>;
}

/** Widths that are not multiples of a panel's 8 columns, so that its padding is tested too. */
const twoLayers = [{ dense: 9 }, { dense: 7 }];

/** 30 steps; the last minibatch of each epoch is incomplete. */
function training(changes: object = {}): ExperimentFile['training'] {
  return { batchSize: 14, steps: 30, ...changes };
}

/** Everything that can be watched, so that frames contain it. */
const watch = { every: 5, evaluateEvery: 10 };

const activations: ExperimentFile = {
  data: { kind: 'spiral', train: 100, test: 40, classes: 3 },
  network: { layers: twoLayers },
  training: training({ optimizer: { kind: 'adam', learningRate: 0.02 } }),
  watch,
  arms: {
    relu: {},
    'leaky-relu': { network: { activation: { kind: 'leaky-relu', slope: 0.2 } } },
    'leaky-relu, rising on both sides': { network: { activation: { kind: 'leaky-relu', slope: -1.5 } } },
    sigmoid: { network: { activation: 'sigmoid' } },
    tanh: { network: { activation: 'tanh' } },
    gelu: { network: { activation: 'gelu' } },
    linear: { network: { activation: 'linear' } },
    'tanh, driven far out': { network: { activation: 'tanh', initialization: { kind: 'normal', std: 20 } } },
    'sigmoid, driven far out': { network: { activation: 'sigmoid', initialization: { kind: 'normal', std: 20 } } },
    'gelu, driven far out': { network: { activation: 'gelu', initialization: { kind: 'normal', std: 20 } } },
  },
};

const optimizers: ExperimentFile = {
  data: { kind: 'circles', train: 100, test: 40, noise: 0.2 },
  network: { layers: twoLayers, activation: 'tanh', normalization: 'batch' },
  training: training({ optimizer: { kind: 'sgd', learningRate: 0.1 } }),
  watch,
  arms: {
    sgd: {},
    momentum: { training: { optimizer: { momentum: 0.9 } } },
    nesterov: { training: { optimizer: { momentum: 0.9, nesterov: true } } },
    'weight decay': { training: { optimizer: { weightDecay: 0.01 } } },
    'nesterov, weight decay': { training: { optimizer: { momentum: 0.8, nesterov: true, weightDecay: 0.01 } } },
    adam: { training: { optimizer: { kind: 'adam', learningRate: 0.01 } } },
    'adam, weight decay': { training: { optimizer: { kind: 'adam', learningRate: 0.01, weightDecay: 0.02 } } },
    'adam, other betas': {
      training: { optimizer: { kind: 'adam', learningRate: 0.01, beta1: 0, beta2: 0.9, epsilon: 1e-4 } },
    },
    adamw: { training: { optimizer: { kind: 'adamw', learningRate: 0.01 } } },
    'decay of weights only': { training: { optimizer: { weightDecay: 0.05, decayed: ['weights'] } } },
    'dampening, decay': { training: { optimizer: { momentum: 0.9, dampening: 0.4, weightDecay: 0.01 } } },
    'gradient clipping': { training: { maxGradientNorm: 0.05 } },
    'label noise': { training: { labelNoise: 0.3 } },
    'weight standardization': { network: { weightStandardization: true } },
  },
};

const schedules: ExperimentFile = {
  data: { kind: 'moons', train: 100, test: 40 },
  network: { layers: twoLayers, activation: 'gelu' },
  training: training({ optimizer: { kind: 'sgd', learningRate: 0.2, momentum: 0.5 } }),
  watch,
  arms: {
    constant: {},
    'warm-up': { training: { schedule: { kind: 'constant', warmUp: 7 } } },
    step: { training: { schedule: { kind: 'step' } } },
    'step, warm-up': { training: { schedule: { kind: 'step', every: 4, factor: 0.7, warmUp: 5 } } },
    cosine: { training: { schedule: { kind: 'cosine' } } },
    'cosine, floor, warm-up': { training: { schedule: { kind: 'cosine', floor: 0.05, warmUp: 11 } } },
  },
};

/** Settings that change during training, as by the user or in a fork. */
const changes: ExperimentFile = {
  data: { kind: 'circles', train: 100, test: 40, noise: 0.2 },
  network: { layers: twoLayers, activation: 'tanh', normalization: 'batch' },
  training: training({ optimizer: { kind: 'sgd', learningRate: 0.1 } }),
  watch,
  arms: {
    rate: { training: { changes: [{ at: 11, learningRate: 0.03 }] } },
    'rate, under a schedule': {
      training: {
        schedule: { kind: 'cosine', warmUp: 5 },
        changes: [
          { at: 3, learningRate: 0.3 },
          { at: 20, learningRate: 0.02 },
        ],
      },
    },
    'rate of adam': {
      training: {
        optimizer: { kind: 'adam', learningRate: 0.01 },
        changes: [{ at: 11, learningRate: 0.001, weightDecay: 0.1 }],
      },
    },
    momentum: {
      training: {
        changes: [
          { at: 7, momentum: 0.9 },
          { at: 21, momentum: 0 },
        ],
      },
    },
    'weight decay': { training: { changes: [{ at: 7, weightDecay: 0.05 }] } },
    'batch size': {
      training: {
        changes: [
          { at: 9, batchSize: 23 },
          { at: 15, batchSize: 3 },
        ],
      },
    },
    'frozen statistics': {
      training: {
        changes: [
          { at: 9, freezeStatistics: true },
          { at: 20, freezeStatistics: false },
        ],
      },
    },
    'frozen statistics of batch-renorm': {
      network: { normalization: 'batch-renorm' },
      training: { changes: [{ at: 9, freezeStatistics: true }] },
    },
  },
};

const initializations: ExperimentFile = {
  data: { kind: 'gaussians', train: 90, test: 30, classes: 4, dimensions: 5, separation: 2 },
  network: { layers: [{ dense: 13 }, { dense: 6 }], activation: 'relu' },
  training: training(),
  watch,
  arms: {
    he: { network: { initialization: 'he' } },
    'he, uniform': { network: { initialization: { kind: 'he', gain: 1.3, distribution: 'uniform' } } },
    xavier: { network: { initialization: 'xavier' } },
    'xavier, uniform': { network: { initialization: { kind: 'xavier', gain: 0.7, distribution: 'uniform' } } },
    lecun: { network: { initialization: 'lecun' } },
    'lecun, uniform': { network: { initialization: { kind: 'lecun', distribution: 'uniform' } } },
    orthogonal: { network: { initialization: { kind: 'orthogonal', gain: 1.4 } } },
    normal: { network: { initialization: { kind: 'normal', mean: 0.01, std: 0.2 } } },
    uniform: { network: { initialization: { kind: 'uniform', low: -0.3, high: 0.2 } } },
    zeros: { network: { initialization: 'zeros' } },
  },
};

const normalizations: ExperimentFile = {
  data: { kind: 'xor', train: 100, test: 40, dimensions: 3 },
  network: { layers: twoLayers, activation: 'sigmoid', normalization: { kind: 'batch' } },
  training: training({ optimizer: { kind: 'sgd', learningRate: 0.5, momentum: 0.9 } }),
  watch,
  arms: {
    none: { network: { normalization: 'none' } },
    naive: { network: { normalization: { kind: 'naive' } } },
    batch: {},
    'after activation': { network: { normalization: { placement: 'after-activation' } } },
    'whole batch': { network: { normalization: { statistics: 'whole-batch' } } },
    unbiased: { network: { normalization: { variance: 'unbiased' } } },
    detached: { network: { normalization: { gradient: 'detached' } } },
    'without scale': { network: { normalization: { scale: false } } },
    'without shift': { network: { normalization: { shift: false } } },
    'epsilon 0': { network: { normalization: { epsilon: 0 } } },
    'momentum 0.7': { network: { normalization: { momentum: 0.7 } } },
    'whole batch, unbiased, after activation': {
      network: { normalization: { statistics: 'whole-batch', variance: 'unbiased', placement: 'after-activation' } },
    },
    'detached, unbiased, without scale': {
      network: { normalization: { gradient: 'detached', variance: 'unbiased', scale: false } },
    },
    'batch-l1': { network: { normalization: { kind: 'batch-l1' } } },
    'batch-renorm': { network: { normalization: { kind: 'batch-renorm' } } },
    'batch-renorm, opened soon': {
      network: { normalization: { kind: 'batch-renorm', rMax: 1.5, dMax: 0.5, relaxFrom: 2, rMaxAt: 9, dMaxAt: 6 } },
    },
    layer: { network: { normalization: 'layer' } },
    group: { network: { layers: [{ dense: 12 }, { dense: 6 }], normalization: { kind: 'group', groups: 3 } } },
    rms: { network: { normalization: { kind: 'rms', shift: true } } },
    weight: { network: { normalization: 'weight' } },
    'ghost batches': { network: { normalization: { ghostBatchSize: 7 } } },
    frozen: { network: { normalization: { freezeAt: 11 } } },
    noise: { network: { normalization: { noise: true } } },
    'on the output too': { network: { output: { normalization: { kind: 'batch', momentum: 0.3 } } } },
  },
};

const layers: ExperimentFile = {
  data: { kind: 'spiral', train: 120, test: 40, turns: 0.5 },
  network: {
    layers: [
      { dense: 8, normalization: 'none', bias: false },
      { dense: 17, activation: 'tanh', normalization: { placement: 'after-activation', epsilon: 1e-3 } },
      { dense: 5, activation: { kind: 'leaky-relu', slope: 0.3 }, initialization: 'orthogonal', bias: true },
      { dense: 12, activation: 'gelu', initialization: { kind: 'xavier', gain: 2 }, normalization: { kind: 'naive' } },
    ],
    activation: 'sigmoid',
    normalization: { kind: 'batch', variance: 'unbiased' },
    output: { activation: 'tanh', bias: false, initialization: 'lecun' },
  },
  training: training(),
  watch,
  arms: {
    'each its own': {},
    none: { network: { layers: [] } },
    'one unit': { network: { layers: [{ dense: 1 }] } },
    'many and wide': {
      network: { layers: [{ dense: 65 }, { dense: 40 }, { dense: 33 }, { dense: 24 }, { dense: 16 }, { dense: 8 }] },
      training: { batchSize: 120 },
    },
    'minibatches of 2': { training: { batchSize: 2 } },
    'minibatches of 1': {
      network: { layers: twoLayers, normalization: { kind: 'batch', statistics: 'whole-batch' } },
      training: { batchSize: 1 },
    },
  },
};

/** Layers of images, and operations between layers. */
const images: ExperimentFile = {
  data: { kind: 'digits', train: 24, test: 10 },
  network: {
    layers: [{ maxPool: 4 }, { conv: 5 }, { maxPool: 2 }, { conv: 3, kernel: 2, padding: 1 }, { dense: 10 }],
    normalization: 'batch',
  },
  training: training({ batchSize: 8, steps: 10 }),
  watch,
  arms: {
    'largest of windows': {},
    'mean of windows': {
      network: { layers: [{ averagePool: 4 }, { conv: 9, stride: 2 }, { averagePool: 'all' }] },
    },
    'windows that overlap': {
      network: {
        layers: [
          { maxPool: 5, stride: 3 },
          { conv: 4, kernel: 5, padding: 0 },
          { averagePool: 3, stride: 1 },
        ],
      },
    },
    flattened: { network: { layers: [{ averagePool: 4 }, { conv: 3 }, { flatten: true }, { dense: 8 }] } },
    dropout: { network: { layers: [{ maxPool: 4 }, { dropout: 0.2 }, { conv: 4 }, { dropout: 0.5 }, { dense: 9 }] } },
    residual: {
      network: {
        layers: [
          { maxPool: 4 },
          { conv: 6 },
          { residual: [{ conv: 6 }, { dropout: 0.1 }, { conv: 6, activation: 'linear' }], activation: 'relu' },
          { averagePool: 'all' },
          { residual: [{ dense: 6 }] },
        ],
      },
    },
    instance: { network: { normalization: 'instance', layers: [{ maxPool: 4 }, { conv: 6 }, { maxPool: 2 }] } },
    layer: { network: { normalization: 'layer' } },
    group: { network: { layers: [{ maxPool: 4 }, { conv: 6 }], normalization: { kind: 'group', groups: 2 } } },
    'batch-renorm': { network: { normalization: 'batch-renorm' } },
    weight: { network: { normalization: 'weight' } },
    'whole batch': { network: { normalization: { kind: 'batch', statistics: 'whole-batch' } } },
    'ghost batches, noise': { network: { normalization: { kind: 'batch', ghostBatchSize: 4, noise: true } } },
  },
};

/** Update probes: their results, and that the final parameters are the same as without probes. */
const probed = {
  ...watch,
  probes: ['drift', 'frameDrift', 'gradientDrift', 'landscape', 'effectiveRate', 'takenBack'],
} as const;

const probes: ExperimentFile = {
  data: { kind: 'digits', train: 40, test: 10 },
  network: { layers: [{ maxPool: 4 }, { conv: 5 }, { dense: 9 }, { dense: 9 }], normalization: 'batch' },
  training: training({ batchSize: 8, steps: 15, optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 } }),
  watch: { ...probed, probes: [...probed.probes] },
  arms: {
    'not asked': { watch: { probes: [] } },
    'all asked': {},
    'all asked, adam': { training: { optimizer: { kind: 'adam', learningRate: 0.01 } } },
    'noise and dropout': {
      network: {
        layers: [{ maxPool: 4 }, { conv: 6 }, { residual: [{ conv: 6 }, { dropout: 0.2 }] }, { dense: 9 }],
        normalization: { kind: 'batch', noise: true, ghostBatchSize: 4 },
      },
    },
    'batch-renorm': { network: { normalization: { kind: 'batch-renorm', placement: 'after-activation' } } },
    weight: { network: { normalization: 'weight' } },
  },
};

const idxData = {
  kind: 'idx',
  trainImages: 'images',
  trainLabels: 'labels',
  testImages: 'images',
  testLabels: 'labels',
  train: 40,
  test: 20,
} as const;

/** A patch that changes a `kind` omits the properties that the new kind does not have. */
const data: ExperimentFile = {
  data: { kind: 'spiral', train: 60, test: 30 },
  network: { layers: [{ dense: 11 }], normalization: 'batch' },
  training: training({ seeds: [7] }),
  watch,
  arms: {
    spiral: { data: { classes: 5, turns: 1.75, noise: 0.1 } },
    circles: { data: { kind: 'circles', classes: 3 } },
    moons: { data: { kind: 'moons', noise: 0.3 } },
    xor: { data: { kind: 'xor', dimensions: 4, noise: 0.2 } },
    gaussians: { data: { kind: 'gaussians', classes: 6, dimensions: 20 } },
    digits: { data: { kind: 'digits' } },
    'table, numbers': { data: { kind: 'csv', path: 'numbers.csv', train: null, test: null } },
    'table, words': { data: { kind: 'csv', path: 'words.csv', testFraction: 0.35, train: null, test: null } },
    'table, as it stands': { data: { kind: 'csv', path: 'numbers.csv', standardize: false, train: null, test: null } },
    images: { data: idxData },
    'images, standardized': { data: { ...idxData, transpose: true, standardize: true } },
    'images, binarized, moved and mirrored': { data: { ...idxData, binarize: 0.4, augment: { shift: 2, flip: true } } },
  },
};

const seeds: ExperimentFile = {
  data: { kind: 'moons', train: 60, test: 30 },
  network: { layers: [{ dense: 6 }], normalization: 'batch' },
  training: training({ seeds: [0, 1, 2_147_483_648, 4_294_967_295] }),
  watch,
};

/** NaN and infinity have many bit patterns, and engines produce different ones. */
const divergence: ExperimentFile = {
  data: { kind: 'spiral', train: 60, test: 30 },
  network: { layers: twoLayers, activation: 'linear' },
  training: training({ optimizer: { kind: 'sgd', learningRate: 1e6 } }),
  watch: { every: 1, evaluateEvery: 1 },
  arms: {
    none: {},
    batch: {
      network: { activation: 'relu', normalization: 'batch', initialization: { kind: 'normal', std: 1e30 } },
    },
    naive: { network: { normalization: { kind: 'naive', epsilon: 0 }, initialization: 'zeros' } },
    gelu: { network: { activation: 'gelu', normalization: { kind: 'batch', placement: 'after-activation' } } },
  },
};

const table: Record<string, ExperimentFile> = {
  activations,
  optimizers,
  schedules,
  changes,
  initializations,
  normalizations,
  layers,
  images,
  probes,
  data,
  seeds,
  divergence,
};

/** All experiments, by name. */
export const experiments: ReadonlyMap<string, EngineExperiment> = new Map(
  Object.entries(table).map(([name, file]) => [name, { text: JSON.stringify({ name, ...file }), files }]),
);
