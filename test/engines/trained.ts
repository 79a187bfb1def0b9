/** Hashes of trained networks, and of what was seen in them. */
import { makeDataset } from '../../src/engine/data/make';
import type { Kernels } from '../../src/engine/kernels/kernels';
import { dataFiles } from '../../src/experiment/dataFiles';
import type { Plan, Run } from '../../src/experiment/plan';
import { readExperiment } from '../../src/experiment/read';
import type { FrameBlock, PredictionBlock, RunSummary, StartRun } from '../../src/protocol';
import { RunTraining } from '../../src/runs/worker/trainRun';
import type { EngineExperiment } from './experiments';
import { hashValues } from './hashValues';

/** @throws Error when the experiment has an error, so that an arm that is no longer valid is not passed over. */
export function planOf(name: string, { text }: EngineExperiment): Plan {
  const { plan, diagnostics } = readExperiment(text);
  if (!plan) throw new Error(`${name}: ${diagnostics.map(({ message }) => message).join('; ')}`);
  return plan;
}

/** What a run's hashes are called: `optimizers/adam/seed-1 (simd)`, with the experiment's name before the run's. */
export function runName(id: string, kernels: string): string {
  return `${id} (${kernels})`;
}

/** Three of each run of the experiment: of its parameters, as a summary gives it, of what its frames and summary say, and of its predictions. */
export function* trainedHashes(
  name: string,
  experiment: EngineExperiment,
  kernels: Kernels,
): Generator<[name: string, hash: string], void> {
  for (const run of planOf(name, experiment).runs) {
    const { summary, blocks, predictions } = trained(run, experiment, kernels);
    const called = runName(`${name}/${run.id}`, kernels.name);
    if (summary.parametersHash === null) throw new Error(`${called} came to nothing: ${summary.error}`);
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
    // A clock that stands still: a slice is the whole run.
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
      throw new Error('No run log is kept here.');
    },
    recordedBeginning: () => ({ frames: [], scene: null }),
  });
  while (!training.slice(1));
  return { summary: summary as unknown as RunSummary, blocks, predictions };
}

/** What the network said of the data that are shown. */
function* predicted(blocks: PredictionBlock[]): Generator<number, void> {
  for (const { steps, surfaces, examples, confusions } of blocks) {
    for (const part of [steps, surfaces, examples, confusions]) yield* part;
  }
}

/** Every number that the panel and the command line show of a run. */
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
