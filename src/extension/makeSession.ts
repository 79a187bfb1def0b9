/** Makes a session, which is loaded when the first experiment runs, of what the editor knows. */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DataFile } from '../protocol';
import { systemClock } from '../runs/session/clock';
import type { ExperimentSession } from '../runs/session/session';
import type { StartWorker } from '../runs/worker/worker';
import { loadRunsInWorker, loadSourcesInWorker } from './dataWorker';
import { fileName } from './experimentFile';
import type { SavedRun } from './savedRun';
import type { Start, TakenUp } from './sessions';

/**
 * @throws Error when the data cannot be read or the run folder cannot be made.
 */
export async function makeSession(
  { uri, plan, baseFolder, keep, jobs }: Start,
  startWorker: StartWorker,
): Promise<ExperimentSession> {
  const [{ ExperimentSession }, { FolderRecord }, { newRunFolder }] = await Promise.all([
    import('../runs/session/session'),
    import('../runs/folder/folderRecord'),
    import('../runs/folder/layout'),
  ]);
  const files = await loadRunsInWorker(plan.samples, baseFolder);
  return new ExperimentSession({
    plan,
    file: uri.toString(),
    record: keep && baseFolder !== null ? new FolderRecord(newRunFolder(join(baseFolder, fileName(uri)))) : null,
    id: randomUUID(),
    clock: systemClock,
    files,
    jobs: jobs > 0 ? jobs : availableParallelism(),
    keepFrames: true,
    startWorker,
  });
}

/**
 * A session of a past run, whose runs can be forked.
 * @param keep Whether what is new goes into its run folder.
 * @param jobs Runs at the same time; 0 for one on each core.
 */
export async function takeUp(
  saved: SavedRun,
  { keep, jobs }: Pick<Start, 'keep' | 'jobs'>,
  startWorker: StartWorker,
): Promise<TakenUp> {
  const [{ ExperimentSession }, { FolderRecord }, { loadPastData, takenUp }] = await Promise.all([
    import('../runs/session/session'),
    import('../runs/folder/folderRecord'),
    import('../runs/reopen'),
  ]);
  const { past, uri, baseFolder, folder } = saved;
  const shown = saved.hydration();
  const { plan, before } = takenUp(past, shown, keep);
  const files = new Map<string, DataFile>();
  const session = new ExperimentSession({
    plan,
    file: shown.file,
    record: new FolderRecord(folder),
    id: randomUUID(),
    clock: systemClock,
    files,
    jobs: jobs > 0 ? jobs : availableParallelism(),
    keepFrames: true,
    startWorker,
    before,
  });
  const start: Start = { uri, plan, baseFolder, keep, jobs, from: saved };
  return { session, start, provide: (runs) => loadPastData(past, runs, baseFolder, files, loadSourcesInWorker) };
}

/** About how long an experiment takes, found by a short trial of a run of each arm. */
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
