/** Sessions of the fuzz cases: real ones, with the shipped workers. */
import { join } from 'node:path';
import type { Context } from '../../src/cli/context';
import { FolderRecord } from '../../src/runs/folder/folderRecord';
import { systemClock } from '../../src/runs/session/clock';
import { ExperimentSession } from '../../src/runs/session/session';
import { nodeWorkerStarter } from '../../src/runs/worker/startNodeWorker';

export function realSessions(dist: string): Context['makeSession'] {
  return async ({ folder, registers: _, ...options }) =>
    new ExperimentSession({
      ...options,
      record: folder === null ? null : new FolderRecord(folder),
      id: 'try',
      clock: systemClock,
      startWorker: nodeWorkerStarter(join(dist, 'worker.js')),
    });
}
