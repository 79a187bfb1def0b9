/** The same bits however an experiment is carried out: by one worker or many, watched or not, paused or not. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeDataset } from '../../src/engine/data/make';
import { SimdKernels } from '../../src/engine/kernels/simd/simdKernels';
import { nodeWorkerStarter } from '../../src/runs/worker/startNodeWorker';
import { inProcess } from '../unit/runs/support/inProcess';
import { assertKept, sessionNames } from './kept';
import { everything, hashesOfSession, nothing, planOfAll, sessionOf } from './sessions';

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
      assertKept(await hashesOfSession(session, plan), said, sessionNames);
    });
  }

  it('paused and resumed in the middle of every run', async () => {
    const plan = planOfAll(everything);
    const kernels = new SimdKernels();
    const session = sessionOf(plan, {
      jobs: 1,
      storeFrames: true,
      // Its clock runs by its looks at it, so that a slice is a part of a run on any machine.
      startWorker: inProcess(({ run, files }) => ({ kernels, dataset: () => makeDataset(run.data, run.seed, files) })),
    });
    const pausedIn = new Set<string>();
    session.onMessage((message) => {
      if (message.type !== 'frames') return;
      assert.equal(session.state, 'running', 'frames have come from a session that is paused');
      const state = session.status().runs.find(({ id }) => id === message.run);
      if (!state || state.step === 0 || state.step === state.steps || state.status !== 'running') return;
      pausedIn.add(message.run);
      session.pause();
      setTimeout(() => session.resume(), 2);
    });
    session.start();
    assertKept(await hashesOfSession(session, plan), 'paused and resumed', sessionNames);
    const longer = plan.runs.filter(({ specification }) => specification.training.steps >= 30);
    const undisturbed = longer.filter(({ id }) => !pausedIn.has(id) && !id.startsWith('divergence/'));
    assert.ok(longer.length > 50);
    assert.deepEqual(undisturbed, []);
  });
});
