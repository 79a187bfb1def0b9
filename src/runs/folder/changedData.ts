/** Finds whether the data of a run have changed since it was trained: by their hash, or by their date where a run has no hash. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { dataFiles } from '../../experiment/dataFiles';
import type { Run } from '../../experiment/plan';
import type { RunSummary } from '../../protocol';
import { fileKey, type PlanFiles } from '../session/planFiles';
import { summaryName } from './layout';

/** The data files as they are now. */
export interface DataNow {
  /** As they were read; absent if they were not read. */
  files?: PlanFiles | undefined;
  /** Folder that their paths start from; null if unknown. */
  baseFolder?: string | null;
}

export interface ChangedData {
  path: string;
  /** Whether the contents differ. Otherwise only the date is later, as with a run of an earlier version. */
  isCertain: boolean;
}

/** @param own Folder of the run. @returns The first data file that has changed; null if there is none. */
export function changedData(
  own: string,
  run: Run,
  { data: saved = {} }: RunSummary,
  { files, baseFolder = null }: DataNow,
): ChangedData | null {
  for (const named of dataFiles(run.data)) {
    const { path, property } = named;
    const before = saved[property];
    const now = files?.get(fileKey(named, run.data))?.sha256;
    if (before !== undefined && now !== undefined) {
      if (before !== now) return { path, isCertain: true };
    } else if (baseFolder !== null && dateOf(join(baseFolder, path)) > dateOf(join(own, summaryName)))
      return { path, isCertain: false };
  }
  return null;
}

/** Whether a run reads data and has no hash of them. */
export function hasUnhashedData(run: Run, { data = {} }: RunSummary): boolean {
  return dataFiles(run.data).some(({ property }) => data[property] === undefined);
}

/** Milliseconds since 1970 of the last modification; 0 if the file does not exist. */
function dateOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
