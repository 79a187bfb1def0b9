/**
 * Checks that kernels compute the bits they should on this machine, by training a small network whose result is known.
 * V8 calls the operations on 256-bit registers experimental, so they are trusted only after this check.
 */
import type { Dataset, Examples } from '../../engine/data/dataset';
import type { Kernels } from '../../engine/kernels/kernels';
import { streams } from '../../engine/random';
import type { LayerSpecification, RunSpecification } from '../../engine/specification';
import { Trainer } from '../../engine/trainer';
import { defaultSaturation } from '../../shared/saturation';

/**
 * Result of `trainedBits` with the SIMD kernels. It changes only with what the engine trains; the test of this file then
 * names the new value.
 */
export const expectedBits = 1379062401;

/** Milliseconds of repeated training: long enough for V8 to compile the loops with its optimizing compiler. */
const patience = 25;

/**
 * Trains the network again and again, so that both of V8's compilers take part.
 * @param now Milliseconds of a clock that only runs forward.
 * @returns Whether the result was right every time.
 */
export function areKernelsSound(kernels: Kernels, now: () => number, expected = expectedBits): boolean {
  const end = now() + patience;
  do {
    if (trainedBits(kernels) !== expected) return false;
  } while (now() < end);
  return true;
}

/** FNV-1a hash, 32 bits, of the parameters and running statistics after a few steps. */
export function trainedBits(kernels: Kernels): number {
  kernels.release();
  const trainer = new Trainer(specification, dataset(), kernels);
  while (!trainer.finished) trainer.advance('never');
  let hash = 0x811c9dc5;
  for (const tensor of trainer.parameters()) {
    for (const bits of new Int32Array(Float32Array.from(tensor).buffer)) hash = Math.imul(hash ^ bits, 0x01000193);
  }
  kernels.release();
  return hash >>> 0;
}

const side = 8;
const classes = 3;

function dataset(): Dataset {
  const random = streams(1)('self-check');
  const examples = (count: number): Examples => ({
    count,
    features: Float32Array.from({ length: count * side * side }, () => random.normal()),
    labels: Int32Array.from({ length: count }, () => random.integer(classes)),
    targets: new Float32Array(0),
  });
  return {
    task: 'classification',
    featureCount: side * side,
    classCount: classes,
    targetCount: 0,
    classNames: ['a', 'b', 'c'],
    featureNames: [],
    image: { width: side, height: side, channels: 1 },
    train: examples(24),
    test: examples(1),
  };
}

const normalization = {
  kind: 'batch',
  placement: 'before-activation',
  statistics: 'per-feature',
  variance: 'biased',
  gradient: 'through-statistics',
  scale: true,
  shift: true,
  epsilon: 1e-5,
  momentum: 0.1,
} as const;

/** Widths that no tile of the kernels divides, so that their remainders take part. */
const layers: LayerSpecification[] = [
  { ...learning('conv1', 'relu'), kind: 'convolution', channels: 9, kernel: 3, stride: 1, padding: 1 },
  { kind: 'max-pool', name: 'pool', size: 2, stride: 2 },
  { kind: 'flatten', name: 'flatten' },
  { ...learning('hidden1', 'tanh'), kind: 'dense', units: 27 },
  { ...learning('hidden2', 'sigmoid'), kind: 'dense', units: 17 },
  { ...learning('output', 'linear'), kind: 'dense', units: null, normalization: { kind: 'none' } },
];

function learning(name: string, kind: 'relu' | 'tanh' | 'sigmoid' | 'linear') {
  return {
    name,
    bias: true,
    activation: { kind, slope: 0 },
    initialization: { kind: 'he', gain: 1, distribution: 'normal' },
    normalization,
  } as const;
}

const specification: RunSpecification = {
  seed: 1,
  layers,
  loss: 'cross-entropy',
  training: {
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: false, weightDecay: 1e-3 },
    schedule: { kind: 'constant', warmUp: 0, every: 1, factor: 1, floor: 0 },
    batchSize: 19,
    steps: 3,
  },
  watch: {
    every: 1e9,
    evaluateEvery: 1e9,
    layers: [],
    taps: [],
    gradients: false,
    units: 0,
    histograms: [],
    histogramEvery: 1e9,
    saturation: defaultSaturation,
    predictions: false,
    predictionEvery: 1e9,
    probes: [],
    probeEvery: 1e9,
  },
};
