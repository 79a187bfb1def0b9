/**
 * One training step of a workload with all that another implementation needs to do the same:
 * `oneStep.js WORKLOAD KERNELS` prints JSON that `torch_check.py` reads. Matrices are lists in row-major order.
 */
import { Batches } from '../src/engine/batches';
import type { Parameter } from '../src/engine/layers/parameter';
import { streams } from '../src/engine/random';
import { Trainer } from '../src/engine/trainer';
import { kernelsNamed } from './kernels';
import { datasetOf, learningRate, runOf, workloadNamed } from './workloads';

const workload = workloadNamed(process.argv[2]);
const run = runOf(workload, 10);
const dataset = datasetOf(workload);
const kernels = kernelsNamed(process.argv[3]);
const trainer = new Trainer(run, dataset, kernels);
const layers = trainer.network.blocks.map((block) => block.parameters());

/** A number of every parameter, layer by layer, by the parameter's name. */
function each(part: (parameter: Parameter) => Float32Array): Record<string, number[]>[] {
  return layers.map((layer) => Object.fromEntries(layer.map((parameter) => [parameter.name, [...part(parameter)]])));
}

const initial = each(({ value }) => kernels.read(value));
const frame = trainer.advance();
const loss = frame?.values[trainer.channels.findIndex(({ name }) => name === 'network/train/loss')];
// The first minibatch that the trainer drew, drawn again.
const rows = [...new Batches(dataset.train.count, workload.batchSize, streams(run.seed)('batches')).next()];
const { features, labels } = dataset.train;
console.log(
  JSON.stringify({
    learningRate,
    features: rows.map((row) => [...features.subarray(row * workload.inputs, (row + 1) * workload.inputs)]),
    labels: rows.map((row) => labels[row]),
    initial,
    loss,
    gradients: each(({ gradient }) => kernels.read(gradient)),
    updated: each(({ value }) => kernels.read(value)),
  }),
);
