/** Messages for errors of the file system: the cause and a remedy. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { bytesInWords } from '../../experiment/words';
import { FileTooLargeError, NotRegularFileError, typesInWords } from './regularFile';

export interface Refusal {
  /** A clause: `its disk is full`. */
  cause: string;
  /** Remedy, in the imperative: `free some space`; empty if only a different place helps. */
  remedy: string;
  code: string | undefined;
}

const remedies: Record<string, [cause: string, remedy: string]> = {
  ENOSPC: [l10n.t('no space is left on its disk'), l10n.t('free some space')],
  EDQUOT: [l10n.t('the disk quota is used up'), l10n.t('free some space')],
  EROFS: [l10n.t('its file system is read-only'), l10n.t('mount it for writing')],
  EACCES: [l10n.t('its permissions do not allow writing'), l10n.t({ message: 'change them', comment: 'Permissions' })],
  EPERM: [l10n.t('the system does not allow writing there'), ''],
  ENOTDIR: [l10n.t('a file is in the place of a folder'), ''],
  EEXIST: [l10n.t('a file is in the place of a folder'), ''],
  EISDIR: [l10n.t('a folder is in the place of a file'), l10n.t({ message: 'remove that', comment: 'A folder' })],
  EFBIG: [l10n.t('the largest file size that the system allows is reached'), l10n.t('raise the limit')],
  EMFILE: [l10n.t('too many files are open'), l10n.t('run fewer at the same time')],
  ENFILE: [l10n.t('too many files are open on this machine'), l10n.t('close other programs')],
  EIO: [l10n.t('its disk reports an error'), l10n.t('check the disk')],
  ENAMETOOLONG: [l10n.t('the name is too long'), l10n.t('give a shorter one')],
  ESTALE: [l10n.t('its network share is no longer connected'), l10n.t('connect it again')],
  ENOENT: [l10n.t('its folder does not exist, and the system makes none there'), ''],
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
  return remedy === ''
    ? l10n.t`${folder} cannot be written (${cause}): choose another folder`
    : l10n.t`${folder} cannot be written (${cause}): ${remedy}, or choose another folder`;
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
  if (error instanceof NotRegularFileError) return l10n.t`is ${typesInWords[error.type]}, not a file`;
  // The message of the parser is about its own work, and may quote any bytes of the file.
  if (error instanceof SyntaxError) return l10n.t('is not valid JSON');
  if (error instanceof FileTooLargeError) return l10n.t`is too large to be read (${bytesInWords(error.size)})`;
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return l10n.t('is missing');
    case 'EACCES':
    case 'EPERM':
      return l10n.t('may not be read: change its permissions');
    case 'ENOTDIR':
      return l10n.t('is missing: a file is in the place of its folder');
    case 'ELOOP':
      return l10n.t('is a link that leads back to itself');
    case 'EIO':
      return l10n.t('cannot be read: its disk reports an error');
    default:
      return l10n.t`cannot be read (${message})`;
  }
}
