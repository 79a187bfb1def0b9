/**
 * Writes a run log to its folder, and the trained weights beside it. Each frame is passed to the system before training continues. When the run has finished,
 * the log is packed.
 */
import { closeSync, existsSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from '../../engine/results';
import type { MadeChange } from '../../protocol';
import { type LoggedRun, RunLogEncoder, runLogName } from '../log/encodeRunLog';
import { weightsName } from './layout';
import { nodeDeflate } from './nodeDeflate';
import { packLogFile } from './packLogFile';
import { writeWhole } from './wholeFile';

/** System calls that write a log. Tests replace them by ones that fail. */
export interface LogFileSystem {
  open(path: string): number;
  write(descriptor: number, bytes: Uint8Array, offset: number): number;
  truncate(descriptor: number, length: number): void;
  close(descriptor: number): void;
  /** @param lastStep Step of its last frame. */
  pack(path: string, lastStep: number): void;
}

export const logFileSystem: LogFileSystem = {
  open: (path) => openSync(path, 'ax'),
  write: (descriptor, bytes, offset) => writeSync(descriptor, bytes, offset),
  truncate: ftruncateSync,
  close: closeSync,
  // All frames for TensorBoard stay.
  pack: (path, lastStep) => packLogFile(path, { shown: 0, lastStep }),
};

export class RunLogWriter {
  private readonly path: string;
  private readonly descriptor: number;
  private readonly encoder: RunLogEncoder;
  /** Bytes of whole records. */
  private length = 0;
  private lastStep = 0;

  /**
   * @param folder Folder of the run, which exists. A removed folder is not made again.
   * @param now Milliseconds since 1970.
   * @throws The system's error when the file cannot be made.
   */
  constructor(
    private readonly folder: string,
    logged: LoggedRun,
    now: () => number = Date.now,
    private readonly files: LogFileSystem = logFileSystem,
  ) {
    this.encoder = new RunLogEncoder(logged, now, nodeDeflate);
    this.path = join(folder, runLogName(now() / 1000));
    this.descriptor = files.open(this.path);
    this.append(this.encoder.heading());
  }

  frame(frame: Frame): void {
    this.lastStep = frame.step;
    this.append(this.encoder.frame(frame));
  }

  change(change: MadeChange): void {
    this.append(this.encoder.change(change));
  }

  weights(bytes: Uint8Array): void {
    // The host reports a folder that was removed.
    if (!existsSync(this.folder)) return;
    writeWhole(join(this.folder, weightsName), bytes, (content) => content);
  }

  close(): void {
    try {
      this.append(this.encoder.end());
    } finally {
      this.files.close(this.descriptor);
    }
    try {
      this.files.pack(this.path, this.lastStep);
    } catch {
      // The log is complete without: it is only larger.
    }
  }

  /** Truncates a record that does not fit on the disk, so that the log ends with its last complete record. */
  private append(bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length; ) done += this.files.write(this.descriptor, bytes, done);
      this.length += bytes.length;
    } catch (cause) {
      try {
        this.files.truncate(this.descriptor, this.length);
      } catch {
        // Readers stop at a torn record, too.
      }
      throw cause;
    }
  }
}
