/** Messages for errors of the file system: the cause and a remedy. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { bytesInWords } from '../../experiment/words';
import { FileTooLargeError, NotRegularFileError } from './regularFile';

export interface Refusal {
  /** A clause: `its disk is full`. */
  cause: string;
  /** Remedy, in the imperative: `free some space`; empty if only a different place helps. */
  remedy: string;
  code: string | undefined;
}

const remedies: Record<string, [cause: string, remedy: string]> = {
  ENOSPC: ['no space is left on its disk', 'free some space'],
  EDQUOT: ['the disk quota is used up', 'free some space'],
  EROFS: ['its file system is read-only', 'mount it for writing'],
  EACCES: ['its permissions do not allow writing', 'change them'],
  EPERM: ['the system does not allow writing there', ''],
  ENOTDIR: ['a file is in the place of a folder', ''],
  EEXIST: ['a file is in the place of a folder', ''],
  EISDIR: ['a folder is in the place of a file', 'remove that'],
  EFBIG: ['the largest file size that the system allows is reached', 'raise the limit'],
  EMFILE: ['too many files are open', 'run fewer at the same time'],
  ENFILE: ['too many files are open on this machine', 'close other programs'],
  EIO: ['its disk reports an error', 'check the disk'],
  ENAMETOOLONG: ['the name is too long', 'give a shorter one'],
  ESTALE: ['its network share is no longer connected', 'connect it again'],
  ENOENT: ['its folder does not exist, and the system makes none there', ''],
};

/** Finds why a path cannot be written. @param path The path of the failed call. */
export function refusalOf(error: unknown, path: string): Refusal {
  const { code, message } = error as NodeJS.ErrnoException;
  // Making folders on a read-only file system fails as if they were missing: the nearest folder that exists has the cause.
  const actual = code === 'ENOENT' || code === 'EPERM' ? (obstacleAbove(path) ?? code) : code;
  const [cause, remedy] = remedies[actual ?? ''] ?? [message, ''];
  return { cause, remedy, code: actual };
}

/** `DIR cannot be written (its disk is full): free some space, or choose another folder`. */
export function unwritable(folder: string, error: unknown): string {
  const { cause, remedy } = refusalOf(error, folder);
  return `${folder} cannot be written (${cause}): ${remedy === '' ? '' : `${remedy}, or `}choose another folder`;
}

function obstacleAbove(path: string): string | undefined {
  let above = path;
  while (!existsSync(above) && above !== dirname(above)) above = dirname(above);
  try {
    if (above !== path && !statSync(above).isDirectory()) return 'ENOTDIR';
    accessSync(above, constants.W_OK);
    return undefined;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code;
  }
}

/** Why a file or its JSON cannot be read, as a clause without a subject: `is missing`, `is a FIFO, not a file`. */
export function unreadable(error: unknown): string {
  if (error instanceof NotRegularFileError) return `is a ${error.type}, not a file`;
  // The message of the parser is about its own work, and may quote any bytes of the file.
  if (error instanceof SyntaxError) return 'is not valid JSON';
  if (error instanceof FileTooLargeError) return `is too large to be read (${bytesInWords(error.size)})`;
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'is missing';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read: change its permissions';
    case 'ENOTDIR':
      return 'is missing: a file is in the place of its folder';
    case 'ELOOP':
      return 'is a link that leads back to itself';
    case 'EIO':
      return 'cannot be read: its disk reports an error';
    default:
      return `cannot be read (${message})`;
  }
}
