/** Writes files atomically: a reader sees the complete file or none, even while other processes write it. */
import { randomUUID } from 'node:crypto';
import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { renameAgain } from './renameAgain';

/** Replaces a file. @param toContent Content of a file that holds the value. */
export function writeWhole<T>(file: string, value: T, toContent: (value: T) => string | Uint8Array = textOf): void {
  const unfinished = write(file, toContent(value));
  try {
    renameAgain(unfinished, file);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw cause;
  }
}

/**
 * Makes a file if it does not exist.
 * @returns Whether this call made it.
 */
export function createWhole(file: string, value: unknown): boolean {
  const unfinished = write(file, textOf(value));
  try {
    linkSync(unfinished, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    return createInPlace(file, value);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Some file systems have no links. */
function createInPlace(file: string, value: unknown): boolean {
  try {
    writeFileSync(file, textOf(value), { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** The name is unique among all processes of all machines that share the folder. */
function write(file: string, content: string | Uint8Array): string {
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(unfinished, content, { flag: 'wx' });
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw cause;
  }
  return unfinished;
}

/** Content of a file that holds a value. */
export function textOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
