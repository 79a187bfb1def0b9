/** A worker as its host sees it, whatever thread or process it is. */
import type { FromWorker, ToWorker } from '../../protocol';

export interface Worker {
  post(message: ToWorker): void;
  /** Ends it at once, whatever it does; it is not said to have died. */
  terminate(): void;
}

export interface WorkerListener {
  onMessage(message: FromWorker): void;
  /** It is gone without having been asked to; `cause` is a clause that says why. */
  onDeath(cause: string): void;
}

export type StartWorker = (listener: WorkerListener) => Worker;
