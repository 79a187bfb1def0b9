/**
 * Cost of each probe at a step where it is due: `probing.js WORKLOAD SECONDS`. The same steps are trained unwatched, and with
 * one probe due at every step: one trainer each in a single process, in alternating blocks of steps. The rest of a frame is
 * excluded by watching all layers but none of their taps.
 * Prints one line of JSON.
 */
import { fastestKernels } from '../src/engine/kernels/fastest';
import { layerProbes, networkProbes, type ProbeKind } from '../src/engine/probes/probeChannels';
import type { WatchSpecification } from '../src/engine/specification';
import { Trainer } from '../src/engine/trainer';
import { datasetOf, runOf, workloadNamed } from './workloads';

/** Measurements of one workload: microseconds of an unwatched step, and of each probe at such a step. */
export interface Price {
  step: number;
  /** Cost of a frame without probes: the norms of parameters and gradients, which all other frames contain too. */
  frame: number;
  probes: Record<ProbeKind, number>;
}

const endless = 1e9;
const kinds = [...Object.keys(layerProbes), ...Object.keys(networkProbes)] as ProbeKind[];

function trainerOf(name: string, watch: Partial<WatchSpecification>): Trainer {
  const workload = workloadNamed(name);
  const run = runOf(workload, endless);
  // A learning rate of 0 never diverges, however long the measurement, and a step takes the same time.
  const training = { ...run.training, optimizer: { ...run.training.optimizer, learningRate: 1e-6 } };
  const data = datasetOf(workload, 1024, 16);
  const kernels = fastestKernels();
  return new Trainer({ ...run, training, watch: { ...run.watch, evaluateEvery: endless, ...watch } }, data, kernels);
}

function time(trainer: Trainer, steps: number): number {
  const start = performance.now();
  for (let k = 0; k < steps; k++) trainer.advance();
  return (performance.now() - start) / steps;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

const [name, seconds] = [process.argv[2], Number(process.argv[3])];
const everyStep = { every: 1, layers: 'all' } as const;
const trainers = [
  trainerOf(name, { every: endless }),
  trainerOf(name, everyStep),
  ...kinds.map((kind) => trainerOf(name, { ...everyStep, probes: [kind], probeEvery: 1 })),
];
for (const trainer of trainers) time(trainer, 2);
const rounds: number[][] = [];
for (const end = performance.now() + seconds * 1000; performance.now() < end || rounds.length < 3; ) {
  // Blocks of about 20 ms of unwatched steps.
  const block = Math.max(1, Math.round(20 / time(trainers[0], 2)));
  rounds.push(trainers.map((trainer, k) => time(trainer, k === 0 ? block : Math.max(1, Math.round(block / 4)))));
}
const [step, frame, ...probed] = trainers.map((_, k) => median(rounds.map((times) => times[k])));
const price: Price = {
  step: step * 1000,
  frame: frame / step - 1,
  probes: Object.fromEntries(kinds.map((kind, k) => [kind, (probed[k] - frame) / step])) as Price['probes'],
};
console.log(JSON.stringify(price));
