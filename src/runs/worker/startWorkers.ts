/** Selects the workers of a host: the fastest on this machine that compute the right bits. */
import { join } from 'node:path';
import type { Registers } from '../../engine/kernels/simd/registers';
import { checkedWorkers, uncheckedWorkers } from './checkedWorkers';
import { nodeWorkerStarter, threads } from './startNodeWorker';
import { processThreads } from './startProcessWorker';
import type { StartWorker } from './worker';

/** Says why wide registers are not used. @param cause A clause. */
function inWords(cause: string): string {
  return `Training uses 128-bit registers, because ${cause}. The results are the same; training takes longer.`;
}

/**
 * For a program whose own process may take V8's flag.
 * @param dist Folder of the built program.
 * @param onRemark Receives a sentence for the person when wide registers cannot be used after all.
 */
export function ownWorkers(dist: string, registers: Registers, onRemark: (sentence: string) => void): StartWorker {
  const worker = join(dist, 'worker.js');
  if (registers === 'narrow') return nodeWorkerStarter(worker);
  // The flag stays set in this process: narrow registers need a different one.
  const narrow = uncheckedWorkers(processThreads(join(dist, 'trainingProcess.js'), 'narrow'));
  return checkedWorkers(threads(worker, 'wide'), narrow, (cause) => onRemark(inWords(cause)));
}

/** For a program that shares its process with others, as an extension does: wide registers are used in another process. */
export function guestWorkers(dist: string, registers: Registers, onRemark: (sentence: string) => void): StartWorker {
  const narrow = nodeWorkerStarter(join(dist, 'worker.js'));
  if (registers === 'narrow') return narrow;
  return checkedWorkers(processThreads(join(dist, 'trainingProcess.js'), 'wide'), narrow, (cause) =>
    onRemark(inWords(cause)),
  );
}
