/** Starts the threads that read for a host: data files, event files, or the runs of a window. */
import { type ResourceLimits, Worker as Thread } from 'node:worker_threads';

/** What a thread reads. */
export type Reads = 'data' | 'logs' | 'runs';

/** Data of a thread when it starts. */
export interface ReaderStart {
  reads: Reads;
  /** The job, for the code that reads. */
  start: unknown;
}

/** @param script File of the built `reader.ts`. */
export function startReader(script: string, reads: Reads, start: unknown, resourceLimits: ResourceLimits = {}): Thread {
  return new Thread(script, { workerData: { reads, start } satisfies ReaderStart, resourceLimits });
}
