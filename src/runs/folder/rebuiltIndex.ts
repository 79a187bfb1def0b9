/** Rebuilds the index of a run folder if `runs.json` is damaged or missing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { IndexedRun, RunIndex } from '../session/runIndex';
import { experimentName, foldersIn } from './layout';
import { slashedPath } from './paths';
import { logNamesIn } from './runLogFiles';
import { readSummaryFile } from './summaryFile';

/** Makes an index from the folders of the runs; null if there are none. @param problem Why `runs.json` is not used. */
export function rebuiltIndex(folder: string, problem: string): RunIndex | null {
  const found = runsIn(folder, folder);
  const runs = found.map(({ run }) => run);
  if (runs.length === 0) return null;
  const summed = found.filter(({ hasSummary }) => hasSummary).length;
  const others = runs.length - summed;
  return {
    name: l10n.t('Experiment'),
    notes: '',
    file: '',
    engine: '',
    arms: [...new Set(runs.map(({ arm }) => arm))],
    seeds: [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b),
    axes: axesOf(runs),
    claims: [],
    planned: runs.length,
    runs,
    remarks: [
      others === 0
        ? l10n.t`${problem}: the ${summed} runs that have a summary are shown, and the claims are unknown.`
        : l10n.t`${problem}: the ${summed} runs that have a summary are shown, and ${others} without one, and the claims are unknown.`,
    ],
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

interface FoundRun {
  run: IndexedRun;
  hasSummary: boolean;
}

/** Runs are below arm, point and seed. */
function runsIn(root: string, folder: string, depth = 3): FoundRun[] {
  return foldersIn(folder).flatMap((own): FoundRun[] => {
    const { summary } = readSummaryFile(own);
    const id = slashedPath(root, own);
    if (summary) {
      const { arm, seed, point = {}, steps } = summary;
      return [{ run: { id, arm, seed, point, steps }, hasSummary: true }];
    }
    const seed = /(?:^|\/)seed-(\d+)$/.exec(id)?.[1];
    if (seed !== undefined && (existsSync(join(own, experimentName)) || logNamesIn(own).length > 0)) {
      // Arms are named as their folders: without a summary nothing else names them.
      return [{ run: { id, arm: id.split('/')[0], seed: Number(seed), point: {}, steps: 0 }, hasSummary: false }];
    }
    return depth > 1 ? runsIn(root, own, depth - 1) : [];
  });
}
