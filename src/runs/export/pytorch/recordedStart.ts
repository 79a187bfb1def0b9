/** What a script of PyTorch reads to start as a run of the lab does: examples, initial weights and the order of the minibatches. */
import { Batches } from '../../../engine/batches';
import type { Dataset } from '../../../engine/data/dataset';
import type { Kernels } from '../../../engine/kernels/kernels';
import { streams } from '../../../engine/random';
import type { RunSpecification } from '../../../engine/specification';
import { Trainer } from '../../../engine/trainer';
import { settingsAfter } from '../../../shared/settings';
import { torchState, torchTensors } from '../../model/torchState';
import type { WrittenTensor } from '../../model/writeSafetensors';
import type { RunFiles } from '../../session/planFiles';
import { startOf } from '../../startOf';
import { recordedData } from './recordedData';

/**
 * Examples, initial weights as `network.…`, and the examples of the first `steps` minibatches, one after the other, as `minibatches`.
 * @param run With the task of the data.
 */
export function recordedStart(
  run: RunSpecification,
  dataset: Dataset,
  kernels: Kernels,
  files: RunFiles,
  steps = run.training.steps,
): WrittenTensor[] {
  kernels.release();
  const { network, ...trainer } = initial(run, dataset, kernels, files);
  const tensors = torchState(run.layers, network.input, network.outputs);
  const weights = torchTensors(tensors, trainer.parameters(), { passes: 0, changes: [] });
  const order = minibatchOrder(run, dataset.train.count, steps);
  return [
    ...recordedData(run, dataset, network.input),
    ...weights.map((tensor) => ({ ...tensor, name: `network.${tensor.name}` })),
    { name: 'minibatches', type: 'I32', shape: [order.length], values: order },
  ];
}

function initial(run: RunSpecification, dataset: Dataset, kernels: Kernels, files: RunFiles) {
  const watch = { ...run.watch, predictions: false, probes: [] };
  const trainer = new Trainer({ ...run, watch }, dataset, kernels, startOf(run, dataset, files));
  return { network: trainer.network, parameters: () => trainer.parameters() };
}

/** Number of examples in the first minibatches of a run. */
function minibatchSizes({ training }: RunSpecification, steps: number): number[] {
  const { optimizer, batchSize, changes = [] } = training;
  const { learningRate, weightDecay } = optimizer;
  const first = { learningRate, momentum: 0, weightDecay, batchSize, freezeStatistics: false };
  return Array.from({ length: steps }, (_, step) => settingsAfter(first, changes, step).batchSize);
}

/** The examples of the first minibatches, one after the other. */
export function minibatchOrder(run: RunSpecification, count: number, steps: number): Int32Array<ArrayBuffer> {
  const sizes = minibatchSizes(run, steps);
  const order = new Int32Array(sizes.reduce((sum, size) => sum + size, 0));
  const batches = new Batches(count, run.training.batchSize, streams(run.seed)('batches'));
  let end = 0;
  for (const size of sizes) {
    batches.resize(size);
    order.set(batches.next(), end);
    end += size;
  }
  return order;
}
