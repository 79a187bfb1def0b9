/** Starts workers as threads of this process. */
import { Worker as Thread } from 'node:worker_threads';
import type { FromWorker } from '../../protocol';
import type { StartWorker } from './worker';

/** What a worker is told when it is started. */
export interface WorkerOptions {
  /** Whether to ask V8 for wide registers, for all of this process; see `registers.ts`. */
  wide: boolean;
}

/** @param script File of the built worker. */
export function nodeWorkerStarter(script: string, workerData: WorkerOptions = { wide: false }): StartWorker {
  return (listener) => {
    const thread = new Thread(script, { workerData });
    let gone = false;
    const die = (cause: string) => {
      if (gone) return;
      gone = true;
      listener.onDeath(cause);
    };
    thread.on('message', (message: FromWorker) => {
      if (!gone) listener.onMessage(message);
    });
    thread.on('messageerror', (cause) => die(`its worker said something that cannot be read (${cause.message})`));
    thread.on('error', (cause: NodeJS.ErrnoException) => die(deathOf(cause)));
    thread.on('exit', (code) => die(`its worker ended by itself (exit code ${code})`));
    return {
      post(message) {
        if (!gone) thread.postMessage(message);
      },
      terminate() {
        gone = true;
        void thread.terminate();
      },
    };
  };
}

function deathOf(cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'ERR_WORKER_OUT_OF_MEMORY':
      return 'its worker ran out of memory: give smaller layers, minibatches or data, or run fewer at the same time';
    case 'MODULE_NOT_FOUND':
      return 'its worker cannot be started, because a file of this program is missing: install it again';
    default:
      return `its worker died (${cause.message})`;
  }
}
