/** Starts workers as threads of this process. */
import { Worker as Thread } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import type { Registers } from '../../engine/kernels/simd/registers';
import type { FromWorker } from '../../protocol';
import { type Checked, type Connect, uncheckedWorkers } from './checkedWorkers';
import type { StartWorker } from './worker';

/** Data of a worker when it starts. */
export interface WorkerOptions {
  /** With `wide`, V8 uses wide registers for this whole process; see `wideRegisters.ts`. */
  registers: Registers;
  /** Whether the kernels are checked first, and the result reported. */
  check: boolean;
}

/** @param script File of the built worker. */
export function nodeWorkerStarter(script: string, registers: Registers = 'narrow'): StartWorker {
  return uncheckedWorkers(threads(script, registers));
}

/** @param script File of the built worker. */
export function threads(script: string, registers: Registers): Connect {
  return (listener, check) => {
    const workerData: WorkerOptions = { registers, check };
    const thread = new Thread(script, { workerData });
    let hasEnded = false;
    const end = (cause: string) => {
      if (hasEnded) return;
      hasEnded = true;
      listener.onDeath(cause);
    };
    thread.on('message', (message: FromWorker | Checked) => {
      if (!hasEnded) listener.onMessage(message);
    });
    thread.on('messageerror', (cause) => end(l10n.t`its worker sent a message that cannot be read (${cause.message})`));
    thread.on('error', (cause: NodeJS.ErrnoException) => end(deathOf(cause)));
    thread.on('exit', (code) => end(l10n.t`its worker ended unexpectedly (exit code ${code})`));
    return {
      post(message) {
        if (!hasEnded) thread.postMessage(message);
      },
      terminate() {
        hasEnded = true;
        void thread.terminate();
      },
    };
  };
}

function deathOf(cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'ERR_WORKER_OUT_OF_MEMORY':
      return l10n.t(
        'its worker ran out of memory: give smaller layers, minibatches or data, or run fewer at the same time',
      );
    case 'MODULE_NOT_FOUND':
      return l10n.t('its worker cannot be started, because a file of this program is missing: install it again');
    default:
      return l10n.t`its worker died (${cause.message})`;
  }
}
