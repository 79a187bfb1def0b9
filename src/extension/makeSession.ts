/** Makes a session, which is loaded when the first experiment runs, of what the editor knows. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DataFile } from '../protocol';
import type { ExperimentSession } from '../runs/session';
import { loadRunsInWorker, loadSourcesInWorker } from './dataWorker';
import { fileName } from './experimentFile';
import type { KeptRun } from './keptRun';
import type { Start, TakenUp } from './sessions';

/**
 * @param worker File of the built worker.
 * @throws Error when the data cannot be read or the run folder cannot be made.
 */
export async function makeSession(
  { uri, plan, baseFolder, keep, jobs }: Start,
  worker: string,
): Promise<ExperimentSession> {
  const [{ ExperimentSession }, { newRunFolder }, { nodeWorkerStarter }] = await Promise.all([
    import('../runs/session'),
    import('../runs/runFolder'),
    import('../runs/worker/startNodeWorker'),
  ]);
  const files = await loadRunsInWorker(plan.samples, baseFolder);
  return new ExperimentSession({
    plan,
    file: uri.toString(),
    folder: keep && baseFolder !== null ? newRunFolder(join(baseFolder, fileName(uri))) : null,
    files,
    jobs: jobs > 0 ? jobs : availableParallelism(),
    keepFrames: true,
    startWorker: nodeWorkerStarter(worker),
  });
}

/**
 * A session of a past run, whose runs can be forked.
 * @param keep Whether what is new goes into its run folder.
 * @param jobs Runs at the same time; 0 for one on each core.
 */
export async function takeUp(
  kept: KeptRun,
  { keep, jobs }: Pick<Start, 'keep' | 'jobs'>,
  worker: string,
): Promise<TakenUp> {
  const [{ ExperimentSession }, { loadPastData, takenUp }, { nodeWorkerStarter }] = await Promise.all([
    import('../runs/session'),
    import('../runs/reopen'),
    import('../runs/worker/startNodeWorker'),
  ]);
  const { past, uri, baseFolder, folder } = kept;
  const shown = kept.hydration();
  const { plan, before } = takenUp(past, shown, keep);
  const files = new Map<string, DataFile>();
  const session = new ExperimentSession({
    plan,
    file: shown.file,
    folder,
    files,
    jobs: jobs > 0 ? jobs : availableParallelism(),
    keepFrames: true,
    startWorker: nodeWorkerStarter(worker),
    before,
  });
  const start: Start = { uri, plan, baseFolder, keep, jobs, kept };
  return { session, start, provide: (runs) => loadPastData(past, runs, baseFolder, files, loadSourcesInWorker) };
}

/** About how long an experiment takes, found by a short trial of a run of each arm. */
export async function estimateStart(
  { uri, plan, baseFolder, jobs: wanted }: Start,
  worker: string,
): Promise<{ jobs: number; seconds: number | null }> {
  const [{ ExperimentSession }, { estimateSeconds }, { nodeWorkerStarter }] = await Promise.all([
    import('../runs/session'),
    import('../runs/pace'),
    import('../runs/worker/startNodeWorker'),
  ]);
  const files = await loadRunsInWorker(plan.samples, baseFolder);
  const jobs = wanted > 0 ? wanted : availableParallelism();
  const startWorker = nodeWorkerStarter(worker);
  const seconds = await estimateSeconds(
    plan,
    jobs,
    (trial) => new ExperimentSession({ ...trial, file: uri.toString(), files, startWorker }),
  );
  return { jobs, seconds };
}
