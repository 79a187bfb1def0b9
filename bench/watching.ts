/**
 * Cost of watching: `watching.js WHAT SECONDS`, WHAT being a workload (as a file of 5,000 steps), the name of a preset or the
 * path of an experiment file. Trainers in a single process train the same steps in alternating blocks: unwatched; with frames;
 * with evaluations of the test set; with predictions; and with the file's update probes. All of these happen more often than
 * in the file, so that their cost exceeds what rounds differ by; shares are those of the file's own intervals. The run log of
 * a whole run is written in each round.
 * Times are CPU times of the process with all its threads, since other programs may use the machine.
 * Prints one line of JSON with an entry for each arm of the first seed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '../src/engine/data/dataset';
import { makeDataset } from '../src/engine/data/make';
import { fastestKernels } from '../src/engine/kernels/fastest';
import type { Kernels } from '../src/engine/kernels/kernels';
import type { Frame } from '../src/engine/results';
import type { RunSpecification, WatchSpecification } from '../src/engine/specification';
import { Trainer } from '../src/engine/trainer';
import type { Run } from '../src/experiment/plan';
import { presets } from '../src/experiment/presets';
import { readExperiment } from '../src/experiment/read';
import { RunLogWriter } from '../src/runs/folder/runLogWriter';
import { experimentText } from './experiments';
import { workloads } from './workloads';

/** More steps than any measurement takes. */
const endless = 1e9;

/** Different frames in a log that is measured. */
const differentFrames = 16;

/** Steps between two frames of a measurement. */
const measuredEvery = 4;

/** What a watched run does in addition to an unwatched one, in the order in which it is added. */
export const costs = ['frames', 'log', 'evaluation', 'predictions', 'probes'] as const;
export type CostName = (typeof costs)[number];

/** Measurements of one arm. */
export interface Cost {
  arm: string;
  steps: number;
  every: number;
  evaluateEvery: number;
  channels: number;
  /** CPU time of an unwatched step in microseconds, round by round. */
  step: number[];
  /** Shares of the unwatched time of the run, round by round; none for what the run does not do. */
  shares: Record<CostName, number[]>;
}

/** Reads a run for each arm: that of the first seed and the first point of a sweep. */
function runsOf(what: string): Run[] {
  const workload = workloads.find(({ name }) => name === what);
  const preset = presets.find(({ id }) => id === what);
  const text = workload ? experimentText(workload, 5000) : (preset?.text ?? readFileSync(what, 'utf8'));
  const { plan, diagnostics } = readExperiment(text);
  if (!plan) throw new Error(`${what} cannot run: ${diagnostics[0].message}`);
  const arms = new Map<string, Run>();
  for (const run of plan.runs) if (!arms.has(run.arm)) arms.set(run.arm, run);
  return [...arms.values()];
}

/** The watch of a measurement: frames every few steps, and everything else as often in relation to them as a block can hold. */
function often(watch: WatchSpecification): WatchSpecification {
  const histogramEvery = measuredEvery * Math.max(1, Math.round(watch.histogramEvery / watch.every));
  const evaluateEvery = histogramEvery * 2;
  const every = measuredEvery;
  return {
    ...watch,
    every,
    histogramEvery,
    evaluateEvery,
    predictionEvery: 2 * evaluateEvery,
    probeEvery: histogramEvery,
  };
}

interface Variant {
  /** What it does more than the variant before it. */
  cost: Exclude<CostName, 'log'> | null;
  trainer: Trainer;
}

function variantsOf({ specification }: Run, dataset: Dataset, kernels: Kernels): Variant[] {
  const variant = (cost: Variant['cost'], watch: WatchSpecification): Variant => {
    const training = { ...specification.training, steps: endless };
    return { cost, trainer: new Trainer({ ...specification, training, watch }, dataset, kernels) };
  };
  const watch = often(specification.watch);
  const frames = { ...watch, evaluateEvery: endless, predictions: false, probes: [] };
  const unwatched = { ...frames, every: endless, taps: [], layers: [], units: 0, histograms: [], gradients: false };
  return [
    variant(null, unwatched),
    variant('frames', frames),
    variant('evaluation', { ...watch, predictions: false, probes: [] }),
    ...(watch.predictions ? [variant('predictions', { ...watch, probes: [] })] : []),
    ...(watch.probes.length > 0 ? [variant('probes', watch)] : []),
  ];
}

/** CPU time of this process in microseconds. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Trains this number of steps. Returns the CPU time. */
function time({ trainer }: Variant, steps: number): number {
  const start = cpuTime();
  for (let k = 0; k < steps; k++) trainer.advance();
  return cpuTime() - start;
}

/** CPU time of the log of a whole run, made of these frames, from its heading until it is packed. */
function timeOfLog(
  watched: Trainer,
  { watch, training }: RunSpecification,
  frames: readonly Frame[],
  folder: string,
): number {
  const { steps } = training;
  const start = cpuTime();
  const logged = { engine: 'bench', run: 'bench', watched, course: { from: 0, steps } };
  const log = new RunLogWriter(mkdtempSync(join(folder, 'log-')), logged);
  for (let k = 0; k * watch.every <= steps; k++) {
    const { values, histograms, predictions } = frames[k % frames.length];
    const step = k * watch.every;
    log.frame({
      step,
      values,
      histograms: step % watch.histogramEvery === 0 ? histograms : null,
      predictions: step % watch.predictionEvery === 0 ? predictions : null,
    });
  }
  log.close();
  return cpuTime() - start;
}

function measure(run: Run, seconds: number, folder: string): Cost {
  const { watch, training } = run.specification;
  const { steps } = training;
  const dataset = makeDataset(run.data, run.seed, {});
  const kernels = fastestKernels();
  const logged = framesOf(run, dataset, kernels);
  const variants = variantsOf(run, dataset, kernels);
  const watched = often(watch);
  const period = watched.predictionEvery;
  for (const variant of variants) time(variant, period);
  // A block takes at least 20 ms.
  const block = period * Math.ceil(20_000 / time(variants[0], period));
  // Steps between two of each, as measured and in the run itself.
  const intervals: Record<Exclude<CostName, 'log'>, [measured: number, own: number]> = {
    frames: [watched.every, watch.every],
    evaluation: [watched.evaluateEvery, watch.evaluateEvery],
    predictions: [watched.predictionEvery, watch.predictionEvery],
    probes: [watched.probeEvery, watch.probeEvery],
  };

  const step: number[] = [];
  const shares: Cost['shares'] = { frames: [], log: [], evaluation: [], predictions: [], probes: [] };
  const end = performance.now() + seconds * 1000;
  for (let round = 0; round < 3 || performance.now() < end; round++) {
    const times: number[] = [];
    // Each variant starts one round in turn, so that none always follows the same other one.
    for (let k = 0; k < variants.length; k++) {
      const turn = (k + round) % variants.length;
      times[turn] = time(variants[turn], block);
    }
    step.push(times[0] / block);
    variants.forEach(({ cost }, k) => {
      if (!cost) return;
      const [measured, own] = intervals[cost];
      shares[cost].push(((times[k] - times[k - 1]) / times[0]) * (measured / own));
    });
    const log = timeOfLog(logged.trainer, run.specification, logged.frames, folder);
    shares.log.push(log / steps / (times[0] / block));
  }
  for (const { trainer } of variants) {
    if (trainer.divergence) throw new Error(`${run.id} diverged, so it has no further steps to time.`);
  }
  const { every, evaluateEvery } = watch;
  return { arm: run.arm, steps, every, evaluateEvery, channels: variants[1].trainer.channels.length, step, shares };
}

/** Frames with everything that the run records, of its first steps. */
function framesOf({ specification }: Run, dataset: Dataset, kernels: Kernels): { trainer: Trainer; frames: Frame[] } {
  const everything = { every: 1, evaluateEvery: 1, histogramEvery: 1, predictionEvery: 1, probeEvery: 1 };
  const watch = { ...specification.watch, ...everything };
  const trainer = new Trainer({ ...specification, watch }, dataset, kernels);
  return {
    trainer,
    frames: Array.from({ length: differentFrames }, () => trainer.advance()).filter((frame) => frame !== null),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
try {
  const runs = runsOf(process.argv[2]);
  const seconds = Number(process.argv[3]) / runs.length;
  console.log(JSON.stringify(runs.map((run) => measure(run, seconds, folder))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
