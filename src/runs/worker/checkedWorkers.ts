/** Starts workers whose kernels must pass a self-check, and replaces those that fail. */
import * as l10n from '@vscode/l10n';
import type { FromWorker, ToWorker } from '../../protocol';
import type { StartWorker, Worker, WorkerListener } from './worker';

/** First message of a worker that was asked to check its kernels. */
export interface Checked {
  type: 'checked';
  /** Whether the kernels compute the bits they should. */
  sound: boolean;
}

/** A connection to a worker, whatever thread or process it is. */
export interface WorkerConnection {
  post(message: ToWorker): void;
  terminate(): void;
}

/** @param check Whether the worker checks its kernels and reports the result before anything else. */
export type Connect = (
  listener: { onMessage(message: FromWorker | Checked): void; onDeath(cause: string): void },
  check: boolean,
) => WorkerConnection;

/** Workers that need no check. */
export function uncheckedWorkers(connect: Connect): StartWorker {
  return ({ onMessage, onDeath }) =>
    connect(
      {
        onMessage: (message) => {
          if (message.type !== 'checked') onMessage(message);
        },
        onDeath,
      },
      false,
    );
}

/**
 * Workers whose kernels are checked until one of them has passed. If one fails the check or does not start, the
 * fallback replaces it and all later ones. No message is lost.
 * @param onFallback Called once, with the cause as a clause.
 */
export function checkedWorkers(
  connect: Connect,
  fallback: StartWorker,
  onFallback: (cause: string) => void,
): StartWorker {
  let state: 'unknown' | 'sound' | 'unsound' = 'unknown';
  const trusted = uncheckedWorkers(connect);
  return (listener) => {
    if (state === 'sound') return trusted(listener);
    if (state === 'unsound') return fallback(listener);
    return new CheckedWorker(connect, listener, fallback, (cause) => {
      if (cause === null) {
        state = 'sound';
        return;
      }
      if (state !== 'unsound') onFallback(cause);
      state = 'unsound';
    });
  };
}

class CheckedWorker implements Worker {
  private current: Pick<Worker, 'post' | 'terminate'>;
  /** Messages that wait for the check; null once it is over. */
  private waiting: ToWorker[] | null = [];
  private ended = false;

  /** @param conclude Receives the cause of a failure, or null for a check that was passed. */
  constructor(
    connect: Connect,
    private readonly listener: WorkerListener,
    private readonly fallback: StartWorker,
    private readonly conclude: (cause: string | null) => void,
  ) {
    this.current = connect(
      {
        onMessage: (message) => {
          if (message.type !== 'checked') listener.onMessage(message);
          else if (message.sound) this.pass();
          else this.fail(l10n.t('its 256-bit registers computed different bits in a self-check'));
        },
        onDeath: (cause) => (this.waiting ? this.fail(cause) : listener.onDeath(cause)),
      },
      true,
    );
  }

  post(message: ToWorker): void {
    if (this.waiting) this.waiting.push(message);
    else this.current.post(message);
  }

  terminate(): void {
    this.ended = true;
    this.waiting = null;
    this.current.terminate();
  }

  private pass(): void {
    this.conclude(null);
    this.flush();
  }

  private fail(cause: string): void {
    if (this.ended) return;
    this.current.terminate();
    this.conclude(cause);
    this.current = this.fallback(this.listener);
    this.flush();
  }

  private flush(): void {
    const messages = this.waiting ?? [];
    this.waiting = null;
    for (const message of messages) this.current.post(message);
  }
}
