/** The run folders below a folder, with what a person chooses one by. Only their indexes and summaries are read. */
import { basename, join } from 'node:path';
import type { RunStatus } from '../../protocol';
import { runLogItems } from '../log/readRunLog';
import type { RunIndex } from '../session/runIndex';
import { withSource } from './byteSource';
import { readIndex } from './indexFiles';
import { foldersIn, runsFolder } from './layout';
import { logNamesIn } from './runLogFiles';
import { readSummaryFile } from './summaryFile';

export interface FoundRun {
  folder: string;
  name: string;
  /** The experiment's file. */
  file: string;
  engine: string;
  /** When it was started, milliseconds since 1970; null where nothing says so. */
  time: number | null;
  /** Without those of forks. */
  arms: number;
  seeds: number;
  /** Forks among them. */
  runs: number;
  forks: number;
  /** How many of the runs ended in which way; those without a summary are `waiting`. */
  outcome: Partial<Record<RunStatus, number>>;
}

/** Folders below one that are looked into: `.bnexp/runs` may stand beside experiments that lie deeper. */
const deepest = 6;
/** Names of folders that hold others' files, and many. */
const passedOver = new Set(['node_modules', '.git', 'dist', 'out', 'build', '.venv', 'venv']);

/**
 * Newest first. What cannot be read is left out: it is told when the folder is opened by its name.
 * @param isWanted Asked now and then; searching a large tree may be given up.
 */
export function* findingRuns(folder: string, isWanted = () => true): Generator<void, FoundRun[]> {
  const found: FoundRun[] = [];
  const waiting = [{ path: folder, depth: 0 }];
  for (let next = waiting.pop(); next && isWanted(); next = waiting.pop()) {
    const { path, depth } = next;
    for (const experiment of foldersIn(runsFolder(path))) {
      for (const run of foldersIn(experiment)) {
        const described = describeRun(run);
        if (described) found.push(described);
        yield;
      }
    }
    if (depth === deepest) continue;
    for (const inner of foldersIn(path)) {
      const name = inner.slice(path.length + 1);
      if (!passedOver.has(name) && name !== '.bnexp') waiting.push({ path: inner, depth: depth + 1 });
    }
    yield;
  }
  return found.sort(newestFirst);
}

export function newestFirst(a: Pick<FoundRun, 'time'>, b: Pick<FoundRun, 'time'>): number {
  return (b.time ?? Number.NEGATIVE_INFINITY) - (a.time ?? Number.NEGATIVE_INFINITY) || 0;
}

/** Null where the folder is no run folder. */
export function describeRun(folder: string): FoundRun | null {
  try {
    const index = readIndex(folder);
    const { name, file, engine, arms, seeds, runs } = index;
    const outcome: FoundRun['outcome'] = {};
    for (const { id } of runs) {
      const status = readSummaryFile(join(folder, id)).summary?.status ?? 'waiting';
      outcome[status] = (outcome[status] ?? 0) + 1;
    }
    const forks = runs.filter(({ fork }) => fork);
    const ofForks = new Set(forks.map(({ arm }) => arm)).size;
    const counts = { arms: arms.length - ofForks, seeds: seeds.length, runs: runs.length, forks: forks.length };
    return { folder, name, file, engine, time: startOf(folder, index), ...counts, outcome };
  } catch {
    return null;
  }
}

/** The newest run folder beside the experiments of a folder, or null. */
export function newestRunFolder(folderOfExperiments: string): string | null {
  const found = foldersIn(runsFolder(folderOfExperiments)).flatMap((parent) =>
    foldersIn(parent).flatMap((folder): Pick<FoundRun, 'folder' | 'time'>[] => {
      try {
        return [{ folder, time: startOf(folder, readIndex(folder)) }];
      } catch {
        return [];
      }
    }),
  );
  return found.sort(newestFirst)[0]?.folder ?? null;
}

/**
 * When the runs of a folder were started, milliseconds since 1970: as its index says, or its first run log, or its name.
 * Never when a file was last written: an index is written again whenever runs are added.
 */
function startOf(folder: string, { started, runs }: RunIndex): number | null {
  if (started !== undefined) return Date.parse(started);
  for (const { id } of runs) {
    const own = join(folder, id);
    for (const name of logNamesIn(own)) {
      const begun = firstWallTime(join(own, name));
      if (begun !== null) return begun;
    }
  }
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
    // Said when the run is opened.
    return null;
  } finally {
    items.return({ kind: 'whole', offset: 0 });
  }
}
