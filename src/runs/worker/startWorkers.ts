/** Selects the workers of a host: the fastest on this machine that compute the right bits. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Registers } from '../../engine/kernels/simd/registers';
import { checkedWorkers, uncheckedWorkers } from './checkedWorkers';
import { nodeWorkerStarter, threads } from './startNodeWorker';
import { processThreads } from './startProcessWorker';
import type { StartWorker } from './worker';

/** Says why wide registers are not used. @param cause A clause. */
function inWords(cause: string): string {
  return l10n.t`Training uses 128-bit registers, because ${cause}. The results are the same; training takes longer.`;
}

/** Built scripts of the workers, as paths. */
export interface WorkerScripts {
  worker: string;
  trainingProcess: string;
}

/** @param extension File extension: the extension uses `.js`, the command line and the library the `.mjs` that share their code. */
export function workerScripts(dist: string, extension: '.js' | '.mjs'): WorkerScripts {
  return { worker: join(dist, `worker${extension}`), trainingProcess: join(dist, `trainingProcess${extension}`) };
}

/**
 * For a program whose own process may take V8's flag.
 * @param onRemark Receives a sentence for the person when wide registers cannot be used after all.
 */
export function ownWorkers(
  { worker, trainingProcess }: WorkerScripts,
  registers: Registers,
  onRemark: (sentence: string) => void,
): StartWorker {
  if (registers === 'narrow') return nodeWorkerStarter(worker);
  // The flag stays set in this process: narrow registers need a different one.
  const narrow = uncheckedWorkers(processThreads(trainingProcess, 'narrow'));
  return checkedWorkers(threads(worker, 'wide'), narrow, (cause) => onRemark(inWords(cause)));
}

/** For a program that shares its process with others, as an extension does: wide registers are used in another process. */
export function guestWorkers(
  { worker, trainingProcess }: WorkerScripts,
  registers: Registers,
  onRemark: (sentence: string) => void,
): StartWorker {
  const narrow = nodeWorkerStarter(worker);
  if (registers === 'narrow') return narrow;
  return checkedWorkers(processThreads(trainingProcess, 'wide'), narrow, (cause) => onRemark(inWords(cause)));
}
