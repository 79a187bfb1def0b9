/** What a run folder tells of its runs where `runs.json` is damaged or missing, or lists them in `runs.jsonl`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { RunSummary } from '../protocol';
import type { IndexedRun, RunIndex } from './session/runIndex';

/** Lines of runs as they began; a line that was cut off by the end of the process is left out. */
export function readBegun(file: string): IndexedRun[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Smaller plans have none.
    return [];
  }
  return text.split('\n').flatMap((line): IndexedRun[] => {
    try {
      return line === '' ? [] : [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

/** An index from the summaries of the runs themselves; null where there is none. @param problem Why there is no other. */
export function rebuiltIndex(folder: string, problem: string): RunIndex | null {
  const runs = summariesIn(folder).map(({ own, summary }): IndexedRun => {
    const { arm, seed, point = {}, steps } = summary;
    return { id: relative(folder, own).split(sep).join('/'), arm, seed, point, steps };
  });
  if (runs.length === 0) return null;
  return {
    name: 'Experiment',
    notes: '',
    file: '',
    engine: '',
    arms: [...new Set(runs.map(({ arm }) => arm))],
    seeds: [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b),
    axes: axesOf(runs),
    claims: [],
    planned: runs.length,
    runs,
    remarks: [`${problem}: the ${runs.length} runs that have a summary are shown, and the claims are not known.`],
  };
}

/** Values as the runs have them, in the order in which they are found. */
function axesOf(runs: readonly IndexedRun[]): RunIndex['axes'] {
  const values = new Map<string, Map<string, unknown>>();
  for (const { point } of runs) {
    for (const [pointer, value] of Object.entries(point)) {
      const known = values.get(pointer) ?? new Map<string, unknown>();
      values.set(pointer, known.set(JSON.stringify(value), value));
    }
  }
  return [...values].map(([pointer, known]) => {
    const all = [...known.values()];
    if (all.every((value) => typeof value === 'number')) all.sort((a, b) => Number(a) - Number(b));
    return { pointer, name: pointer.slice(pointer.lastIndexOf('/') + 1), values: all };
  });
}

/** Runs lie below arm, point and seed. */
function summariesIn(folder: string, depth = 3): { own: string; summary: RunSummary }[] {
  let entries: string[];
  try {
    entries = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
  return entries.flatMap((name) => {
    const own = join(folder, name);
    const summary = readSummary(join(own, 'summary.json'));
    if (summary) return [{ own, summary }];
    return depth > 1 ? summariesIn(own, depth - 1) : [];
  });
}

/** Null where the run ended before it was written, or where it was written in part. */
export function readSummary(file: string): RunSummary | null {
  try {
    const summary: Partial<RunSummary> | null = JSON.parse(readFileSync(file, 'utf8'));
    return typeof summary?.status === 'string' && typeof summary.arm === 'string' ? (summary as RunSummary) : null;
  } catch {
    return null;
  }
}
