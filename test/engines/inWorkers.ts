/** Prints, as JSON, the hashes of what the workers that ship train in the Node that runs it. Starts at the root. */
import { join } from 'node:path';
import { nodeWorkerStarter } from '../../src/runs/worker/startNodeWorker';
import { hashesOfSession, nothing, planOfAll, sessionOf } from './sessions';

const plan = planOfAll(nothing);
const session = sessionOf(plan, {
  jobs: 2,
  keepFrames: false,
  startWorker: nodeWorkerStarter(join(process.cwd(), 'dist/worker.js'), { wide: process.argv[2] === 'wide' }),
});
session.start();
hashesOfSession(session, plan).then(
  (hashes) => process.stdout.write(JSON.stringify(hashes)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
