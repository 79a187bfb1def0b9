/** Results are the same however a session runs: with one worker or many, watched or not, paused or not. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeDataset } from '../../src/engine/data/make';
import { SimdKernels } from '../../src/engine/kernels/simd/simdKernels';
import { nodeWorkerStarter } from '../../src/runs/worker/startNodeWorker';
import { inProcess } from '../unit/runs/support/inProcess';
import { everything, hashesOfSession, nothing, planOfAll, sessionOf } from './sessions';
import { assertStored, sessionNames } from './storedHashes';

describe('the same bits in sessions', function () {
  this.timeout(300_000);

  const worker = nodeWorkerStarter(join(process.cwd(), 'dist/worker.js'));
  const ways = [
    { jobs: 1, watch: everything, said: 'one job, everything watched at every step' },
    { jobs: 3, watch: everything, said: 'three jobs, everything watched at every step' },
    { jobs: 3, watch: nothing, said: 'three jobs, nothing watched' },
  ];
  for (const { jobs, watch, said } of ways) {
    it(said, async () => {
      const plan = planOfAll(watch);
      const session = sessionOf(plan, { jobs, storeFrames: watch === everything, startWorker: worker });
      session.start();
      assertStored(await hashesOfSession(session, plan), said, sessionNames);
    });
  }

  it('are trained when every run is paused and resumed half-way', async () => {
    const plan = planOfAll(everything);
    const kernels = new SimdKernels();
    const session = sessionOf(plan, {
      jobs: 1,
      storeFrames: true,
      // The clock advances each time it is read, so that a slice is part of a run on any machine.
      startWorker: inProcess(({ run, files }) => ({ kernels, dataset: () => makeDataset(run.data, run.seed, files) })),
    });
    const pausedIn = new Set<string>();
    session.onMessage((message) => {
      if (message.type !== 'frames') return;
      assert.equal(session.state, 'running', 'a paused session sent frames');
      const state = session.status().runs.find(({ id }) => id === message.run);
      if (!state || state.step === 0 || state.step === state.steps || state.status !== 'running') return;
      pausedIn.add(message.run);
      session.pause();
      setTimeout(() => session.resume(), 2);
    });
    session.start();
    assertStored(await hashesOfSession(session, plan), 'paused and resumed', sessionNames);
    const longer = plan.runs.filter(({ specification }) => specification.training.steps >= 30);
    const undisturbed = longer.filter(({ id }) => !pausedIn.has(id) && !id.startsWith('divergence/'));
    assert.ok(longer.length > 50);
    assert.deepEqual(undisturbed, []);
  });
});
