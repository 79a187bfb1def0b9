/** A started experiment: its messages, its saved results, and its end. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { ReferenceKernels } from '../../../src/engine/kernels/reference';
import { SimdKernels } from '../../../src/engine/kernels/simd/simdKernels';
import { readExperiment } from '../../../src/experiment/read';
import type { FrameBlock, Hydrate } from '../../../src/protocol';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import type { StartWorker } from '../../../src/runs/worker/worker';
import { turnsUntil } from '../../support/until';
import { planOf, small, temporaryFolder } from './support/experiments';
import { inProcess, outcome, sessionOf, settled } from './support/inProcess';

const plan = planOf(small);
const numbers = ({ steps, values }: FrameBlock) => ({ steps: [...steps], values: [...values] });
const framesOf = (hydration: Hydrate) => hydration.runs.map(({ id, frames }) => ({ id, ...numbers(frames) }));

describe('a session', () => {
  const folder = temporaryFolder();

  it('sends as messages exactly what its hydration contains', async () => {
    const { session, messages } = sessionOf(plan);
    assert.equal(session.hydration().state, 'idle');
    session.start();
    await session.ended;
    const hydration = session.hydration();
    assert.equal(hydration.state, 'finished');
    for (const run of hydration.runs) {
      assert.equal(run.status, 'completed');
      const sent = messages.flatMap((message) =>
        message.type === 'frames' && message.run === run.id ? [numbers(message.frames)] : [],
      );
      assert.deepEqual(
        { steps: sent.flatMap(({ steps }) => steps), values: sent.flatMap(({ values }) => values) },
        numbers(run.frames),
      );
      const channels = messages.findIndex((message) => message.type === 'channels' && message.run === run.id);
      const first = messages.findIndex((message) => message.type === 'frames' && message.run === run.id);
      assert.ok(channels >= 0 && channels < first);
    }
    const last = messages.at(-1);
    assert.ok(last?.type === 'status' && last.state === 'finished');
    assert.ok(messages.every(({ session: id }) => id === hydration.session));
  });

  it('names what it records because of a setting', () => {
    assert.deepEqual(sessionOf(plan).session.hydration().remarks, []);
    const { plan: set } = readExperiment(JSON.stringify(small), { watch: { probes: ['drift'] } });
    const [remark] = sessionOf(set ?? plan).session.hydration().remarks;
    assert.match(remark, /^From the setting batchnormLab\.watch, .*: watch\.probes\. The training .* the same/);
  });

  it('trains the same parameters whatever a setting records', async () => {
    const hashes: (string | null)[][] = [];
    for (const watch of [
      undefined,
      { probes: ['drift', 'takenBack'], gradients: false, units: 1, histograms: false },
    ]) {
      const { plan: read } = readExperiment(JSON.stringify(small), { watch });
      const { session } = sessionOf(read ?? assert.fail('the experiment has an error'));
      session.start();
      hashes.push((await session.ended).map(({ parametersHash }) => parametersHash));
    }
    assert.deepEqual(hashes[1], hashes[0]);
  });

  it('warns that WebAssembly has no SIMD if the reference kernels train, and only then', async () => {
    for (const [kernels, expected] of [
      [new ReferenceKernels(), /^WebAssembly has no SIMD on this machine/],
      [new SimdKernels(), /^null$/],
    ] as const) {
      const { session } = sessionOf(plan, { startWorker: inProcess(() => ({ kernels })), jobs: 1 });
      session.start();
      await session.ended;
      assert.match(String(session.status().remark), expected);
    }
  });

  it('has the same results with one job or many, paused or not', async () => {
    const outcomes = [];
    for (const [jobs, pausing] of [
      [1, false],
      [6, false],
      [2, true],
    ] as const) {
      const { session } = sessionOf(plan, { jobs });
      session.start();
      if (pausing) {
        session.pause();
        assert.equal(session.state, 'paused');
        const before = session.status().runs.map(({ step }) => step);
        await settled();
        const after = session.status().runs.map(({ step }) => step);
        // Messages already sent may still arrive; nothing is trained.
        assert.ok(
          after.every((step) => step < 60),
          `${before} ${after}`,
        );
        session.resume();
      }
      outcomes.push((await session.ended).map(outcome));
    }
    assert.deepEqual(outcomes[1], outcomes[0]);
    assert.deepEqual(outcomes[2], outcomes[0]);
  });

  it('starts arms of one seed with the same weights', async () => {
    const { session } = sessionOf(plan);
    session.start();
    await session.ended;
    const { runs } = session.hydration();
    const first = (arm: string) => {
      const run = runs.find((other) => other.arm === arm && other.seed === 2);
      const index = run?.channels.findIndex(({ name }) => name === 'hidden2/weights/norm') ?? -1;
      return run?.frames.values[index];
    };
    assert.ok(Number.isFinite(first('without')));
    assert.equal(first('without'), first('BatchNorm'));
  });

  it('is unchanged when read back from its folder alone', async () => {
    const own = newRunFolder(folder.path('small.bnexp.json'));
    const { session } = sessionOf(plan, { folder: own });
    session.start();
    const summaries = await session.ended;
    const kept = readRunFolder(own);
    const live = session.hydration();
    assert.deepEqual(framesOf(kept), framesOf(live));
    const { session: _, runs: __, ...heading } = live;
    const { session: ___, runs: ____, ...keptHeading } = kept;
    assert.deepEqual(keptHeading, { ...heading, again: null });
    assert.deepEqual(
      kept.runs.map(({ frames: _, ...state }) => state),
      live.runs.map(({ frames: _, ...state }) => state),
    );
    const file = folder.path(own.slice(folder.path().length), plan.runs[0].id, 'summary.json');
    const { integrity, ...summary } = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual(summary, JSON.parse(JSON.stringify(summaries[0])));
    assert.deepEqual(Object.keys(integrity), ['log', 'logBytes', 'experiment', 'sha256']);
  });

  it('saves the trained part when stopped, and lists the rest', async () => {
    const own = newRunFolder(folder.path('stopped.bnexp.json'));
    const long = planOf({ ...small, training: { ...small.training, steps: 1e6 }, watch: { every: 1000 } });
    const { session } = sessionOf(long, { folder: own, jobs: 2 });
    session.start();
    await turnsUntil(() => session.status().runs.filter(({ step }) => step > 0).length >= 2);
    await session.stop();
    assert.equal(session.state, 'stopped');
    const summaries = await session.ended;
    assert.ok(summaries.every(({ status }) => status === 'cancelled'));
    assert.deepEqual(
      summaries.map(({ steps }) => steps > 0),
      [true, true, false, false, false, false],
    );
    const kept = readRunFolder(own);
    assert.equal(kept.state, 'stopped');
    assert.deepEqual(framesOf(kept), framesOf(session.hydration()));
    assert.ok(!existsSync(folder.path(own.slice(folder.path().length), plan.runs[5].id)));
  });

  it('fails only the run whose worker dies, and keeps its frames', async () => {
    const own = newRunFolder(folder.path('dying.bnexp.json'));
    const victim = plan.runs[1].id;
    const dying: StartWorker = (listener) => {
      const worker = inProcess()({
        onMessage: (message) => {
          listener.onMessage(message);
          if (message.type === 'frames' && message.id === victim) listener.onDeath('its worker died (of this test)');
        },
        onDeath: (cause) => listener.onDeath(cause),
      });
      return worker;
    };
    const { session } = sessionOf(plan, { folder: own, startWorker: dying });
    session.start();
    const summaries = await session.ended;
    assert.deepEqual(
      summaries.map(({ status }) => status),
      plan.runs.map(({ id }) => (id === victim ? 'failed' : 'completed')),
    );
    const failed = readRunFolder(own).runs[1];
    assert.equal(failed.status, 'failed');
    assert.match(failed.error ?? '', /^its worker died \(of this test\)\. What it had recorded is saved in /);
    assert.ok(failed.frames.steps.length > 0);
  });

  it('does not start if its folder contains these runs already', async () => {
    const own = newRunFolder(folder.path('twice.bnexp.json'));
    const first = sessionOf(plan, { folder: own }).session;
    first.start();
    await first.ended;
    const second = sessionOf(plan, { folder: own });
    assert.throws(() => second.session.start(), /already contains/);
    assert.equal(second.session.state, 'idle');
    assert.deepEqual(second.messages, []);
  });

  it('keeps no frames if they will not be shown', async () => {
    const { session, messages } = sessionOf(plan, { storeFrames: false });
    session.start();
    await session.ended;
    assert.ok(!messages.some(({ type }) => type === 'frames'));
    assert.ok(session.hydration().runs.every(({ frames }) => frames.steps.length === 0));
  });
});
