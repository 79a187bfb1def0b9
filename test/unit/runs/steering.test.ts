/** A steered session: single steps, manual changes, forks; their records, and that these train again to the same bits. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readExperiment } from '../../../src/experiment/read';
import type { RunSummary, SessionMessage, Status } from '../../../src/protocol';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { readLogFile } from '../../../src/runs/folder/runLogFiles';
import type { ExperimentSession } from '../../../src/runs/session/session';
import { turnsUntil } from '../../support/until';
import { planOf, small, temporaryFolder } from './support/experiments';
import { sessionOf, settled } from './support/inProcess';

const longer = { ...small, training: { ...small.training, steps: 2000, seeds: [1] }, watch: { every: 1000 } };
const plan = planOf(longer);
const [without, batchNorm] = plan.runs.map(({ id }) => id);

const stateOf = (session: ExperimentSession, id: string) => session.status().runs.find((run) => run.id === id)!;

async function paused(session: ExperimentSession, step = 40): Promise<void> {
  session.start();
  await turnsUntil(() => session.status().runs.every((run) => run.step >= step));
  session.pause();
  await settled();
}

/** Trains a run's saved experiment alone. */
async function trainedAgain(file: string): Promise<RunSummary> {
  const { plan: again, diagnostics } = readExperiment(readFileSync(file, 'utf8'));
  assert.ok(again, JSON.stringify(diagnostics));
  const { session } = sessionOf(again);
  session.start();
  return (await session.ended)[0];
}

describe('a session that is steered', () => {
  it('does not train a fork whose batch is larger than its table, and gives the reason', async () => {
    const ofTable = planOf({ ...small, data: { kind: 'csv', path: 'table.csv' } });
    const { session } = sessionOf({ ...ofTable, runs: ofTable.runs.slice(0, 1) });
    session.start();
    await session.ended;
    const { id } = ofTable.runs[0];
    session.fork([id], 20, { batchSize: 101 });
    await session.ended;
    const [parent, fork] = session.status().runs;
    assert.equal(parent.status, 'completed');
    assert.equal(fork.status, 'failed');
    assert.equal(fork.step, 0);
    assert.match(
      fork.error ?? '',
      /^data: a minibatch of 101 cannot be drawn from 100 training examples: give batchSize at most 100/,
    );
  });

  const folder = temporaryFolder();
  const folderOf = (name: string) => newRunFolder(folder.path(`${name}.bnexp.json`));

  describe('single steps', () => {
    it('train one step of every run, and send its frame whatever the interval', async () => {
      const { session, messages } = sessionOf(plan);
      await paused(session);
      const before = session.status().runs.map(({ step }) => step);
      messages.length = 0;
      session.step();
      await settled();
      assert.deepEqual(
        session.status().runs.map(({ step }) => step),
        before.map((step) => step + 1),
      );
      const frames = messages.flatMap((message) => (message.type === 'frames' ? [message] : []));
      assert.deepEqual(
        frames.map(({ run, frames: { steps }, histograms }) => [run, ...steps, histograms.steps.length]),
        [
          [without, before[0], 1],
          [batchNorm, before[1], 1],
        ],
      );
      assert.ok(before.every((step) => step % 1000 !== 0));
      await session.stop();
    });

    it('do nothing while it runs', async () => {
      const { session } = sessionOf(plan);
      session.start();
      session.step();
      await session.stop();
      assert.equal(session.state, 'stopped');
    });

    it('change no bit, and lead to the end of a paused experiment', async () => {
      const short = planOf({ ...small, training: { ...small.training, seeds: [1], steps: 8 } });
      const whole = sessionOf(short).session;
      whole.start();
      const hashes = (await whole.ended).map(({ parametersHash }) => parametersHash);
      const { session } = sessionOf(short);
      session.start();
      session.pause();
      for (let step = 0; step <= 8 && session.state === 'paused'; step++) {
        session.step();
        await settled();
      }
      assert.equal(session.state, 'finished');
      assert.deepEqual(
        (await session.ended).map(({ parametersHash }) => parametersHash),
        hashes,
      );
    });
  });

  describe('a manual change of the learning rate', () => {
    it('is recorded with its actual step, reads back, and trains again to the same bits', async () => {
      const own = folderOf('changed');
      const { session, messages } = sessionOf(plan, { folder: own });
      await paused(session);
      session.change([without, batchNorm], { learningRate: 0.01 });
      await settled();
      const status = messages.findLast((message): message is Status => message.type === 'status');
      for (const { id, step, changes } of status?.runs ?? []) {
        assert.deepEqual(changes, [{ at: step, learningRate: 0.01, byHand: true }], id);
      }
      session.resume();
      const summaries = await session.ended;
      const kept = readRunFolder(own);
      for (const [place, { id }] of plan.runs.entries()) {
        assert.deepEqual(kept.runs[place].changes, stateOf(session, id).changes);
        assert.deepEqual(summaries[place].changes, stateOf(session, id).changes);
        const [log] = readdirSync(`${own}/${id}`).filter((file) => file.includes('tfevents'));
        assert.deepEqual(readLogFile(`${own}/${id}/${log}`).changes, summaries[place].changes);
        const again = await trainedAgain(`${own}/${id}/experiment.json`);
        assert.equal(again.parametersHash, summaries[place].parametersHash, id);
        assert.deepEqual(
          again.changes?.map(({ at }) => at),
          summaries[place].changes?.map(({ at }) => at),
        );
      }
      const plain = sessionOf(plan).session;
      plain.start();
      assert.notEqual((await plain.ended)[0].parametersHash, summaries[0].parametersHash);
    }).timeout(60_000);

    it('is in TensorBoard’s scalars at its step, and adds no frame', async () => {
      const own = folderOf('scalars');
      const { session } = sessionOf(plan, { folder: own });
      await paused(session);
      session.change([without], { learningRate: 0.025 });
      await session.stop();
      const [log] = readdirSync(`${own}/${without}`).filter((file) => file.includes('tfevents'));
      const bytes = readFileSync(`${own}/${without}/${log}`);
      assert.ok(bytes.includes('changed by hand/learningRate'));
      const { frames, changes } = readLogFile(`${own}/${without}/${log}`);
      assert.deepEqual([...frames.steps], [...stateFrames(session, without)]);
      assert.equal(changes.length, 1);
      assert.deepEqual(readRunFolder(own).runs.find(({ id }) => id === batchNorm)?.changes, []);
    });

    it('to an invalid value is refused without effect', async () => {
      const { session } = sessionOf(plan);
      await paused(session);
      const wrong: [string[], unknown, RegExp][] = [
        [[without], { learningRate: -1 }, /learningRate must be a number above 0.*, not -1/],
        [[without], { learningRate: Number.NaN }, /learningRate must be a number/],
        [[without], { learningRate: '0.1' }, /learningRate must be a number.*, not "0.1"/],
        [[without], { rate: 1 }, /"rate" is not a property/],
        [[without], { momentum: 0.5 }, /only the learning rate can be changed in a run/],
        [[without], null, /only the learning rate/],
        [['nobody/seed-1'], { learningRate: 1 }, /none of these runs is training/],
        [[], { learningRate: 1 }, /none of these runs is training/],
      ];
      for (const [runs, settings, words] of wrong) assert.throws(() => session.change(runs, settings), words);
      await settled();
      assert.ok(session.status().runs.every(({ changes }) => changes.length === 0));
      await session.stop();
      assert.throws(() => session.change([without], { learningRate: 1 }), /none of these runs is training/);
    });

    it('excludes its run from the verdicts', async () => {
      const claimed = planOf({
        ...small,
        training: { ...small.training, steps: 2000, seeds: [1, 2] },
        watch: { every: 500 },
        claim: { says: 'x', metric: 'testLoss', better: 'BatchNorm', than: 'without', by: 0.1 },
      });
      const { session } = sessionOf(claimed, { jobs: 4 });
      await paused(session, 1);
      session.change([claimed.runs[0].id], { learningRate: 0.2 });
      session.resume();
      await session.ended;
      const [verdict] = session.hydration().verdicts;
      assert.equal(verdict.pairs, 1);
    });
  });

  describe('a fork', () => {
    it('of a finished run trains like a file with the change, from its step on', async () => {
      const own = folderOf('fork');
      const short = planOf({ ...small, training: { ...small.training, seeds: [1, 2] } });
      const { session, messages } = sessionOf(short, { folder: own });
      session.start();
      const first = await session.ended;
      const parent = short.runs[1];
      session.fork([parent.id], 20, { learningRate: 0.01, momentum: 0.9 });
      assert.equal(session.state, 'running');
      const summaries = await session.ended;
      assert.equal(session.state, 'finished');
      assert.equal(summaries.length, first.length + 1);
      const arm = 'BatchNorm, fork at 20: rate 0.01, momentum 0.9';
      const hydration = session.hydration();
      assert.deepEqual(hydration.arms, ['without', 'BatchNorm', arm]);
      const run = hydration.runs.at(-1)!;
      assert.equal(run.arm, arm);
      assert.equal(run.seed, 1);
      assert.deepEqual(run.fork, { run: parent.id, step: 20 });
      assert.deepEqual(run.changes, [{ at: 20, learningRate: 0.01, momentum: 0.9, byHand: false }]);
      assert.deepEqual([...run.frames.steps], [20, 25, 30, 35, 40, 45, 50, 55, 60]);

      // At the step itself the new settings affect only the displayed rate and the size of the update.
      const before = hydration.runs.find(({ id }) => id === parent.id)!;
      const at = (kept: typeof run, step: number) => {
        const place = kept.frames.steps.indexOf(step) * kept.channels.length;
        return kept.channels.flatMap(({ name }, k) =>
          name === 'network/training/learningRate' || name.endsWith('/updateNorm')
            ? []
            : [kept.frames.values[place + k]],
        );
      };
      assert.deepEqual(at(run, 20), at(before, 20));
      assert.notDeepEqual(at(run, 25), at(before, 25));

      const added = messages.findIndex((message: SessionMessage) => message.type === 'added');
      assert.ok(
        added >= 0 && added < messages.findIndex((message) => message.type === 'channels' && message.run === run.id),
      );
      const kept = readRunFolder(own);
      const { session: _, ...whole } = hydration;
      const { session: __, ...read } = kept;
      assert.deepEqual(read, { ...whole, again: null });
      const again = await trainedAgain(`${own}/${run.id}/experiment.json`);
      assert.equal(again.parametersHash, summaries.at(-1)?.parametersHash);
      assert.notEqual(again.parametersHash, first[1].parametersHash);
    });

    it('starts beside the current runs, whatever the limit', async () => {
      const { session } = sessionOf(plan, { jobs: 1 });
      session.start();
      await turnsUntil(() => stateOf(session, without).step > 50);
      session.fork([without], 50, { batchSize: 10 });
      const id = 'without, fork at 50- batch 10/seed-1';
      await turnsUntil(() => stateOf(session, id).step > 50);
      assert.equal(stateOf(session, without).status, 'running');
      assert.equal(stateOf(session, batchNorm).status, 'waiting');
      await session.stop();
      assert.equal(stateOf(session, id).status, 'cancelled');
    });

    it('made during a pause waits for the end of the pause', async () => {
      const { session } = sessionOf(plan, { jobs: 2 });
      await paused(session);
      session.fork([batchNorm], 7, { freezeStatistics: true });
      const id = 'BatchNorm, fork at 7- statistics frozen/seed-1';
      await settled();
      assert.equal(stateOf(session, id).status, 'waiting');
      session.resume();
      await turnsUntil(() => stateOf(session, id).step > 7);
      await session.stop();
    });

    it('includes manual changes before its step, but not later ones', async () => {
      const own = folderOf('steered fork');
      const { session } = sessionOf(plan, { folder: own });
      await paused(session);
      session.change([without], { learningRate: 0.05 });
      await settled();
      const [{ at }] = stateOf(session, without).changes;
      session.resume();
      await turnsUntil(() => stateOf(session, without).step > at + 40);
      session.pause();
      await settled();
      session.change([without], { learningRate: 0.2 });
      await settled();
      session.fork([without], at + 10, { weightDecay: 0.01 });
      session.resume();
      const summaries = await session.ended;
      const forked = summaries.at(-1)!;
      assert.deepEqual(
        forked.changes?.map(({ byHand: _, ...change }) => change),
        [
          { at, learningRate: 0.05 },
          { at: at + 10, weightDecay: 0.01 },
        ],
      );
    }).timeout(60_000);

    it('of several seeds is one arm, with a run of each', async () => {
      const own = folderOf('all seeds');
      const short = planOf({ ...small, training: { ...small.training, seeds: [1, 2, 3] } });
      const { session } = sessionOf(short, { folder: own, jobs: 1 });
      session.start();
      await session.ended;
      const parents = short.runs.filter(({ arm }) => arm === 'BatchNorm');
      const ids = parents.map(({ id }) => id);
      session.fork([ids[1]], 20, { learningRate: 0.01 });
      await session.ended;
      // The run of seed 2 exists already, and stays.
      session.fork(ids, 20, { learningRate: 0.01 });
      const summaries = await session.ended;
      const arm = 'BatchNorm, fork at 20: rate 0.01';
      const { arms, runs } = readRunFolder(own);
      assert.deepEqual(arms, ['without', 'BatchNorm', arm]);
      const forks = runs.filter((run) => run.arm === arm);
      assert.deepEqual(
        forks.map(({ seed, fork, status }) => [seed, fork?.run, status]),
        [2, 1, 3].map((seed) => [seed, ids[seed - 1], 'completed']),
      );
      for (const { id, seed } of forks) {
        const again = await trainedAgain(`${own}/${id}/experiment.json`);
        const came = summaries.find((summary) => summary.arm === arm && summary.seed === seed);
        assert.equal(again.parametersHash, came?.parametersHash);
      }
      assert.throws(() => session.fork(ids, 20, { learningRate: 0.01 }), /a run “.*” of seeds 1, 2, 3 already exists/);
      assert.throws(
        () => session.fork([ids[0], 'nobody/seed-2'], 30, { learningRate: 0.01 }),
        /this run no longer exists/,
      );
      assert.throws(() => session.fork([], 30, { learningRate: 0.01 }), /no run was selected/);
      assert.equal(readRunFolder(own).runs.length, runs.length);
    }).timeout(60_000);

    it('of an arm with a long name has a separate folder', async () => {
      const own = folderOf('long names');
      const name = 'An arm whose name alone fills what a folder may have for one, and more';
      const short = planOf({ ...small, arms: { [name]: {} }, training: { ...small.training, seeds: [1] } });
      const { session } = sessionOf(short, { folder: own });
      session.start();
      await session.ended;
      for (const learningRate of [0.01, 0.02]) {
        session.fork([short.runs[0].id], 20, { learningRate });
        await session.ended;
      }
      const { runs } = readRunFolder(own);
      assert.equal(new Set(runs.map(({ id }) => id)).size, 3);
      assert.ok(runs.every(({ status, frames }) => status === 'completed' && frames.steps.length > 0));
    });

    it('that is impossible is refused, and leaves no files', async () => {
      const own = folderOf('refused');
      const { session } = sessionOf(plan, { folder: own });
      await paused(session);
      const arms = readRunFolder(own).arms;
      const wrong: [string, number, unknown, RegExp][] = [
        ['nobody/seed-1', 3, { learningRate: 1 }, /this run no longer exists/],
        [without, 1999, { learningRate: 1 }, /has not reached step 1999/],
        [without, 1.5, { learningRate: 1 }, /has not reached step 1.5/],
        [without, -1, { learningRate: 1 }, /has not reached step -1/],
        [without, 3, { learningRate: 0 }, /learningRate must be a number above 0/],
        [without, 3, {}, /needs at least one different setting/],
        [without, 3, { learningRate: 0.1, momentum: 0 }, /needs at least one different setting/],
        [without, 3, { batchSize: 100_000 }, /minibatch of 100000 cannot be drawn/],
        [without, 3, { freezeStatistics: true }, /no layer has running statistics/],
        [batchNorm, 3, { batchSize: 1 }, /no variance of a feature/],
      ];
      for (const [id, step, settings, words] of wrong) assert.throws(() => session.fork([id], step, settings), words);
      session.fork([without], 3, { learningRate: 1 });
      assert.throws(() => session.fork([without], 3, { learningRate: 1 }), /a run “.*” of seed 1 already exists/);
      assert.equal(readRunFolder(own).arms.length, arms.length + 1);
      await session.stop();
    });
  });
});

function stateFrames(session: ExperimentSession, id: string): Uint32Array {
  return session.hydration().runs.find((run) => run.id === id)!.frames.steps;
}
