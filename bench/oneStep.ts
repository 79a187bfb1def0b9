/**
 * One training step of a workload, with everything that another implementation needs to repeat it:
 * `oneStep.js WORKLOAD KERNELS FILE` writes JSON that `torch_check.py` and `tfjs_steps.cjs` read. Numbers are float32 in
 * base64, matrices in row-major order.
 */
import { writeFileSync } from 'node:fs';
import type { Parameter } from '../src/engine/layers/parameter';
import { Trainer } from '../src/engine/trainer';
import { kernelsNamed } from './kernels';
import { datasetOf, learningRate, runOf, type Workload, workloadNamed } from './workloads';

/** Content of the file. */
export interface OneStep {
  workload: Workload;
  learningRate: number;
  /** The minibatch. */
  features: string;
  labels: number[];
  /** Loss on the minibatch before and after the step. */
  losses: number[];
  /** Layers with parameters. */
  initial: Numbers[];
  gradients: Numbers[];
  updated: Numbers[];
}

type Numbers = Partial<Record<Parameter['name'], string>>;

const workload = workloadNamed(process.argv[2]);
const run = runOf(workload, 2);
// Every minibatch is the whole training set, in some order, so the next step reports the loss after this one.
const dataset = datasetOf(workload, workload.batchSize);
const kernels = kernelsNamed(process.argv[3]);
const trainer = new Trainer({ ...run, watch: { ...run.watch, every: 1, evaluateEvery: 1 } }, dataset, kernels);
const layers = trainer.network.blocks.map((block) => block.parameters());

function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** One array per parameter, layer by layer, by the parameter's name. */
function each(part: (parameter: Parameter) => Float32Array): Numbers[] {
  return layers.map((layer) => Object.fromEntries(layer.map((parameter) => [parameter.name, base64(part(parameter))])));
}

/** Trains one step and returns the loss before it. */
function step(): number {
  const frame = trainer.advance();
  const loss = frame?.values[trainer.channels.findIndex(({ name }) => name === 'network/train/loss')];
  if (loss === undefined) throw new Error('The step has no frame, or its frame has no loss.');
  return loss;
}

const initial = each(({ value }) => kernels.read(value));
const loss = step();
const gradients = each(({ gradient }) => kernels.read(gradient));
const updated = each(({ value }) => kernels.read(value));
const { features, labels } = dataset.train;
const written: OneStep = {
  workload,
  learningRate,
  features: base64(features),
  labels: [...labels],
  losses: [loss, step()],
  initial,
  gradients,
  updated,
};
writeFileSync(process.argv[4], JSON.stringify(written));
