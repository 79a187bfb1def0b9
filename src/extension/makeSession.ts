/** Makes sessions for the editor. Their code is loaded when the first experiment runs. */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DataFile } from '../protocol';
import { systemClock } from '../runs/session/clock';
import type { ExperimentSession } from '../runs/session/session';
import type { StartWorker } from '../runs/worker/worker';
import { fileName } from './findExperiment';
import { loadRunsInWorker, loadSourcesInWorker } from './loadInWorker';
import type { SavedRun } from './savedRun';
import type { ResumedSession, Start } from './sessions';

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
export async function makeSession(
  { uri, plan, baseFolder, save, jobs, saving }: Start,
  startWorker: StartWorker,
): Promise<ExperimentSession> {
  const { ExperimentSession, FolderRecord, newRunFolder, identified } = await loadSession();
  const files = await loadRunsInWorker(plan.samples, baseFolder);
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

function commonOptions(jobs: number, startWorker: StartWorker) {
  return {
    id: randomUUID(),
    clock: systemClock,
    jobs: jobs > 0 ? jobs : availableParallelism(),
    storeFrames: true,
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
