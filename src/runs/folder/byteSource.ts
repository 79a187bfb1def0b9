/** Reads a file piece by piece. */
import { closeSync, readSync } from 'node:fs';
import * as l10n from '@vscode/l10n';
import type { ByteSource } from '../log/records';
import { openRegularFile } from './regularFile';

/** Bytes that are read from the disk together; records are mostly smaller. */
const block = 1 << 18;

/**
 * Opens a file for a generator, and closes it when the generator ends or is abandoned.
 * @throws NotRegularFileError, or the system's error.
 */
export function* withSource<T, R>(file: string, work: (source: ByteSource) => Generator<T, R>): Generator<T, R> {
  const { fd, size } = openRegularFile(file);
  try {
    return yield* work(sourceOf(file, fd, size));
  } finally {
    closeSync(fd);
  }
}

/** @param size Bytes of the file. The caller closes the descriptor. */
export function sourceOf(name: string, descriptor: number, size: number): ByteSource {
  let buffer = new Uint8Array(0);
  let bufferStart = 0;
  const fill = (offset: number, wanted: number) => {
    const bytes = new Uint8Array(Math.min(Math.max(wanted, block), size - offset));
    let done = 0;
    while (done < wanted) {
      const count = readSync(descriptor, bytes, done, bytes.length - done, offset + done);
      if (count === 0) throw new Error(l10n.t`${name} became shorter while it was read`);
      done += count;
    }
    buffer = bytes.subarray(0, done);
    bufferStart = offset;
  };
  return {
    name,
    size,
    read(offset, length) {
      if (offset < bufferStart || offset + length > bufferStart + buffer.length) fill(offset, length);
      const start = offset - bufferStart;
      return buffer.slice(start, start + length);
    },
  };
}
