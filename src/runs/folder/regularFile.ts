/**
 * Opens and reads files that a person or a run folder names. Only regular files of a bounded size are opened: a FIFO, a
 * socket or a device could block for ever or never end, so the type is read from the open handle, and the handle is
 * opened without blocking.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import * as l10n from '@vscode/l10n';

/** Types of paths that are not regular files. */
export type OtherFileType = 'folder' | 'FIFO' | 'socket' | 'device';

export const typesInWords: Record<OtherFileType, string> = {
  folder: l10n.t('a folder'),
  FIFO: l10n.t('a FIFO'),
  socket: l10n.t('a socket'),
  device: l10n.t('a device'),
};

/** Thrown for a path that is not a regular file. */
export class NotRegularFileError extends Error {
  override readonly name = 'NotRegularFileError';

  constructor(
    readonly path: string,
    readonly type: OtherFileType,
  ) {
    super(l10n.t`${path} is ${typesInWords[type]}, not a regular file`);
  }
}

/** Thrown instead of reading a file that is larger than the caller allows. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';

  /** @param size Bytes in the file, or read from it so far. @param limit Bytes allowed. */
  constructor(
    readonly path: string,
    readonly size: number,
    readonly limit: number,
  ) {
    super(l10n.t`${path} has ${size} bytes; at most ${limit} are read`);
  }
}

export interface OpenFile {
  readonly fd: number;
  /** Bytes, when the file was opened. */
  readonly size: number;
  /** Milliseconds since 1970, of the last change. */
  readonly modified: number;
  /** Differs from that of another file that has been at the same path. */
  readonly inode: number;
}

/** Without it, opening a FIFO that nobody writes to blocks the whole process. Windows does not have the flag, nor FIFOs as files. */
const withoutBlocking = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file for reading. The caller closes `fd`.
 * @throws NotRegularFileError, or a system error such as ENOENT.
 */
export function openRegularFile(path: string): OpenFile {
  const fd = openUnblocked(path);
  try {
    const stats = fstatSync(fd);
    if (stats.isFile()) return { fd, size: stats.size, modified: stats.mtimeMs, inode: stats.ino };
    throw new NotRegularFileError(
      path,
      stats.isDirectory() ? 'folder' : stats.isFIFO() ? 'FIFO' : stats.isSocket() ? 'socket' : 'device',
    );
  } catch (cause) {
    closeSync(fd);
    throw cause;
  }
}

function openUnblocked(path: string): number {
  try {
    return openSync(path, withoutBlocking);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    // A socket cannot be opened at all; Windows refuses folders here.
    if (code === 'ENXIO') throw new NotRegularFileError(path, 'socket');
    if (code === 'EISDIR') throw new NotRegularFileError(path, 'folder');
    throw cause;
  }
}

/**
 * Reads a whole regular file.
 * @param limit Most bytes that are read; also holds for a file that grows meanwhile.
 * @throws NotRegularFileError, FileTooLargeError, or a system error.
 */
export function readRegularFile(path: string, limit: number): Buffer {
  const { fd, size } = openRegularFile(path);
  try {
    if (size > limit) throw new FileTooLargeError(path, size, limit);
    const parts: Buffer[] = [];
    let length = 0;
    // One extra byte detects a file that grew; files in /proc have size 0 and content.
    let part = Buffer.allocUnsafe(Math.min(size, limit) + 1);
    for (;;) {
      const count = readSync(fd, part, 0, part.length, null);
      if (count === 0) return Buffer.concat(parts, length);
      parts.push(part.subarray(0, count));
      length += count;
      if (length > limit) throw new FileTooLargeError(path, length, limit);
      part = Buffer.allocUnsafe(Math.min(65_536, limit - length + 1));
    }
  } finally {
    closeSync(fd);
  }
}
