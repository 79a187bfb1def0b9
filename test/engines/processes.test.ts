/** Workers in a separate process: results from shared data, and state after the process is killed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { uncheckedWorkers } from '../../src/runs/worker/checkedWorkers';
import { processThreads } from '../../src/runs/worker/startProcessWorker';
import { skip } from '../support/skip';
import { everything, hashesOfSession, planOfAll, sessionOf } from './sessions';
import { assertStored, sessionNames } from './storedHashes';

describe('workers in a separate process', function () {
  this.timeout(300_000);
  const script = join(process.cwd(), 'dist/trainingProcess.js');
  const workers = () => uncheckedWorkers(processThreads(script, 'narrow'));

  it('train the same bits, also from data files', async () => {
    const plan = planOfAll(everything);
    const session = sessionOf(plan, { jobs: 2, storeFrames: true, startWorker: workers() });
    session.start();
    assertStored(await hashesOfSession(session, plan), 'a separate process', sessionNames);
  });

  it('fail their runs when the process is killed, keep the frames sent so far, and start again in a new process', async function () {
    if (process.platform !== 'linux') skip(this, 'finds the process with pgrep of Linux');
    const plan = planOfAll(everything);
    const long = plan.runs.filter(({ specification }) => specification.training.steps >= 30).slice(0, 4);
    const session = sessionOf({ ...plan, runs: long }, { jobs: 2, storeFrames: true, startWorker: workers() });
    let killed = false;
    session.onMessage((message) => {
      if (killed || message.type !== 'frames') return;
      killed = true;
      const children = execFileSync('pgrep', ['-P', String(process.pid), '-f', script])
        .toString()
        .trim()
        .split('\n');
      for (const child of children) process.kill(Number(child), 'SIGKILL');
    });
    session.start();
    const summaries = await session.ended;
    const failed = summaries.filter(({ status }) => status === 'failed');
    assert.ok(failed.length > 0 && failed.length <= 2, `${failed.length} runs failed`);
    for (const { error } of failed)
      assert.match(error ?? '', /its process was killed, most likely because memory ran out/);
    assert.ok(failed.some(({ steps }) => steps > 0));
    assert.ok(summaries.slice(2).every(({ status }) => status === 'completed'));
  });
});
