/** Workers without threads that train a small data set, and the messages of a session. */
import type { Dataset } from '../../../../src/engine/data/dataset';
import { ReferenceKernels } from '../../../../src/engine/kernels/reference';
import type { Plan } from '../../../../src/experiment/plan';
import type { RunSummary, SessionMessage, StartRun, ToWorker } from '../../../../src/protocol';
import { FolderRecord } from '../../../../src/runs/folder/folderRecord';
import { recordedBeginning } from '../../../../src/runs/folder/recordedBeginning';
import type { Resumed } from '../../../../src/runs/folder/resume';
import { RunLogWriter } from '../../../../src/runs/folder/runLogWriter';
import { systemClock } from '../../../../src/runs/session/clock';
import { ExperimentSession, type SessionOptions } from '../../../../src/runs/session/session';
import { serveRuns } from '../../../../src/runs/worker/serveRuns';
import type { RunHost } from '../../../../src/runs/worker/trainRun';
import type { StartWorker } from '../../../../src/runs/worker/worker';
import { smallDataset } from '../../engine/support/datasets';

export const classification: Dataset = smallDataset('classification', 100, 50);

/** A host whose clock advances a millisecond per reading, so that a slice is a fixed number of steps. */
export function hostOf(changes: Partial<RunHost> = {}): RunHost & { messages: Parameters<RunHost['send']>[0][] } {
  let time = 0;
  const messages: Parameters<RunHost['send']>[0][] = [];
  return {
    kernels: new ReferenceKernels(),
    registers: 'narrow',
    now: () => ++time,
    send: (message) => messages.push(message),
    dataset: () => classification,
    openLog: (folder, logged) => new RunLogWriter(folder, { engine: '0.1.0', ...logged }),
    recordedBeginning,
    messages,
    ...changes,
  };
}

/** Pending calls of in-process workers. */
let pending = 0;

function soon(callback: () => void): void {
  pending++;
  setImmediate(() => {
    pending--;
    callback();
  });
}

/** Waits until no in-process worker has pending work or messages: all sessions are paused or have ended. */
export async function settled(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (pending > 0);
}

/** @param changes Differences in the environment of a run. */
export function inProcess(changes: (request: StartRun) => Partial<RunHost> = () => ({})): StartWorker {
  return (listener) => {
    let gone = false;
    let handle: ReturnType<typeof serveRuns> | null = null;
    /** It precedes the run, as in a worker that serves all its runs with one handler. */
    let limit: ToWorker | null = null;
    return {
      post(message) {
        if (message.type === 'limit') limit = message;
        if (message.type === 'start') {
          const send: RunHost['send'] = (message) =>
            soon(() => {
              if (!gone) listener.onMessage(message);
            });
          handle = serveRuns(hostOf({ send, ...changes(message) }), soon);
          if (limit) handle(limit);
        }
        handle?.(message);
      },
      terminate() {
        gone = true;
      },
    };
  };
}

/** @param options `folder` is the run folder to save in; null, the default, saves nothing. `resumed` is what it contains already. */
export function sessionOf(
  plan: Plan,
  {
    folder = null,
    resumed,
    ...options
  }: Partial<Omit<SessionOptions, 'record'>> & { folder?: string | null; resumed?: Resumed } = {},
) {
  const session = new ExperimentSession({
    plan,
    file: 'small.bnexp.json',
    record: folder === null ? null : new FolderRecord(folder, true, undefined, resumed),
    ...(resumed && { complete: resumed.complete }),
    id: 'session',
    clock: systemClock,
    files: new Map(),
    jobs: 2,
    storeFrames: true,
    startWorker: inProcess(),
    ...options,
  });
  const messages: SessionMessage[] = [];
  session.onMessage((message) => messages.push(message));
  return { session, messages };
}

/** Result of a run, without values that depend on the clock. */
export function outcome({ seconds: _, stepsPerSecond: __, ...summary }: RunSummary): Partial<RunSummary> {
  return summary;
}
