/**
 * The reference workloads. Their names, shapes and batch sizes never change, so that measurements from different
 * times and engines can be compared. `torch_workloads.py` builds the same networks.
 */
import type { Dataset, Examples } from '../src/engine/data/dataset';
import { streams } from '../src/engine/random';
import type {
  ActivationKind,
  DenseSpecification,
  LayerSpecification,
  NormalizationSpecification,
  RunSpecification,
} from '../src/engine/specification';

/** As in an experiment file: units, channels of a 3×3 convolution with padding "same", or size of a pool. */
export type HiddenLayer = { dense: number } | { conv: number } | { maxPool: number };

export interface Workload {
  name: string;
  inputs: number;
  /** Size of the input images, if the inputs are pixels. */
  image?: Dataset['image'];
  hidden: HiddenLayer[];
  outputs: number;
  activation: ActivationKind;
  batchNormalization: boolean;
  batchSize: number;
  /** What the workload represents. */
  meaning: string;
}

function dense(...units: number[]): HiddenLayer[] {
  return units.map((count) => ({ dense: count }));
}

const hundreds = { inputs: 784, outputs: 10, activation: 'sigmoid', batchSize: 60 } as const;

export const workloads: Workload[] = [
  {
    ...hundreds,
    name: 'W1a',
    hidden: dense(100, 100, 100),
    batchNormalization: false,
    meaning: "the paper's own net",
  },
  { ...hundreds, name: 'W1b', hidden: dense(100, 100, 100), batchNormalization: true, meaning: 'the main job' },
  {
    name: 'W2',
    inputs: 784,
    hidden: dense(512, 512, 512),
    outputs: 10,
    activation: 'relu',
    batchNormalization: true,
    batchSize: 256,
    meaning: 'a net where matrix products dominate',
  },
  {
    name: 'W3',
    inputs: 2,
    hidden: dense(...Array(30).fill(32)),
    outputs: 3,
    activation: 'relu',
    batchNormalization: true,
    batchSize: 64,
    meaning: 'deep and narrow: overhead dominates',
  },
  {
    name: 'W4',
    inputs: 784,
    image: { width: 28, height: 28, channels: 1 },
    hidden: [{ conv: 16 }, { maxPool: 2 }, { conv: 32 }, { maxPool: 2 }],
    outputs: 10,
    activation: 'relu',
    batchNormalization: true,
    batchSize: 64,
    meaning: 'a small convolutional net',
  },
];

export const learningRate = 0.1;

/** @throws Error that lists the valid names. */
export function workloadNamed(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (!found) throw new Error(`Unknown workload ${name}; use one of ${workloads.map((w) => w.name).join(', ')}.`);
  return found;
}

const batchNormalization: NormalizationSpecification = {
  kind: 'batch',
  placement: 'before-activation',
  statistics: 'per-feature',
  variance: 'biased',
  gradient: 'through-statistics',
  scale: true,
  shift: true,
  epsilon: 1e-5,
  momentum: 0.1,
};

/** What follows the linear map of a layer with parameters. */
function learning(
  activation: ActivationKind,
  normalized: boolean,
): Omit<DenseSpecification, 'kind' | 'name' | 'units'> {
  return {
    bias: !normalized,
    activation: { kind: activation, slope: 0 },
    initialization: { kind: 'he', gain: 1, distribution: 'normal' },
    normalization: normalized ? batchNormalization : { kind: 'none' },
  };
}

function layer(workload: Workload, hidden: HiddenLayer, index: number): LayerSpecification {
  const name = `layer${index + 1}`;
  if ('maxPool' in hidden) return { kind: 'max-pool', name, size: hidden.maxPool, stride: hidden.maxPool };
  const parts = learning(workload.activation, workload.batchNormalization);
  if ('dense' in hidden) return { kind: 'dense', name, units: hidden.dense, ...parts };
  return { kind: 'convolution', name, channels: hidden.conv, kernel: 3, stride: 1, padding: 1, ...parts };
}

/** A run of the workload whose only frame before `steps` is the first. To watch it, pass a `watch` of your own. */
export function runOf(workload: Workload, steps: number): RunSpecification {
  return {
    seed: 1,
    layers: [
      ...workload.hidden.map((hidden, index) => layer(workload, hidden, index)),
      { kind: 'dense', name: 'output', units: null, ...learning('linear', false) },
    ],
    loss: 'cross-entropy',
    training: {
      optimizer: { kind: 'sgd', learningRate, momentum: 0, nesterov: false, weightDecay: 0 },
      schedule: { kind: 'constant', warmUp: 0, every: 1, factor: 1, floor: 0 },
      batchSize: workload.batchSize,
      steps,
    },
    watch: {
      every: steps,
      evaluateEvery: steps,
      layers: [],
      taps: [],
      gradients: false,
      units: 0,
      histograms: [],
      histogramEvery: 1,
      saturation: 0.1,
      predictions: false,
      predictionEvery: 1,
      probes: [],
      probeEvery: 1,
    },
  };
}

function examples(workload: Workload, count: number, name: string): Examples {
  const stream = streams(1)(name);
  return {
    count,
    features: new Float32Array(count * workload.inputs).map(() => stream.normal()),
    labels: new Int32Array(count).map(() => stream.integer(workload.outputs)),
    targets: new Float32Array(0),
  };
}

/** Normal inputs and random classes: the time of a step does not depend on what is learned. */
export function datasetOf(workload: Workload, trainCount = 2048, testCount = 256): Dataset {
  return {
    task: 'classification',
    featureCount: workload.inputs,
    classCount: workload.outputs,
    targetCount: 0,
    classNames: Array.from({ length: workload.outputs }, (_, k) => String(k)),
    featureNames: Array.from({ length: workload.inputs }, (_, k) => `x${k + 1}`),
    ...(workload.image && { image: workload.image }),
    train: examples(workload, trainCount, 'train'),
    test: examples(workload, testCount, 'test'),
  };
}
