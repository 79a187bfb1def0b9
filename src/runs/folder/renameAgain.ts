/** Renames a file or folder that a different program has open for a moment. */
import { renameSync } from 'node:fs';

/** Errors of Windows while a virus scanner, an indexer or a reader has one of the two open. */
const passing = new Set<unknown>(['EPERM', 'EACCES', 'EBUSY']);

/** Milliseconds before each further attempt: 0.6 s in all. */
const pauses = [5, 10, 20, 40, 80, 160, 320];

/** What a test replaces. */
interface System {
  rename: (from: string, to: string) => void;
  pause: (milliseconds: number) => void;
  platform: NodeJS.Platform;
}

/** Renames, several times if Windows refuses it. @throws The system's error of the last attempt. */
export function renameAgain(from: string, to: string, system: Partial<System> = {}): void {
  const { rename = renameSync, pause = sleep, platform = process.platform } = system;
  for (const milliseconds of platform === 'win32' ? pauses : []) {
    try {
      rename(from, to);
      return;
    } catch (cause) {
      if (!passing.has((cause as NodeJS.ErrnoException).code)) throw cause;
    }
    pause(milliseconds);
  }
  rename(from, to);
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
