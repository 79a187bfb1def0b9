/** Experiments for comparisons with other programs: all normalizations at both places, and each other kind of layer and setting. */
import assert from 'node:assert/strict';
import { parseText } from '../../../../src/experiment/parse';
import type { Plan } from '../../../../src/experiment/plan';
import { readExperiment } from '../../../../src/experiment/read';

/** A preset with few examples, for tests of a few minibatches. */
export function withFewExamples(text: string): Plan {
  const { data, ...rest } = (parseText(text) as { value: { data: Record<string, unknown> } }).value;
  const few = data.kind === 'idx' ? {} : { train: Math.min(Number(data.train ?? 1000), 200), test: 20 };
  const { plan } = readExperiment(JSON.stringify({ ...rest, data: { ...data, ...few } }));
  assert.ok(plan);
  return plan;
}

const normalizations: Record<string, object> = {
  batch: { kind: 'batch' },
  'batch, detached': { kind: 'batch', gradient: 'detached' },
  'batch, unbiased': { kind: 'batch', variance: 'unbiased' },
  'batch, whole': { kind: 'batch', statistics: 'whole-batch' },
  'batch, whole, unbiased, detached': {
    kind: 'batch',
    statistics: 'whole-batch',
    variance: 'unbiased',
    gradient: 'detached',
  },
  'batch, ghost': { kind: 'batch', ghostBatchSize: 4 },
  'batch, scale alone': { kind: 'batch', shift: false },
  'batch, shift alone': { kind: 'batch', scale: false, epsilon: 0.001, momentum: 0.3 },
  'batch, frozen': { kind: 'batch', freezeAt: 1 },
  naive: { kind: 'naive' },
  'batch-l1': { kind: 'batch-l1' },
  'batch-l1, ghost, unbiased': { kind: 'batch-l1', ghostBatchSize: 8, variance: 'unbiased' },
  'batch-renorm': { kind: 'batch-renorm', relaxFrom: 0, rMaxAt: 2, dMaxAt: 4 },
  'batch-renorm, frozen': { kind: 'batch-renorm', relaxFrom: 0, rMaxAt: 1, dMaxAt: 1, freezeAt: 2 },
  layer: { kind: 'layer' },
  'layer, scale alone': { kind: 'layer', shift: false },
  group: { kind: 'group', groups: 2 },
  rms: { kind: 'rms' },
  'rms with shift': { kind: 'rms', shift: true },
};
const withoutPlacement = {
  none: { network: { normalization: { kind: 'none' } } },
  weight: { network: { normalization: { kind: 'weight' } } },
  'weight standardization': {
    network: {
      weightStandardization: true,
      normalization: { kind: 'group', groups: 2 },
      output: { weightStandardization: true },
    },
  },
};
/** Settings of the updates and of the labels. */
const settings = {
  'decay of weights': {
    training: {
      optimizer: { weightDecay: 0.1, decayed: ['weights'] },
      changes: [{ at: 1, learningRate: 0.2, weightDecay: 0.05 }],
    },
  },
  'decay of directions': {
    network: { normalization: { kind: 'weight' } },
    training: { optimizer: { weightDecay: 0.1, decayed: ['weights', 'bias'] } },
  },
  dampening: { training: { optimizer: { momentum: 0.9, dampening: 0.6, weightDecay: 0.1 } } },
  clipping: { training: { maxGradientNorm: 0.1 } },
  'label noise': { training: { labelNoise: 0.4 } },
};
const instance = { instance: { kind: 'instance' }, 'instance, bare': { kind: 'instance', scale: false, shift: false } };
const placements = ['before-activation', 'after-activation'] as const;

/** An arm for each normalization and placement. */
function armsOf(kinds: Record<string, object>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([name, normalization]) =>
      placements.map((placement) => [
        `${name}, ${placement}`,
        { network: { normalization: { ...normalization, placement } } },
      ]),
    ),
  );
}

const training = { batchSize: 16, steps: 10, optimizer: { kind: 'sgd', learningRate: 0.1 } };
export const dense = {
  name: 'Dense',
  data: { kind: 'gaussians', classes: 3, dimensions: 5, train: 64, test: 16 },
  network: { layers: [{ dense: 8 }, { dense: 6, activation: 'tanh' }], activation: 'relu' },
  training,
  arms: { ...armsOf(normalizations), ...withoutPlacement, ...settings },
};
const convolutions = {
  ...dense,
  data: { kind: 'digits', train: 64, test: 10 },
  network: {
    layers: [
      { conv: 4, kernel: 5, stride: 3 },
      { averagePool: 2 },
      { residual: [{ conv: 4, kernel: 3, activation: 'linear' }], activation: 'gelu' },
      { maxPool: 2 },
      { dense: 6, normalization: 'none' },
    ],
    activation: 'leaky-relu',
  },
  arms: { ...armsOf(normalizations), ...armsOf(instance), ...withoutPlacement },
};
/** Each optimizer, schedule, change, initialization and layer that the others lack. */
const others = {
  ...dense,
  arms: {
    momentum: { training: { optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 0.01, nesterov: true } } },
    adam: { training: { optimizer: { kind: 'adam', learningRate: 0.01, weightDecay: 0.1 } } },
    adamw: { training: { optimizer: { kind: 'adamw', learningRate: 0.01, beta1: 0.8, epsilon: 1e-6 } } },
    'step schedule': { training: { schedule: { kind: 'step', every: 1, factor: 0.5, warmUp: 1 } } },
    cosine: { training: { schedule: { kind: 'cosine', warmUp: 2, floor: 0.1 } } },
    'warm-up': { training: { schedule: { kind: 'constant', warmUp: 4 } } },
    changes: {
      network: { normalization: { kind: 'batch' } },
      training: {
        changes: [
          { at: 1, learningRate: 0.03, momentum: 0.5, weightDecay: 0.2, batchSize: 8 },
          { at: 2, freezeStatistics: true },
        ],
      },
    },
    'noise and dropout': {
      network: {
        layers: [{ dense: 8 }, { dropout: 0.5 }, { dense: 6 }],
        normalization: { kind: 'batch', noise: true },
      },
    },
    sigmoid: { network: { activation: 'sigmoid', initialization: { kind: 'orthogonal', gain: 2 } } },
  },
};
const afterFlattening = {
  ...convolutions,
  network: {
    layers: [
      { conv: 3, kernel: 5, stride: 5 },
      { maxPool: 2 },
      { flatten: true },
      { residual: [{ dense: 5 }, { dense: 27 }] },
      { dense: 6, bias: true },
    ],
    normalization: { kind: 'batch' },
  },
  arms: undefined,
};

export const networkTables = { dense, convolutions, others, 'after-flattening': afterFlattening };
