/** Hashes of trained networks and of the values recorded during training. */
import { makeDataset } from '../../src/engine/data/make';
import type { Kernels } from '../../src/engine/kernels/kernels';
import { dataFiles } from '../../src/experiment/dataFiles';
import type { Plan, Run } from '../../src/experiment/plan';
import { readExperiment } from '../../src/experiment/read';
import type { FrameBlock, PredictionBlock, RunSummary, StartRun } from '../../src/protocol';
import { RunTraining } from '../../src/runs/worker/trainRun';
import type { EngineExperiment } from './experiments';
import { hashValues } from './hashValues';

/** @throws Error if the experiment has an error, so that no invalid arm is skipped. */
export function planOf(name: string, { text }: EngineExperiment): Plan {
  const { plan, diagnostics } = readExperiment(text);
  if (!plan) throw new Error(`${name}: ${diagnostics.map(({ message }) => message).join('; ')}`);
  return plan;
}

/** Name of a run's hashes: `optimizers/adam/seed-1 (simd)`, the experiment's name before the run's. */
export function runName(id: string, kernels: string): string {
  return `${id} (${kernels})`;
}

/** Three hashes for each run: its final parameters, its frames and summary, and its predictions. */
export function* trainedHashes(
  name: string,
  experiment: EngineExperiment,
  kernels: Kernels,
): Generator<[name: string, hash: string], void> {
  for (const run of planOf(name, experiment).runs) {
    const { summary, blocks, predictions } = trained(run, experiment, kernels);
    const called = runName(`${name}/${run.id}`, kernels.name);
    if (summary.parametersHash === null) throw new Error(`${called} has no parameters: ${summary.error}`);
    yield [`${called} parameters`, summary.parametersHash];
    yield [`${called} watched`, hashValues(watched(blocks, summary))];
    yield [`${called} predictions`, hashValues(predicted(predictions))];
  }
}

/** Trains to the end, as a worker does. */
function trained(run: Run, { files }: EngineExperiment, kernels: Kernels) {
  const blocks: FrameBlock[] = [];
  const predictions: PredictionBlock[] = [];
  let summary: RunSummary | null = null;
  const request: StartRun = {
    type: 'start',
    run,
    files: Object.fromEntries(
      dataFiles(run.data).map(({ property, path }) => [property, { path, bytes: files.get(path) as Uint8Array }]),
    ),
    logFolder: null,
    sendFrames: true,
  };
  const training = new RunTraining(request, {
    kernels,
    registers: 'narrow',
    // A constant clock: one slice trains the whole run.
    now: () => 0,
    send: (message) => {
      if (message.type === 'frames') {
        blocks.push(message.frames);
        predictions.push(message.predictions);
      }
      if (message.type === 'ended') summary = message.summary;
    },
    dataset: (start) => makeDataset(start.run.data, start.run.seed, start.files),
    openLog: () => {
      throw new Error('A run log was opened, but none is expected here.');
    },
    recordedBeginning: () => ({ frames: [], scene: null }),
  });
  while (!training.slice(1));
  return { summary: summary as unknown as RunSummary, blocks, predictions };
}

/** Predictions for the displayed data. */
function* predicted(blocks: PredictionBlock[]): Generator<number, void> {
  for (const { steps, surfaces, examples, confusions } of blocks) {
    for (const part of [steps, surfaces, examples, confusions]) yield* part;
  }
}

/** Every number of a run that the panel or the command line shows. */
function* watched(blocks: FrameBlock[], { steps, final, layers }: RunSummary): Generator<number, void> {
  for (const { steps, values } of blocks) {
    yield* steps;
    yield* values;
  }
  yield steps;
  yield* Object.values(final ?? {}) as number[];
  for (const { name: _, ...taps } of layers) {
    for (const quantities of Object.values(taps)) yield* Object.values(quantities as Record<string, number>);
  }
}
