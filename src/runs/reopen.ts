/** Resumes an experiment from its folder: makes the plan and the options of a session in which its runs can be forked. */

import { dataFiles } from '../experiment/dataFiles';
import type { Plan } from '../experiment/plan';
import type { DataFile, Hydrate } from '../protocol';
import type { LoadSources } from './data';
import { PastRunError, pastRun } from './folder/pastRuns';
import type { PastExperiment } from './folder/readRunFolder';
import { fileKey } from './session/planFiles';
import type { Before } from './session/session';
import { pastSessionRun } from './session/sessionRun';

/** @param save Whether forks are saved in its folder. */
export function resumedFrom(past: PastExperiment, shown: Hydrate, save: boolean): { plan: Plan; before: Before } {
  const { index } = past;
  const { name, notes, seeds, axes, claims } = index;
  const forks = new Set(past.runs.flatMap(({ indexed: { arm, fork } }) => (fork ? [arm] : [])));
  const plan: Plan = {
    name,
    notes,
    arms: index.arms.filter((arm) => !forks.has(arm)),
    seeds,
    axes,
    pointCount: axes.reduce((product, { values }) => product * values.length, 1),
    claims,
    runs: [],
    samples: [],
  };
  const { conditions, remarks, verdicts, again, state } = shown;
  const runs = past.runs.map((run) => pastSessionRun(pastRun(past, run), run));
  const before = { conditions, remarks, verdicts, again, engine: index.engine, save, runs };
  return { plan, before: { ...before, state: state === 'stopped' ? state : 'finished' } };
}

/**
 * Adds the data files of runs to `files`.
 * @param baseFolder Folder that their paths start from; null if unknown.
 * @param load Reads the missing files.
 * @throws DataError; PastRunError, also if a run is known not to be forkable.
 */
export async function loadPastData(
  past: PastExperiment,
  ids: readonly string[],
  baseFolder: string | null,
  files: Map<string, DataFile>,
  load: LoadSources,
): Promise<void> {
  const requested = past.runs.filter(({ indexed }) => ids.includes(indexed.id));
  const obstacle = requested.find(({ state }) => state.unforkable)?.state.unforkable;
  if (obstacle) throw new PastRunError(obstacle);
  const missing = requested
    .map((run) => pastRun(past, run).data)
    .filter((data) => dataFiles(data).some((named) => !files.has(fileKey(named, data))));
  if (missing.length === 0) return;
  for (const [key, file] of await load(missing, baseFolder)) files.set(key, file);
}
