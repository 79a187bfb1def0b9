/** The sessions of tries: real ones, with the workers that ship. */
import { join } from 'node:path';
import type { Context } from '../../src/cli/context';
import { ExperimentSession } from '../../src/runs/session';
import { nodeWorkerStarter } from '../../src/runs/worker/startNodeWorker';

export function realSessions(dist: string): Context['makeSession'] {
  return (options) => new ExperimentSession({ ...options, startWorker: nodeWorkerStarter(join(dist, 'worker.js')) });
}
