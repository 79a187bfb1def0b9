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
    const runs = plan.runs.filter(({ specification }) => specification.training.steps >= 30).slice(0, 4);
    // The first two would train for hours, so that they cannot end before the process is killed.
    for (const { specification } of runs.slice(0, 2)) specification.training.steps = 1e9;
    const session = sessionOf({ ...plan, runs }, { jobs: 2, storeFrames: true, startWorker: workers() });
    let sent: { run: string; step: number } | undefined;
    session.onMessage((message) => {
      // The first frames may only contain the state before training.
      if (sent || message.type !== 'frames' || !message.frames.steps.some((step) => step > 0)) return;
      sent = { run: message.run, step: Math.max(...message.frames.steps) };
      const children = execFileSync('pgrep', ['-P', String(process.pid), '-f', script])
        .toString()
        .trim()
        .split('\n');
      for (const child of children) process.kill(Number(child), 'SIGKILL');
    });
    session.start();
    const summaries = await session.ended;
    const failed = summaries.filter(({ status }) => status === 'failed');
    assert.deepEqual(
      summaries.map(({ status }) => status),
      ['failed', 'failed', 'completed', 'completed'],
    );
    for (const { error } of failed)
      assert.match(error ?? '', /its process was killed, most likely because memory ran out/);
    const kept = summaries[runs.findIndex(({ id }) => id === sent?.run)];
    assert.ok(
      sent && kept?.status === 'failed' && kept.steps >= sent.step,
      `${kept?.steps} of ${sent?.step} steps kept`,
    );
  });
});
