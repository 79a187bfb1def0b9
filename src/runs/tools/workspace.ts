/** Paths that a model gives: tools read and write only inside the folders that the person opened. */
import { existsSync, realpathSync } from 'node:fs';
import nodePath, { type PlatformPath } from 'node:path';
import * as l10n from '@vscode/l10n';
import { filesRead } from '../../experiment/dataFiles';
import type { Plan } from '../../experiment/plan';
import { closest, quote } from '../../experiment/words';
import { isInside, isSamePlace } from '../folder/paths';
import { ToolError } from './toolError';

/** Suffix of the name of an experiment's file. */
export const experimentSuffix = '.bnexp.json';

/**
 * Absolute path of an existing file or folder. Links are followed first, because a link could lead out of the folders.
 * @param folders Folders that the person opened; relative paths start from the first in which they exist.
 * @throws ToolError
 */
export function placeIn(
  folders: readonly string[],
  given: string,
  realPath: (path: string) => string = realpathSync,
  path: PlatformPath = nodePath,
): string {
  const words = quote(given);
  if (folders.length === 0) throw new ToolError(l10n.t('No folder is open: open the folder of the experiment first.'));
  if (given.includes('\0') || /^[a-z][a-z\d+.-]+:\/\//i.test(given)) {
    throw new ToolError(
      l10n.t`${words} is not a path: give the path of a file or folder, relative to the open folder.`,
    );
  }
  const roots = folders.map((folder) => {
    try {
      return realPath(folder);
    } catch {
      return path.resolve(folder);
    }
  });
  let isOutside = true;
  for (const root of roots) {
    const wanted = path.resolve(root, given);
    let found: string;
    try {
      found = realPath(wanted);
    } catch {
      isOutside &&= !isWithin(roots, wanted, path);
      continue;
    }
    if (isWithin(roots, found, path)) return found;
  }
  if (isOutside) {
    const where = roots.length === 1 ? l10n.t`the open folder ${quote(roots[0])}` : l10n.t('the open folders');
    throw new ToolError(l10n.t`${words} is outside ${where}, where tools read nothing: copy it there first.`);
  }
  throw new ToolError(
    l10n.t`${words} does not exist in ${roots.map(quote).join(', ')}: list the files and choose one.`,
  );
}

function isWithin(roots: readonly string[], place: string, path: PlatformPath): boolean {
  return roots.some((root) => isInside(root, place, path) || isSamePlace(root, place, path));
}

/**
 * Checks that the files that an experiment reads are inside the folders, before any is opened: their paths are, but a link may lead
 * elsewhere, and messages about data quote them.
 * @param baseFolder Folder that the paths start from.
 * @throws ToolError
 */
export function requireFilesInside({ samples }: Plan, baseFolder: string, folders: readonly string[]): void {
  const paths = new Set(samples.flatMap(({ experiment }) => filesRead(experiment).map(({ path }) => path)));
  for (const path of paths) {
    const file = nodePath.join(baseFolder, path);
    // A missing file is reported with its place in the text.
    if (existsSync(file)) placeIn(folders, file);
  }
}

/** @throws ToolError if the name is not that of an experiment's file. */
export function requireExperiment(path: string): void {
  if (path.endsWith(experimentSuffix)) return;
  throw new ToolError(
    l10n.t`${quote(nodePath.basename(path))} is not an experiment: the name of an experiment's file ends in ${experimentSuffix}.`,
  );
}

/** @param problem A sentence. @throws ToolError if there is no such name, with the nearest one. */
export function requireName(problem: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const near = closest(name, names);
  const listed = names.slice(0, 10).map(quote).join(', ');
  const choice = names.length > 10 ? `${listed} …` : listed;
  const remedy = near === undefined ? l10n.t`Choose from ${choice}.` : l10n.t`Did you mean ${quote(near)}?`;
  throw new ToolError(`${problem} ${remedy}`);
}
