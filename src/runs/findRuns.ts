/** The run folders below a folder, with what a person chooses one by. Only their indexes and summaries are read. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunStatus } from '../protocol';
import { foldersIn, indexName, readIndex, runsFolder, summaryName } from './runFolder';

export interface FoundRun {
  folder: string;
  name: string;
  /** The experiment's file. */
  file: string;
  engine: string;
  /** When it was started, milliseconds since 1970. */
  time: number;
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
  return found.sort((a, b) => b.time - a.time);
}

/** Null where the folder is no run folder. */
export function describeRun(folder: string): FoundRun | null {
  try {
    const { name, file, engine, arms, seeds, runs } = readIndex(folder);
    const outcome: FoundRun['outcome'] = {};
    for (const { id } of runs) {
      const status = statusOf(join(folder, id, summaryName));
      outcome[status] = (outcome[status] ?? 0) + 1;
    }
    const time = statSync(join(folder, indexName)).mtimeMs;
    const forks = runs.filter(({ fork }) => fork);
    const ofForks = new Set(forks.map(({ arm }) => arm)).size;
    const counts = { arms: arms.length - ofForks, seeds: seeds.length, runs: runs.length, forks: forks.length };
    return { folder, name, file, engine, time, ...counts, outcome };
  } catch {
    return null;
  }
}

function statusOf(summary: string): RunStatus {
  try {
    return JSON.parse(readFileSync(summary, 'utf8')).status ?? 'waiting';
  } catch {
    return 'waiting';
  }
}
