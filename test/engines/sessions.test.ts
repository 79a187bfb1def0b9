/** The same bits however an experiment is carried out: by one worker or many, watched or not, paused or not. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeDataset } from '../../src/engine/data/make';
import { SimdKernels } from '../../src/engine/kernels/simd/simdKernels';
import type { Plan } from '../../src/experiment/plan';
import type { PlanFiles } from '../../src/runs/data';
import { ExperimentSession, type SessionOptions } from '../../src/runs/session';
import { nodeWorkerStarter } from '../../src/runs/worker/startNodeWorker';
import { inProcess } from '../unit/runs/support/inProcess';
import { experiments } from './experiments';
import type { Hashes } from './hashes';
import { assertKept } from './kept';
import { planOf, runName } from './trained';

/** The runs of all experiments as one plan. */
function planOfAll(watch: object): Plan {
  const plans = [...experiments].map(([name, { text, files }]) => {
    const plan = planOf(name, { text: JSON.stringify({ ...JSON.parse(text), watch }), files });
    return { ...plan, runs: plan.runs.map((run) => ({ ...run, id: `${name}/${run.id}` })) };
  });
  return { ...plans[0], runs: plans.flatMap(({ runs }) => runs) };
}

const everything = { every: 1, evaluateEvery: 1 };
const nothing = { every: 1e9, evaluateEvery: 1e9, layers: [], taps: [], gradients: false };

const files: PlanFiles = new Map(
  [...experiments.values()].flatMap(({ files }) => [...files].map(([path, bytes]) => [path, { path, bytes }] as const)),
);

function sessionOf(plan: Plan, options: Pick<SessionOptions, 'jobs' | 'keepFrames' | 'startWorker'>) {
  return new ExperimentSession({ plan, file: 'all.bnexp.json', folder: null, files, ...options });
}

/** What the runs of a plan are left with; workers train with SIMD. */
async function hashesOf(session: ExperimentSession, plan: Plan): Promise<Hashes> {
  const summaries = await session.ended;
  return Object.fromEntries(
    summaries.map(({ parametersHash, error }, k) => {
      assert.ok(parametersHash, `${plan.runs[k].id}: ${error}`);
      const [name, ...id] = plan.runs[k].id.split('/');
      return [`${runName(name, { id: id.join('/') }, 'simd')} parameters`, parametersHash];
    }),
  );
}

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
      const session = sessionOf(plan, { jobs, keepFrames: watch === everything, startWorker: worker });
      session.start();
      const hashes = await hashesOf(session, plan);
      assertKept(hashes, said, Object.keys(hashes));
    });
  }

  it('paused and resumed in the middle of every run', async () => {
    const plan = planOfAll(everything);
    const kernels = new SimdKernels();
    const session = sessionOf(plan, {
      jobs: 1,
      keepFrames: true,
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
    const hashes = await hashesOf(session, plan);
    assertKept(hashes, 'paused and resumed', Object.keys(hashes));
    const longer = plan.runs.filter(({ specification }) => specification.training.steps >= 30);
    const undisturbed = longer.filter(({ id }) => !pausedIn.has(id) && !id.startsWith('divergence/'));
    assert.ok(longer.length > 50);
    assert.deepEqual(undisturbed, []);
  });
});
