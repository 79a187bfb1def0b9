/** Messages between a host and the process that trains for it: one union per direction. */
import type { FromWorker, ToWorker } from '../../protocol';
import type { Checked } from './checkedWorkers';

export type ToProcess =
  | { type: 'start'; worker: number; check: boolean }
  /** The bytes of a shared array, sent once to each process. */
  | { type: 'array'; id: number; bytes: Uint8Array }
  /** Shared arrays in it are replaced by references. */
  | { type: 'post'; worker: number; message: ToWorker }
  | { type: 'terminate'; worker: number };

export type FromProcess =
  | { type: 'message'; worker: number; message: FromWorker | Checked }
  | { type: 'death'; worker: number; cause: string };
