/**
 * `label.json` in a run folder: the name that a person gave to it, and whether it is pinned. It is in the folder, so that all windows
 * and machines that share it see the same, and replaced as a whole, so that two windows cannot damage it.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RunFolderError } from '../folder/layout';
import { readRegularFile } from '../folder/regularFile';
import { unwritable } from '../folder/systemErrors';
import { writeWhole } from '../folder/wholeFile';
import type { RunEntry } from './entry';

const labelName = 'label.json';
const largestLabel = 10_000;
/** Characters of a name that a person gives. */
export const longestGivenName = 200;

export type Label = Pick<RunEntry, 'label' | 'pinned'>;

/** A file that is missing or damaged is no label. */
export function readLabel(folder: string): Label {
  try {
    const value: unknown = JSON.parse(readRegularFile(join(folder, labelName), largestLabel).toString('utf8'));
    const { name, pinned } = (value ?? {}) as Record<string, unknown>;
    const label = typeof name === 'string' ? name.slice(0, longestGivenName).trim() : '';
    return { label: label === '' ? null : label, pinned: pinned === true };
  } catch {
    return { label: null, pinned: false };
  }
}

/** @throws RunFolderError */
export function writeLabel(folder: string, { label, pinned }: Label): void {
  const file = join(folder, labelName);
  try {
    if (label === null && !pinned) rmSync(file, { force: true });
    else writeWhole(file, { ...(label !== null && { name: label }), ...(pinned && { pinned }) });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new RunFolderError(
      code === 'ENOENT' ? l10n.t`${folder} no longer exists: refresh the list` : unwritable(folder, cause),
    );
  }
}
