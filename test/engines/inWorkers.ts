/** Prints, as JSON, the hashes of the networks that the shipped workers train in this Node. Runs in the root folder. */
import { join } from 'node:path';
import { guestWorkers, ownWorkers, workerScripts } from '../../src/runs/worker/startWorkers';
import { hashesOfSession, nothing, planOfAll, sessionOf } from './sessions';

const [, , registers = 'narrow', where = 'own'] = process.argv;
// As the extension and the command line start them.
const [start, extension] = where === 'guest' ? ([guestWorkers, '.js'] as const) : ([ownWorkers, '.mjs'] as const);
const plan = planOfAll(nothing);
const session = sessionOf(plan, {
  jobs: 2,
  storeFrames: false,
  startWorker: start(
    workerScripts(join(process.cwd(), 'dist'), extension),
    registers === 'wide' ? 'wide' : 'narrow',
    (remark) => {
      throw new Error(remark);
    },
  ),
});
session.start();
hashesOfSession(session, plan).then(
  (hashes) => process.stdout.write(JSON.stringify(hashes)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
