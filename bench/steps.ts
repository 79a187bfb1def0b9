/**
 * Time of one workload's training steps in a single process: `steps.js WORKLOAD SECONDS KERNELS`.
 * Prints one line of JSON. The first fifth of the time is warm-up and is not counted.
 */
import { Trainer } from '../src/engine/trainer';
import { kernelsNamed } from './kernels';
import { datasetOf, runOf, workloadNamed } from './workloads';

const [name, seconds] = [process.argv[2], Number(process.argv[3])];
const workload = workloadNamed(name);
const trainer = new Trainer(runOf(workload, 1e9), datasetOf(workload), kernelsNamed(process.argv[4]));

/** Times single steps for the given duration. Returns their times in microseconds. */
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
if (trainer.divergence) throw new Error(`${name} diverged, so it has no further steps to time.`);
console.log(JSON.stringify({ minimum: times[0], median: times[times.length >> 1] }));
