/** Errors of the place where runs are saved, which a session must distinguish from errors of a run. */

/** Nothing more can be saved: the cause and the remedy. Every further run would fail with it. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError';

  constructor(
    message: string,
    /** The system's code, such as ENOSPC. */
    readonly code: string,
  ) {
    super(message);
  }
}

/** Codes after which every further write to the same place would fail too. */
const lasting = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ENXIO', 'ENODEV', 'ESTALE']);

/** Whether an error of the system concerns the whole place, not one file. */
export function isLasting(code: string | undefined): code is string {
  return code !== undefined && lasting.has(code);
}

/** Whether the disk or quota is full. */
export function isFull(code: string): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}
