/** What commands are given of the world around them. Tests give another one. */
import type { ExperimentSession, SessionOptions } from '../runs/session';
import type { Console } from './console';
import type { Interrupts } from './interrupts';

/** What the command line uses of a session. */
export type Session = Pick<ExperimentSession, 'start' | 'stop' | 'ended' | 'onMessage' | 'hydration'>;

export interface Context {
  console: Console;
  interrupts: Interrupts;
  /** Folder that file names on the command line start from. */
  cwd: string;
  stdin: AsyncIterable<Uint8Array>;
  /** Folder of what is built: the page of a replay stands there. */
  dist: string;
  makeSession(options: Omit<SessionOptions, 'startWorker'>): Session;
}
