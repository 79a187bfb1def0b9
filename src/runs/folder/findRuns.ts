/** Finds the run folders below a folder, and describes each for a list. Only their indexes and the start of each summary are read. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunStatus } from '../../protocol';
import { runLogItems } from '../log/readRunLog';
import type { RunIndex } from '../session/runIndex';
import { withSource } from './byteSource';
import { folderBytes } from './diskSpace';
import { foldersIn, runsFolder } from './layout';
import { readIndex } from './readIndex';
import { logNamesIn } from './runLogFiles';
import { readBrief } from './summaryFile';

export interface FoundRun {
  folder: string;
  name: string;
  /** The experiment's file. */
  file: string;
  engine: string;
  /** When it was started, milliseconds since 1970; null if unknown. */
  time: number | null;
  /** Number of arms, without forks. */
  arms: number;
  seeds: number;
  /** Number of runs, forks included. */
  runs: number;
  forks: number;
  /** Number of runs per status; runs without a summary are `waiting`. */
  outcome: Partial<Record<RunStatus, number>>;
  /** Bytes of all its files. */
  bytes: number;
}

/** Depth of the search: experiments, and `.bnexp/runs` beside them, may be in subfolders. */
const deepest = 6;
/** Names of folders with many unrelated files. */
const skipped = new Set(['node_modules', '.git', 'dist', 'out', 'build', '.venv', 'venv']);

/** Finds the folders below a folder, itself included, that contain `.bnexp/runs`. Null where it only looked, so that a caller can stop. */
export function* findingExperimentFolders(folder: string): Generator<string | null, void> {
  const waiting = [{ path: folder, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, depth } = next;
    yield existsSync(runsFolder(path)) ? path : null;
    if (depth === deepest) continue;
    for (const inner of foldersIn(path)) {
      const name = inner.slice(path.length + 1);
      if (!skipped.has(name) && name !== '.bnexp') waiting.push({ path: inner, depth: depth + 1 });
    }
  }
}

/** Paths of the run folders beside the experiments of a folder. */
export function runFoldersBeside(folderOfExperiments: string): string[] {
  return foldersIn(runsFolder(folderOfExperiments)).flatMap(foldersIn);
}

/**
 * The same, with the folders whose content cannot be listed, e.g. without permission or on a network drive that is not connected, and why.
 * A folder that does not exist has no content.
 */
export function listingRunFolders(folderOfExperiments: string): { folders: string[]; problems: Map<string, unknown> } {
  const problems = new Map<string, unknown>();
  const inside = (folder: string): string[] => {
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.set(folder, cause);
      return [];
    }
  };
  return { folders: inside(runsFolder(folderOfExperiments)).flatMap(inside), problems };
}

/**
 * Finds run folders, newest first. Unreadable folders are left out; the error is shown when such a folder is opened by name.
 * @param isWanted Called regularly; the search stops when it returns false.
 */
export function* findingRuns(folder: string, isWanted = () => true): Generator<void, FoundRun[]> {
  const found: FoundRun[] = [];
  for (const path of findingExperimentFolders(folder)) {
    if (!isWanted()) break;
    for (const run of path === null ? [] : runFoldersBeside(path)) {
      const described = describeRun(run);
      if (described) found.push(described);
      yield;
    }
    yield;
  }
  return found.sort(newestFirst);
}

export function newestFirst(a: Pick<FoundRun, 'time'>, b: Pick<FoundRun, 'time'>): number {
  return (b.time ?? Number.NEGATIVE_INFINITY) - (a.time ?? Number.NEGATIVE_INFINITY) || 0;
}

/** Describes a run folder; null if the folder is not one. */
export function describeRun(folder: string): FoundRun | null {
  try {
    const index = readIndex(folder);
    const { name, file, engine, arms, seeds, runs } = index;
    const outcome: FoundRun['outcome'] = {};
    for (const { id } of runs) {
      const status = readBrief(join(folder, id))?.status ?? 'waiting';
      outcome[status] = (outcome[status] ?? 0) + 1;
    }
    const forks = runs.filter(({ fork }) => fork);
    const ofForks = new Set(forks.map(({ arm }) => arm)).size;
    const counts = { arms: arms.length - ofForks, seeds: seeds.length, runs: runs.length, forks: forks.length };
    return { folder, name, file, engine, time: startOf(folder, index), ...counts, outcome, bytes: folderBytes(folder) };
  } catch {
    return null;
  }
}

/** The newest run folder beside the experiments of a folder, or null. */
export function newestRunFolder(folderOfExperiments: string): string | null {
  const found = runFoldersBeside(folderOfExperiments).flatMap((folder): Pick<FoundRun, 'folder' | 'time'>[] => {
    try {
      return [{ folder, time: startOf(folder, readIndex(folder)) }];
    } catch {
      return [];
    }
  });
  return found.sort(newestFirst)[0]?.folder ?? null;
}

/**
 * Start time of the runs of a folder, milliseconds since 1970: from its index, its first run log, or its name.
 * Not from the time a file was last written: an index is written again whenever runs are added.
 */
export function startOf(folder: string, { started, runs }: RunIndex): number | null {
  if (started !== undefined) return Date.parse(started);
  for (const { id } of runs) {
    const own = join(folder, id);
    for (const name of logNamesIn(own)) {
      const startTime = firstWallTime(join(own, name));
      if (startTime !== null) return startTime;
    }
  }
  return namedTime(folder);
}

/** The time in the name of a run folder, milliseconds since 1970; null if it has a different name. */
export function namedTime(folder: string): number | null {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d-\d\d-\d\d)(-\d+)?$/.exec(basename(folder)) ?? [];
  const named = Date.parse(`${date}T${time?.replaceAll('-', ':')}Z`);
  return Number.isNaN(named) ? null : named;
}

function firstWallTime(file: string): number | null {
  const items = withSource(file, runLogItems);
  try {
    const first = items.next();
    return !first.done && 'heading' in first.value ? first.value.wallTime * 1000 : null;
  } catch {
    // Reported when the run is opened.
    return null;
  } finally {
    items.return({ kind: 'whole', offset: 0 });
  }
}
