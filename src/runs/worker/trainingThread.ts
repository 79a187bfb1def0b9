/** The worker thread in Node and in the extension host. */
import { parentPort, workerData } from 'node:worker_threads';
import { fastestKernels } from '../../engine/kernels/fastest';
import type { ToWorker } from '../../protocol';
import { recordedBeginning } from '../folder/recordedBeginning';
import { RunLogWriter } from '../folder/runLogWriter';
import type { Checked } from './checkedWorkers';
import { datasetMaker } from './datasets';
import { areKernelsSound } from './selfCheck';
import { serveRuns, transferables } from './serveRuns';
import type { WorkerOptions } from './startNodeWorker';
import { askForWideRegisters } from './wideRegisters';

declare const BNLAB_VERSION: string;

if (!parentPort) throw new Error('This script is started as a worker.');
const port = parentPort;
const now = () => performance.now();
const { registers, check } = workerData as WorkerOptions;
// Before the kernels are compiled.
if (registers === 'wide') askForWideRegisters();
const kernels = fastestKernels(registers);
if (check) port.postMessage({ type: 'checked', sound: areKernelsSound(kernels, now) } satisfies Checked);
const handle = serveRuns(
  {
    kernels,
    registers,
    now,
    send: (message) => port.postMessage(message, transferables(message)),
    dataset: datasetMaker(),
    openLog: (folder, logged) => new RunLogWriter(folder, { engine: BNLAB_VERSION, ...logged }),
    recordedBeginning,
  },
  setImmediate,
);
port.on('message', (message: ToWorker) => handle(message));
