/**
 * What watching costs: the time of W1b's steps with the default watching of a 5,000-step experiment against the same
 * steps unwatched, in turns, in one process. Prints one line of JSON: shares of the unwatched time.
 */
import { ReferenceKernels } from '../src/engine/kernels/reference';
import type { WatchSpecification } from '../src/engine/specification';
import { Trainer } from '../src/engine/trainer';
import { datasetOf, runOf, workloads } from './workloads';

const rounds = Number(process.argv[2]);
const workload = workloads.find(({ name }) => name === 'W1b')!;
/** The default for 5,000 steps: 200 frames of all layers, taps and gradients. */
const every = 25;
const watched: WatchSpecification = {
  every,
  evaluateEvery: 1e9,
  layers: 'all',
  taps: ['linear', 'normalized', 'activated'],
  gradients: true,
};
/** Evaluating 2,000 test examples as often as the default does it. */
const evaluated: WatchSpecification = { ...watched, evaluateEvery: 225 };

const dataset = datasetOf(workload, 2000);
const plain = runOf(workload, 1e9);
const trainers = [plain.watch, watched, evaluated].map(
  (watch) => new Trainer({ ...plain, watch }, dataset, new ReferenceKernels()),
);

/** Milliseconds of `steps` steps. */
function time(trainer: Trainer, steps: number): number {
  const start = performance.now();
  for (let k = 0; k < steps; k++) trainer.advance();
  return performance.now() - start;
}

for (const trainer of trainers) time(trainer, 100);
const times = Array.from({ length: rounds }, () => trainers.map((trainer) => time(trainer, 225)));
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
const shares = [1, 2].map((k) => median(times.map((round) => round[k] / round[0] - 1)));
console.log(JSON.stringify({ watching: shares[0], watchingAndEvaluating: shares[1] }));
