/** Small data sets for the tests, and runs over them. */
import type { Dataset, Examples } from '../../../../src/engine/data/dataset';
import type { Kernels } from '../../../../src/engine/kernels/kernels';
import type { Frame } from '../../../../src/engine/results';
import type { RunSpecification, TrainingSpecification, WatchSpecification } from '../../../../src/engine/specification';
import { Trainer } from '../../../../src/engine/trainer';
import { draws } from './draws';
import { constantRate, layer, sgd } from './networks';

const features = 3;

/** Normal features; the class is the index of the largest, and the two targets are a sum and a product. */
function examples(count: number, seed: number): Examples {
  const values = draws(seed).normals(count * features);
  const row = (k: number) => Array.from(values.subarray(k * features, (k + 1) * features));
  return {
    count,
    features: values,
    labels: Int32Array.from({ length: count }, (_, k) => row(k).indexOf(Math.max(...row(k)))),
    targets: Float32Array.from({ length: 2 * count }, (_, k) => {
      const [a, b] = row(k >> 1);
      return k % 2 === 0 ? a + b : a * b;
    }),
  };
}

/** `train` and `test` examples of 3 features, with 3 classes or 2 targets. */
export function smallDataset(task: Dataset['task'], train = 40, test = 17): Dataset {
  const classNames = task === 'classification' ? ['first', 'second', 'third'] : [];
  return {
    task,
    featureCount: features,
    classCount: classNames.length,
    targetCount: task === 'classification' ? 0 : 2,
    classNames,
    featureNames: ['x1', 'x2', 'x3'],
    train: examples(train, 1),
    test: examples(test, 2),
  };
}

export interface RunChanges {
  seed?: number;
  layers?: RunSpecification['layers'];
  loss?: RunSpecification['loss'];
  training?: Partial<TrainingSpecification>;
  watch?: Partial<WatchSpecification>;
}

/** A run of 10 steps of a network with one hidden layer; everything is watched at every step. */
export function runOf({
  seed = 1,
  layers,
  loss = 'cross-entropy',
  training,
  watch,
}: RunChanges = {}): RunSpecification {
  return {
    seed,
    layers: layers ?? [layer('hidden1', 4), layer('output', null)],
    loss,
    training: { optimizer: sgd(0.1), schedule: constantRate, batchSize: 8, steps: 10, ...training },
    watch: {
      every: 1,
      evaluateEvery: 1,
      layers: 'all',
      taps: ['linear', 'normalized', 'activated'],
      gradients: true,
      units: 2,
      histograms: [],
      histogramEvery: 1,
      saturation: 0.1,
      predictions: false,
      predictionEvery: 1,
      probes: [],
      probeEvery: 1,
      ...watch,
    },
  };
}

/** Trains to the end and collects all frames. */
export function trained(
  run: RunSpecification,
  dataset: Dataset,
  kernels: Kernels,
): { trainer: Trainer; frames: Frame[] } {
  const trainer = new Trainer(run, dataset, kernels);
  const frames: Frame[] = [];
  while (!trainer.finished) {
    const frame = trainer.advance();
    if (frame) frames.push(frame);
  }
  return { trainer, frames };
}

/** All parameters and running statistics of a trainer, copied. */
export function finalState(trainer: Trainer): Float32Array[] {
  return Array.from(trainer.parameters(), (values) => values.slice());
}
