/** Environment of a command. Tests provide their own. */

import type { KernelsUsed } from '../protocol';
import type { Resumed } from '../runs/folder/resume';
import type { Saving } from '../runs/session/diskUse';
import type { ExperimentSession, SessionOptions } from '../runs/session/session';
import type { RegistersChoice } from '../runs/worker/wideRegisters';
import type { Console } from './console';
import type { Interrupts } from './interrupts';
import type { Environment } from './shards';

/** Part of a session that the command line uses. */
export type Session = Pick<ExperimentSession, 'start' | 'stop' | 'ended' | 'onMessage'>;

export interface Context {
  console: Console;
  interrupts: Interrupts;
  /** Folder that relative paths on the command line refer to. */
  cwd: string;
  environment: Environment;
  stdin: AsyncIterable<Uint8Array>;
  /** Folder of the built files, which contains the page of an exported run. */
  dist: string;
  /** Asks a yes/no question; null if input is not interactive. */
  confirm: ((question: string) => Promise<boolean>) | null;
  /** Whether V8 supports 256-bit registers on this machine. */
  hasWideRegisters: boolean;
  runtime: { node: string; v8: string; platform: string; arch: string };
  /** Finds the kernels that `run` trains with by default, by their self-check. */
  kernels(): Promise<KernelsUsed>;
  /** Starts the worker of the first run, which takes as long as reading a file: the two happen side by side. */
  warmWorker(registers: RegistersChoice): void;
  makeSession(options: CommandSession): Promise<Session>;
}

/** Options of a session that a command chooses. */
export interface CommandSession extends Pick<SessionOptions, 'plan' | 'file' | 'files' | 'jobs' | 'storeFrames'> {
  /** Run folder, which exists; null if nothing is saved. */
  folder: string | null;
  /** What the folder holds already of the plan. */
  resumed?: Resumed;
  registers: RegistersChoice;
  /** What is saved of the runs. */
  saving?: Saving;
}
