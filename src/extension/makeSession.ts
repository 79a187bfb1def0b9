/** Makes sessions for the editor. Their code is loaded when the first experiment runs. */

import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { DataFile } from '../protocol';
import type { LoadedExperiment } from '../runs/folder/readRunFolder';
import { systemClock } from '../runs/session/clock';
import type { ExperimentSession } from '../runs/session/session';
import type { StartWorker } from '../runs/worker/worker';
import { fileName } from './findExperiment';
import { loadRunsInWorker, loadSourcesInWorker } from './loadInWorker';
import type { SavedRun } from './savedRun';
import type { ResumedSession, Start } from './sessions';
import { frameMemory } from './settings';

declare const BNLAB_VERSION: string;

/** Loads the code that a session needs, which `makeSession` otherwise does. */
export async function loadSession() {
  const [{ ExperimentSession }, { FolderRecord }, { newRunFolder }, { identified }] = await Promise.all([
    import('../runs/session/session'),
    import('../runs/folder/folderRecord'),
    import('../runs/folder/layout'),
    import('../runs/session/planFiles'),
  ]);
  return { ExperimentSession, FolderRecord, newRunFolder, identified };
}

/**
 * @throws Error when the data cannot be read or the run folder cannot be made.
 */
export async function makeSession(start: Start, startWorker: StartWorker): Promise<ExperimentSession> {
  const { uri, plan, baseFolder, save, jobs, saving, resume } = start;
  const { ExperimentSession, FolderRecord, newRunFolder, identified } = await loadSession();
  const files = await loadRunsInWorker(plan.samples, baseFolder);
  if (resume) return sessionOfRest(start, resume, files, startWorker);
  return new ExperimentSession({
    plan: identified(plan, files),
    file: uri.toString(),
    record:
      save && baseFolder !== null
        ? new FolderRecord(newRunFolder(join(baseFolder, fileName(uri))), true, undefined, undefined, saving)
        : null,
    files,
    pace: plan.pace ?? null,
    ...commonOptions(jobs, startWorker),
  });
}

/** Makes the session that trains the unfinished runs of a folder. @throws Error if its complete runs were trained on different data. */
async function sessionOfRest(
  { uri, plan: asked, baseFolder, jobs, saving = {} }: Start,
  loaded: LoadedExperiment,
  files: Map<string, DataFile>,
  startWorker: StartWorker,
): Promise<ExperimentSession> {
  const [{ ExperimentSession, FolderRecord, identified }, { readingResumed }, { forksIn }, { bitByBit }] =
    await Promise.all([
      loadSession(),
      import('../runs/folder/resume'),
      import('../runs/reopen'),
      import('../runs/pieces'),
    ]);
  const { folder } = loaded;
  const plan = identified(asked, files);
  const resumed = await bitByBit(readingResumed(folder, plan, BNLAB_VERSION, { files, baseFolder, retryFailed: true }));
  if (!resumed) throw new Error(l10n.t('Reading the run folder was cancelled.'));
  const [path] = resumed.outdated;
  if (path !== undefined) {
    throw new Error(
      l10n.t`${path} may have changed since runs of ${folder} were trained, and runs on different data cannot be compared: restore it, or run the experiment again.`,
    );
  }
  return new ExperimentSession({
    plan,
    file: uri.toString(),
    record: new FolderRecord(folder, true, undefined, resumed, saving),
    complete: resumed.complete,
    forks: forksIn(loaded),
    files,
    ...commonOptions(jobs, startWorker),
  });
}

function commonOptions(jobs: number, startWorker: StartWorker) {
  return {
    id: randomUUID(),
    clock: systemClock,
    jobs: jobs > 0 ? jobs : availableParallelism(),
    storeFrames: true,
    memory: frameMemory(),
    startWorker,
  };
}

/**
 * Makes a session for a past experiment, whose runs can be forked.
 * @param save Whether forks are saved in its run folder.
 * @param jobs Runs at the same time; 0 for one on each core.
 */
export async function resumeSaved(
  saved: SavedRun,
  { save, jobs, saving }: Pick<Start, 'save' | 'jobs' | 'saving'>,
  startWorker: StartWorker,
): Promise<ResumedSession> {
  const [{ ExperimentSession }, { FolderRecord }, { loadDataFor, resumedFrom }] = await Promise.all([
    import('../runs/session/session'),
    import('../runs/folder/folderRecord'),
    import('../runs/reopen'),
  ]);
  const { loaded, uri, baseFolder, folder } = saved;
  const shown = saved.hydration();
  const { plan, before } = resumedFrom(loaded, shown, save);
  const files = new Map<string, DataFile>();
  const session = new ExperimentSession({
    plan,
    file: shown.file,
    record: new FolderRecord(folder, true, undefined, undefined, saving),
    files,
    ...commonOptions(jobs, startWorker),
    before,
  });
  const start: Start = { uri, plan, baseFolder, save, jobs, from: saved };
  return { session, start, provide: (runs) => loadDataFor(loaded, runs, baseFolder, files, loadSourcesInWorker) };
}

/** Estimates how long an experiment takes by a short trial of one run of each arm. */
export async function estimateStart(
  { uri, plan, baseFolder, jobs: wanted }: Start,
  startWorker: StartWorker,
): Promise<{ jobs: number; seconds: number | null }> {
  const [{ ExperimentSession }, { estimateSeconds }] = await Promise.all([
    import('../runs/session/session'),
    import('../runs/session/estimate'),
  ]);
  const files = await loadRunsInWorker(plan.samples, baseFolder);
  const jobs = wanted > 0 ? wanted : availableParallelism();
  const seconds = await estimateSeconds(
    plan,
    jobs,
    systemClock,
    (trial) =>
      new ExperimentSession({
        ...trial,
        file: uri.toString(),
        id: randomUUID(),
        clock: systemClock,
        files,
        startWorker,
      }),
  );
  return { jobs, seconds };
}
