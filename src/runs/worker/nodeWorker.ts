/** Entry of the worker thread in Node and in the extension host. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Dataset } from '../../engine/data/dataset';
import { fastestKernels } from '../../engine/kernels/fastest';
import type { StartRun, ToWorker } from '../../protocol';
import { datasetOf } from '../data';
import { recordedBeginning } from '../folder/recordedBeginning';
import { RunLogWriter } from '../folder/runLogWriter';
import { askForWideRegisters } from './registers';
import { serveRuns } from './serveRuns';
import type { WorkerOptions } from './startNodeWorker';

declare const BNLAB_VERSION: string;

/** The last data set that was made: the arms of one seed mostly share it. */
let made: { key: string; dataset: Dataset } | null = null;

function dataset({ run, files }: StartRun): Dataset {
  const key = JSON.stringify([run.data, run.seed]);
  if (made?.key !== key) {
    made = null;
    made = { key, dataset: datasetOf(run, files) };
  }
  return made.dataset;
}

if (!parentPort) throw new Error('This script is started as a worker.');
const port = parentPort;
const { wide } = workerData as WorkerOptions;
// Before the kernels are compiled.
if (wide) askForWideRegisters();
const handle = serveRuns(
  {
    kernels: fastestKernels(wide ? 'wide' : 'narrow'),
    now: () => performance.now(),
    send: (message) =>
      port.postMessage(message, message.type === 'frames' ? [message.frames.values.buffer as ArrayBuffer] : []),
    dataset,
    openLog: (folder, run, watched) => new RunLogWriter(folder, { engine: BNLAB_VERSION, run, watched }),
    recordedBeginning,
  },
  setImmediate,
);
port.on('message', (message: ToWorker) => handle(message));
