/**
 * Steps per second of one workload on the reference engine, as one process: `steps.js WORKLOAD SECONDS`.
 * Prints one line of JSON. The first fifth of the time warms up and is not counted.
 */
import { ReferenceKernels } from '../src/engine/kernels/reference';
import { Trainer } from '../src/engine/trainer';
import { datasetOf, runOf, workloads } from './workloads';

const [name, seconds] = [process.argv[2], Number(process.argv[3])];
const workload = workloads.find((candidate) => candidate.name === name);
if (!workload) throw new Error(`No workload ${name}; there are ${workloads.map((w) => w.name).join(', ')}.`);

const trainer = new Trainer(runOf(workload, 1e9), datasetOf(workload), new ReferenceKernels());

/** Times single steps for so long; returns their times in microseconds. */
function timeSteps(milliseconds: number): number[] {
  const times: number[] = [];
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    const start = performance.now();
    trainer.advance();
    times.push((performance.now() - start) * 1000);
  }
  return times;
}

timeSteps(seconds * 200);
const times = timeSteps(seconds * 800).sort((a, b) => a - b);
console.log(
  JSON.stringify({
    microseconds: { minimum: times[0], median: times[times.length >> 1] },
    peakMemoryMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
