/** Words for a data file, or a folder of data files, that cannot be read. */
import * as l10n from '@vscode/l10n';
import { DataError } from '../engine/data/dataset';
import type { DataFileProperty } from '../engine/data/files';
import { bytesInWords } from '../shared/numbers';
import { FileTooLargeError, NotRegularFileError, typesInWords } from './folder/regularFile';
import { unreadable } from './folder/systemErrors';

/** `listed`: found in a folder that the experiment names; all others it names itself. */
export type Found = 'named' | 'listed' | 'folder';

/**
 * Runs an action that opens a file or a folder.
 * @param path Its path from the folder of the experiment: the subject of the message.
 * @throws DataError instead of system errors.
 */
export function naming<T>(path: string, found: Found, property: DataFileProperty | null, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (!isReadError(cause)) throw cause;
    throw new DataError(`${path} ${readProblem(cause, found)}`, property);
  }
}

function isReadError(cause: unknown): cause is NodeJS.ErrnoException {
  return (
    cause instanceof NotRegularFileError ||
    cause instanceof FileTooLargeError ||
    (cause as NodeJS.ErrnoException).code !== undefined
  );
}

/** The path of a folder, to which messages add names. */
export function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

/** A clause whose subject is the file or the folder. */
export function readProblem(cause: NodeJS.ErrnoException, found: Found = 'named'): string {
  if (cause instanceof NotRegularFileError) return otherType(cause, found);
  if (cause instanceof FileTooLargeError) {
    const [size, limit] = [bytesInWords(cause.size), bytesInWords(cause.limit)];
    return found === 'listed'
      ? l10n.t`has ${size}, and at most ${limit} of an image file are read: make it smaller`
      : l10n.t`has ${size}, and at most ${limit} of weights are read`;
  }
  switch (cause.code) {
    case 'ENOENT':
      return found === 'listed'
        ? l10n.t('is a link to a file that does not exist: put the file in its place, or remove it')
        : l10n.t("is not in the experiment's folder: copy it there, or correct the path");
    case 'ENOTDIR':
      return found === 'folder'
        ? l10n.t('is not a folder: name the folder that has the data')
        : l10n.t('cannot be there, because a part of its path is a file, not a folder: correct the path');
    case 'ELOOP':
      return l10n.t('is a link that leads back to itself: put the data in its place');
    case 'ENAMETOOLONG':
      return l10n.t('has a longer name than this system allows: shorten it');
    case 'ENXIO':
      return l10n.t('is a device or socket that nothing can be read from: save its data in a file, and name that');
    case 'Z_DATA_ERROR':
    case 'Z_BUF_ERROR':
      return l10n.t('is damaged: it cannot be unpacked with gzip. Copy it again');
    default:
      return unreadable(cause);
  }
}

function otherType({ type }: NotRegularFileError, found: Found): string {
  if (type === 'folder') {
    return found === 'listed'
      ? l10n.t('is a folder, where a file is expected: put the file in its place, or remove the folder')
      : l10n.t('is a folder: name the file in it');
  }
  const what = type === 'FIFO' ? l10n.t('a FIFO (a named pipe)') : typesInWords[type];
  return found === 'listed'
    ? l10n.t`is ${what}, not a regular file: put the file in its place, or remove it`
    : l10n.t`is ${what}, not a regular file: save its data in a file, and name that`;
}
