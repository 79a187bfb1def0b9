/** Starts the thread that reads a folder of event files, so that the host stays responsive. */
import * as l10n from '@vscode/l10n';
import { startReader } from '../../startReader';
import type { FromLogReader, ToLogReader } from './logMessages';

export interface LogReader {
  post(message: ToLogReader): void;
  close(): void;
}

/** Megabytes of JavaScript objects of the thread. The values are in typed arrays, which do not count. */
const heapMegabytes = 512;

/**
 * @param script File of the built worker.
 * @param path A folder, or an event file.
 * @param onDeath Called with a sentence if the thread ends unexpectedly.
 */
export function startLogReader(
  script: string,
  path: string,
  onMessage: (message: FromLogReader) => void,
  onDeath: (problem: string) => void,
): LogReader {
  const thread = startReader(script, 'logs', path, { maxOldGenerationSizeMb: heapMegabytes });
  let hasEnded = false;
  const end = (problem: string) => {
    if (hasEnded) return;
    hasEnded = true;
    onDeath(problem);
  };
  thread.on('message', (message: FromLogReader) => {
    if (!hasEnded) onMessage(message);
  });
  thread.on('messageerror', (cause) =>
    end(l10n.t`The thread that reads the logs sent an invalid message (${cause.message}).`),
  );
  thread.on('error', (cause: NodeJS.ErrnoException) =>
    end(
      cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? l10n.t('The logs do not fit into memory: open a folder with fewer runs.')
        : l10n.t`The thread that reads the logs failed (${cause.message}).`,
    ),
  );
  thread.on('exit', (code) => end(l10n.t`The thread that reads the logs ended unexpectedly (exit code ${code}).`));
  return {
    post(message) {
      if (!hasEnded) thread.postMessage(message);
    },
    close() {
      hasEnded = true;
      void thread.terminate();
    },
  };
}
