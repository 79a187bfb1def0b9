/** Makes a session, which is loaded when the first experiment runs, of what the editor knows. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ExperimentSession } from '../runs/session';
import { fileName } from './experimentFile';
import type { Start } from './sessions';

/**
 * @param worker File of the built worker.
 * @throws Error when the data cannot be read or the run folder cannot be made.
 */
export async function makeSession(
  { uri, plan, baseFolder, keep, jobs }: Start,
  worker: string,
): Promise<ExperimentSession> {
  const [{ ExperimentSession }, { loadPlanData }, { newRunFolder }, { nodeWorkerStarter }] = await Promise.all([
    import('../runs/session'),
    import('../runs/data'),
    import('../runs/runFolder'),
    import('../runs/worker/startNodeWorker'),
  ]);
  const files = await loadPlanData(plan, baseFolder);
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
