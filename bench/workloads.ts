/**
 * The reference workloads. Their names, shapes and batch sizes stay as they are, so that figures taken at different
 * times and of different engines can be held against each other. `torch_workloads.py` builds the same ones.
 */
import type { Dataset, Examples } from '../src/engine/data/dataset';
import { streams } from '../src/engine/random';
import type { ActivationKind, LayerSpecification, RunSpecification } from '../src/engine/specification';

export interface Workload {
  name: string;
  inputs: number;
  hidden: number[];
  outputs: number;
  activation: ActivationKind;
  batchNormalization: boolean;
  batchSize: number;
  /** What it stands for. */
  meaning: string;
}

const hundreds = { inputs: 784, hidden: [100, 100, 100], outputs: 10, activation: 'sigmoid', batchSize: 60 } as const;

export const workloads: Workload[] = [
  { ...hundreds, name: 'W1a', hidden: [...hundreds.hidden], batchNormalization: false, meaning: "the paper's own net" },
  { ...hundreds, name: 'W1b', hidden: [...hundreds.hidden], batchNormalization: true, meaning: 'the main job' },
  {
    name: 'W3',
    inputs: 2,
    hidden: Array(30).fill(32),
    outputs: 3,
    activation: 'relu',
    batchNormalization: true,
    batchSize: 64,
    meaning: 'deep and narrow: overhead dominates',
  },
];

export const learningRate = 0.1;

/** @throws Error that lists the names there are. */
export function workloadNamed(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (!found) throw new Error(`No workload ${name}; there are ${workloads.map((w) => w.name).join(', ')}.`);
  return found;
}

function layer(workload: Workload, name: string, units: number | null): LayerSpecification {
  const hidden = units !== null;
  const normalized = hidden && workload.batchNormalization;
  return {
    kind: 'dense',
    name,
    units,
    bias: !normalized,
    activation: { kind: hidden ? workload.activation : 'linear', slope: 0 },
    initialization: { kind: 'he', gain: 1, distribution: 'normal' },
    normalization: normalized
      ? {
          kind: 'batch',
          placement: 'before-activation',
          statistics: 'per-feature',
          variance: 'biased',
          gradient: 'through-statistics',
          scale: true,
          shift: true,
          epsilon: 1e-5,
          momentum: 0.1,
        }
      : { kind: 'none' },
  };
}

/** A run of the workload that takes no frame but the first before `steps`; spread in a `watch` of your own to watch it. */
export function runOf(workload: Workload, steps: number): RunSpecification {
  return {
    seed: 1,
    layers: [
      ...workload.hidden.map((units, index) => layer(workload, `hidden${index + 1}`, units)),
      layer(workload, 'output', null),
    ],
    loss: 'cross-entropy',
    training: {
      optimizer: { kind: 'sgd', learningRate, momentum: 0, nesterov: false, weightDecay: 0 },
      schedule: { kind: 'constant', warmUp: 0, every: 1, factor: 1, floor: 0 },
      batchSize: workload.batchSize,
      steps,
    },
    watch: { every: steps, evaluateEvery: steps, layers: [], taps: [], gradients: false },
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
export function datasetOf(workload: Workload, testCount = 256): Dataset {
  return {
    task: 'classification',
    featureCount: workload.inputs,
    classCount: workload.outputs,
    targetCount: 0,
    classNames: Array.from({ length: workload.outputs }, (_, k) => String(k)),
    featureNames: Array.from({ length: workload.inputs }, (_, k) => `x${k + 1}`),
    train: examples(workload, 2048, 'train'),
    test: examples(workload, testCount, 'test'),
  };
}
