/** Entry of the worker in a browser, and in VS Code's web extension host. It has no disk, so that runs are not logged. */
import * as l10n from '@vscode/l10n';
import { fastestKernels } from '../../engine/kernels/fastest';
import type { FromWorker, ToWorker } from '../../protocol';
import { datasetMaker } from './datasets';
import { serveRuns, transferables } from './serveRuns';

/** The part of a worker's global scope that is used here; the DOM's types describe a page's. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer: ArrayBuffer[]): void;
  onmessage: ((event: { data: ToWorker }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
const turns = new MessageChannel();
let next: (() => void) | null = null;
turns.port1.onmessage = () => {
  const callback = next;
  next = null;
  callback?.();
};

/** Timers of a browser wait at least 4 ms when they are nested; messages to the same thread do not. */
function later(callback: () => void): void {
  next = callback;
  turns.port2.postMessage(null);
}

const handle = serveRuns(
  {
    kernels: fastestKernels('narrow'),
    registers: 'narrow',
    now: () => performance.now(),
    send: (message) => scope.postMessage(message, transferables(message)),
    dataset: datasetMaker(),
    openLog: () => {
      throw new Error(l10n.t('a worker in a browser has no disk to write a run log to'));
    },
    recordedBeginning: () => {
      throw new Error(l10n.t('a worker in a browser has no disk to read a run log from'));
    },
  },
  later,
);
scope.onmessage = ({ data }) => handle(data);
