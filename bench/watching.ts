/**
 * Cost of watching: `watching.js WHAT SECONDS`, WHAT being a workload (as a file of 5,000 steps) or the path of an
 * experiment file. The same steps are trained unwatched; watched by the file's defaults; watched and written to
 * a run log; also with the test set evaluated; and with predictions saved: five trainers in a single process, in
 * alternating blocks of steps.
 * Prints one line of JSON with an entry for each arm of the first seed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '../src/engine/data/dataset';
import { makeDataset } from '../src/engine/data/make';
import { fastestKernels } from '../src/engine/kernels/fastest';
import type { WatchSpecification } from '../src/engine/specification';
import { Trainer } from '../src/engine/trainer';
import type { Run } from '../src/experiment/plan';
import { readExperiment } from '../src/experiment/read';
import { RunLogWriter } from '../src/runs/folder/runLogWriter';
import { fullDetail } from '../src/shared/logDetail';
import { experimentText } from './experiments';
import { workloadNamed } from './workloads';

/** More steps than any measurement takes. */
const endless = 1e9;

interface Variant {
  trainer: Trainer;
  log: RunLogWriter | null;
}

/** Measurements of one run. Times in microseconds, shares of the unwatched time. */
export interface Cost {
  arm: string;
  every: number;
  evaluateEvery: number;
  predictionEvery: number;
  channels: number;
  step: number;
  /** Median over the rounds of blocks. */
  shares: { probes: number; log: number; evaluation: number; predictions: number };
}

/** Reads the runs of the first seed. */
function runsOf(what: string): Run[] {
  const text = what.endsWith('.json') ? readFileSync(what, 'utf8') : experimentText(workloadNamed(what), 5000);
  const { plan, diagnostics } = readExperiment(text);
  if (!plan) throw new Error(`${what} cannot run: ${diagnostics[0].message}`);
  return plan.runs.filter(({ seed }) => seed === plan.seeds[0]);
}

function variantsOf({ specification }: Run, dataset: Dataset, folder: string): Variant[] {
  const variant = (watch: WatchSpecification, logged: boolean): Variant => {
    const training = { ...specification.training, steps: endless };
    const trainer = new Trainer({ ...specification, training, watch }, dataset, fastestKernels());
    // As many frames for TensorBoard per frame as a run of about 200 frames has.
    const shown = Math.ceil(endless / watch.every / 12);
    const course = { from: 0, steps: endless };
    const heading = { engine: 'bench', run: 'bench', watched: trainer, course, detail: { ...fullDetail, shown } };
    return { trainer, log: logged ? new RunLogWriter(mkdtempSync(join(folder, 'log-')), heading) : null };
  };
  const { watch } = specification;
  const unwatched: WatchSpecification = {
    every: endless,
    evaluateEvery: endless,
    layers: [],
    taps: [],
    gradients: false,
    units: 0,
    histograms: [],
    histogramEvery: endless,
    predictions: false,
    predictionEvery: 1,
    probes: [],
    probeEvery: endless,
  };
  const unevaluated = { ...watch, evaluateEvery: endless };
  const unpredicted = { ...watch, predictions: false };
  return [
    variant(unwatched, false),
    variant(unevaluated, false),
    variant(unevaluated, true),
    variant(unpredicted, true),
    variant(watch, true),
  ];
}

/** Trains this number of steps. Returns the time in milliseconds. */
function time({ trainer, log }: Variant, steps: number): number {
  const start = performance.now();
  for (let k = 0; k < steps; k++) {
    const frame = trainer.advance();
    if (frame) log?.frame(frame);
  }
  return performance.now() - start;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function measure(run: Run, seconds: number, folder: string): Cost {
  const { every, evaluateEvery, predictionEvery } = run.specification.watch;
  const variants = variantsOf(run, makeDataset(run.data, run.seed, {}), folder);
  // A block contains whole periods of all periodic work and takes at least 20 ms.
  for (const variant of variants) time(variant, 2 * predictionEvery);
  const period = time(variants[0], predictionEvery);
  const block = predictionEvery * Math.ceil(20 / period);
  for (const variant of variants) time(variant, block);

  const rounds: number[][] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const times: number[] = [];
    // Each variant starts one round in turn, so that none always follows the same other one.
    for (let k = 0; k < variants.length; k++) {
      const turn = (k + rounds.length) % variants.length;
      times[turn] = time(variants[turn], block);
    }
    rounds.push(times);
  }
  for (const { trainer, log } of variants) {
    log?.close();
    if (trainer.divergence) throw new Error(`${run.id} diverged, so it has no further steps to time.`);
  }
  const [probes, log, evaluation, predictions] = [1, 2, 3, 4].map((k) =>
    median(rounds.map((times) => times[k] / times[0] - 1)),
  );
  return {
    arm: run.arm,
    every,
    evaluateEvery,
    predictionEvery,
    channels: variants[1].trainer.channels.length,
    step: (median(rounds.map((times) => times[0])) / block) * 1000,
    shares: { probes, log, evaluation, predictions },
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
