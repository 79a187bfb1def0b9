/** What commands are given of the world around them. Tests give another one. */

import type { KernelsUsed } from '../protocol';
import type { Resumed } from '../runs/folder/resume';
import type { ExperimentSession, SessionOptions } from '../runs/session/session';
import type { RegistersChoice } from '../runs/worker/registers';
import type { Console } from './console';
import type { Interrupts } from './interrupts';

/** What the command line uses of a session. */
export type Session = Pick<ExperimentSession, 'start' | 'stop' | 'ended' | 'onMessage'>;

export interface Context {
  console: Console;
  interrupts: Interrupts;
  /** Folder that file names on the command line start from. */
  cwd: string;
  stdin: AsyncIterable<Uint8Array>;
  /** Folder of what is built: the page of a replay stands there. */
  dist: string;
  /** Asks a question that is answered with yes or no; null where nobody is there to answer. */
  confirm: ((question: string) => Promise<boolean>) | null;
  /** Whether V8 can be asked for wide registers here. */
  hasWideRegisters: boolean;
  runtime: { node: string; v8: string; platform: string; arch: string };
  /** Finds the kernels that `run` trains with by default, by their self-check. */
  kernels(): KernelsUsed;
  makeSession(options: CommandSession): Session;
}

/** What a command decides about a session. */
export interface CommandSession extends Pick<SessionOptions, 'plan' | 'file' | 'files' | 'jobs' | 'keepFrames'> {
  /** Run folder, which exists; null where nothing is saved. */
  folder: string | null;
  /** What the folder holds already of the plan. */
  resumed?: Resumed;
  registers: RegistersChoice;
}
