/** A worker as its host sees it, whatever thread or process it is. */
import type { FromWorker, ToWorker } from '../../protocol';

export interface Worker {
  post(message: ToWorker): void;
  /** Terminates it at once, without calling `onDeath`. */
  terminate(): void;
}

export interface WorkerListener {
  onMessage(message: FromWorker): void;
  /** It ended without being terminated; `cause` is a clause. */
  onDeath(cause: string): void;
}

export type StartWorker = (listener: WorkerListener) => Worker;
