/** Environment of a command. Tests provide their own. */
import type { ExperimentSession, SessionOptions } from '../runs/session';
import type { Console } from './console';
import type { Interrupts } from './interrupts';

/** Part of a session that the command line uses. */
export type Session = Pick<ExperimentSession, 'start' | 'stop' | 'ended' | 'onMessage'>;

export interface Context {
  console: Console;
  interrupts: Interrupts;
  /** Folder that relative paths on the command line refer to. */
  cwd: string;
  stdin: AsyncIterable<Uint8Array>;
  /** Folder of the built files, which contains the page of an exported run. */
  dist: string;
  /** Asks a yes/no question; null if input is not interactive. */
  confirm: ((question: string) => Promise<boolean>) | null;
  /** Whether V8 supports 256-bit registers on this machine. */
  hasWideRegisters: boolean;
  /** @param wide Whether to use 256-bit registers. */
  makeSession(options: Omit<SessionOptions, 'startWorker'>, wide: boolean): Session;
}
