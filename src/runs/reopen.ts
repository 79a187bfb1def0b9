/** Resumes an experiment from its folder: makes the plan and the options of a session in which its runs can be forked. */

import { dataFiles, fileSources } from '../experiment/dataFiles';
import type { Plan } from '../experiment/plan';
import type { DataFile, Hydrate } from '../protocol';
import { LoadedRunError, runOf } from './folder/loadedRuns';
import type { LoadedExperiment } from './folder/readRunFolder';
import type { LoadSources } from './loadData';
import { fileKey } from './session/planFiles';
import type { Before } from './session/session';
import { loadedSessionRun, type SessionRun } from './session/sessionRun';

/** @param save Whether forks are saved in its folder. */
export function resumedFrom(loaded: LoadedExperiment, shown: Hydrate, save: boolean): { plan: Plan; before: Before } {
  const { index } = loaded;
  const { name, notes, seeds, axes, claims } = index;
  const forks = new Set(loaded.runs.flatMap(({ indexed: { arm, fork } }) => (fork ? [arm] : [])));
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
  const { conditions, remarks, verdicts, again, resume, state } = shown;
  const runs = loaded.runs.map((run) => loadedSessionRun(runOf(loaded, run), run));
  const known = { conditions, remarks, verdicts, again, ...(resume !== undefined && { resume }) };
  const before = { ...known, engine: index.engine, save, runs };
  return { plan, before: { ...before, state: state === 'stopped' ? state : 'finished' } };
}

/**
 * Adds the data files of runs to `files`.
 * @param baseFolder Folder that their paths start from; null if unknown.
 * @param load Reads the missing files.
 * @throws DataError; LoadedRunError, also if a run is known not to be forkable.
 */
export async function loadDataFor(
  loaded: LoadedExperiment,
  ids: readonly string[],
  baseFolder: string | null,
  files: Map<string, DataFile>,
  load: LoadSources,
): Promise<void> {
  const requested = loaded.runs.filter(({ indexed }) => ids.includes(indexed.id));
  const obstacle = requested.find(({ state }) => state.unforkable)?.state.unforkable;
  if (obstacle) throw new LoadedRunError(obstacle);
  const missing = requested
    .flatMap((run) => fileSources(runOf(loaded, run).experiment))
    .filter((data) => dataFiles(data).some((named) => !files.has(fileKey(named, data))));
  if (missing.length === 0) return;
  for (const [key, file] of await load(missing, baseFolder)) files.set(key, file);
}

/** Forks of a folder, for a session that trains the rest of its plan. */
export function forksIn(loaded: LoadedExperiment): SessionRun[] {
  return loaded.runs.filter(({ indexed }) => indexed.fork).map((run) => loadedSessionRun(runOf(loaded, run), run));
}
