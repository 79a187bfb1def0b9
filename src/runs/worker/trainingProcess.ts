/**
 * Entry point of a process that trains for a different one, so that flags of V8, crashes and lack of memory affect only this
 * process. Its workers are threads; it passes their messages on.
 */
import { extname, join } from 'node:path';
import { argv } from 'node:process';
import type { Registers } from '../../engine/kernels/simd/registers';
import { translationVariable, useTranslation } from '../language';
import type { WorkerConnection } from './checkedWorkers';
import type { FromProcess, ToProcess } from './processMessages';
import { SharedArrays } from './sharedArrays';
import { threads } from './startNodeWorker';

// Its threads inherit the language. It has no words itself.
const translation = process.env[translationVariable];
if (translation) useTranslation(translation);
const registers = argv[2] as Registers;
const start = threads(join(__dirname, `worker${extname(__filename)}`), registers);
const workers = new Map<number, WorkerConnection>();
const arrays = new SharedArrays();

function send(message: FromProcess): void {
  process.send?.(message);
}

process.on('message', (message: ToProcess) => {
  switch (message.type) {
    case 'start': {
      const { worker, check } = message;
      const listener = {
        onMessage: (sent: (FromProcess & { type: 'message' })['message']) =>
          send({ type: 'message', worker, message: sent }),
        onDeath: (cause: string) => {
          workers.delete(worker);
          send({ type: 'death', worker, cause });
        },
      };
      workers.set(worker, start(listener, check));
      return;
    }
    case 'array':
      arrays.add(message.id, message.bytes);
      return;
    case 'post':
      workers.get(message.worker)?.post(arrays.restored(message.message));
      return;
    case 'terminate':
      workers.get(message.worker)?.terminate();
      workers.delete(message.worker);
      return;
    default:
      message satisfies never;
  }
});
// The host has exited.
process.on('disconnect', () => process.exit());
