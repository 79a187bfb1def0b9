/** Handles the messages of a worker's host: trains one run at a time, in slices between which messages are handled. */
import type { FromWorker, StartRun, ToWorker } from '../../protocol';
import { type RunHost, RunTraining } from './trainRun';

/** Milliseconds of training between messages. */
const slice = 20;

/**
 * @param later Calls back as soon as messages that have arrived have been handled.
 * @returns The handler of messages to this worker.
 */
export function serveRuns(host: RunHost, later: (callback: () => void) => void): (message: ToWorker) => void {
  let training: RunTraining | null = null;
  let paused = false;
  let scheduled = false;
  /** Step up to which runs train. */
  let limit = Number.POSITIVE_INFINITY;

  const schedule = () => {
    if (scheduled || paused || !training) return;
    scheduled = true;
    later(() => {
      scheduled = false;
      if (paused || !training) return;
      if (training.slice(slice, limit)) training = null;
      else if (training.trainedSteps >= limit) {
        training.reportNow();
        return;
      }
      schedule();
    });
  };
  const start = (request: StartRun) => {
    if (training) throw new Error('A worker trains one run at a time.');
    training = new RunTraining(request, host);
    schedule();
  };

  return (message) => {
    switch (message.type) {
      case 'start':
        start(message);
        return;
      case 'pause':
        paused = true;
        training?.reportNow();
        return;
      case 'resume':
        paused = false;
        schedule();
        return;
      case 'limit':
        limit = message.step ?? Number.POSITIVE_INFINITY;
        schedule();
        return;
      case 'step':
        if (paused && training?.step()) training = null;
        return;
      case 'change':
        training?.change(message.settings);
        return;
      case 'cancel':
        training?.cancel();
        training = null;
        return;
      default:
        message satisfies never;
    }
  };
}

/** Buffers of a message that are moved to the host instead of being copied. */
export function transferables(message: FromWorker): ArrayBuffer[] {
  return message.type === 'frames' ? [message.frames.values.buffer as ArrayBuffer] : [];
}
