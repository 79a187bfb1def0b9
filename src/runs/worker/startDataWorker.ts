/** Reads data files in a separate thread, so that the host stays responsive. */
import * as l10n from '@vscode/l10n';
import { DataError } from '../../engine/data/dataset';
import { startReader } from '../startReader';
import type { DataAnswer, DataJob, DataResults } from './dataJobs';

/**
 * @param script File of the built data worker.
 * @throws DataError when the data cannot be used.
 */
export function inDataWorker<K extends DataJob['kind']>(
  script: string,
  job: Extract<DataJob, { kind: K }>,
): Promise<DataResults[K]> {
  return new Promise((resolve, reject) => {
    const thread = startReader(script, 'data', job);
    thread.on('message', (answer: DataAnswer<K>) => {
      if (answer.ok) resolve(answer.result);
      else reject(new DataError(answer.message, answer.property, answer.place));
      void thread.terminate();
    });
    thread.on('messageerror', reject);
    thread.on('error', (cause: NodeJS.ErrnoException) => {
      const tooLarge = cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(tooLarge ? new DataError(l10n.t('the data do not fit into memory: use a part of them'), null) : cause);
    });
    thread.on('exit', (code) => reject(new Error(l10n.t`the thread that reads the data ended (exit code ${code})`)));
  });
}
