/** Forks of runs read back from their folder: results, comparison with the recorded steps, and refusals. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../../src/engine/data/dataset';
import type { Plan } from '../../../src/experiment/plan';
import { describeRun } from '../../../src/runs/folder/findRuns';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { findingObstacles, type Surroundings } from '../../../src/runs/folder/loadedRuns';
import { hydrationOf, loadingExperiment, readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { runLogOf } from '../../../src/runs/folder/runLogFiles';
import { atOnce } from '../../../src/runs/pieces';
import { resumedFrom } from '../../../src/runs/reopen';
import type { SessionOptions } from '../../../src/runs/session/session';
import { turnsUntil } from '../../support/until';
import { smallDataset } from '../engine/support/datasets';
import { planOf, small, temporaryFolder } from './support/experiments';
import { classification, inProcess, outcome, sessionOf, settled } from './support/inProcess';
import { unpackLog } from './support/unpackedLog';

const plan = planOf({ ...small, training: { ...small.training, seeds: [1, 2] } });
const [without, batchNorm] = plan.runs.map(({ id }) => id);
/** One training example fewer: the displayed data do not show the difference. */
const fewer = smallDataset('classification', 99, 50);
const shifted = {
  ...classification,
  test: { ...classification.test, features: classification.test.features.map((feature) => feature + 0.001) },
};
const on = (dataset: Dataset) => inProcess(() => ({ dataset: () => dataset }));

describe('forks of past runs', () => {
  const folder = temporaryFolder();
  let made = 0;

  async function kept(of: Plan = plan, steer?: (session: ReturnType<typeof sessionOf>['session']) => void) {
    const own = newRunFolder(folder.path(`kept-${++made}.bnexp.json`));
    const { session } = sessionOf(of, { folder: own });
    session.start();
    steer?.(session);
    await session.ended;
    return own;
  }

  function reopened(own: string, options: Partial<SessionOptions> & { keep?: boolean } = {}) {
    const past = atOnce(loadingExperiment(own));
    const { keep = true, ...others } = options;
    const { plan: again, before } = resumedFrom(past, hydrationOf(past), keep);
    return sessionOf(again, { folder: own, before, ...others });
  }

  const withoutSession = <T extends { session: string }>({ session: _, ...rest }: T) => rest;
  const files = (own: string) =>
    readdirSync(own, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(join(own, file)).isFile())
      .sort()
      .map((file) => [file, readFileSync(join(own, file)).toString('base64')]);

  it('have the same bits as forks in the session that ran it, and are saved the same', async () => {
    for (const [ids, step, settings] of [
      [[batchNorm], 20, { learningRate: 0.01, momentum: 0.9 }],
      [[batchNorm], 23, { batchSize: 10, freezeStatistics: true }],
      [[without], 0, { learningRate: 0.2 }],
      [[without], 0, { batchSize: 5 }],
      [[without, plan.runs[2].id], 59, { weightDecay: 0.1 }],
    ] as const) {
      const live = newRunFolder(folder.path(`live-${++made}.bnexp.json`));
      const { session: first } = sessionOf(plan, { folder: live });
      first.start();
      await first.ended;
      first.fork(ids, step, settings);
      const expected = (await first.ended).slice(plan.runs.length).map(outcome);

      const own = await kept();
      const { session, messages } = reopened(own);
      assert.equal(session.state, 'finished');
      session.fork(ids, step, settings);
      assert.equal(session.state, 'running');
      const summaries = (await session.ended).slice(plan.runs.length).map(outcome);
      assert.deepEqual(summaries, expected);
      const { arms, seeds, forks, runs } = describeRun(own)!;
      assert.deepEqual([arms, seeds, forks, runs], [2, 2, ids.length, 4 + ids.length], 'forks are counted separately');
      assert.equal(
        summaries.every(({ status, parametersHash }) => status === 'completed' && parametersHash !== null),
        true,
      );
      const names = { name: '', file: '' };
      assert.deepEqual(
        { ...withoutSession(session.hydration()), ...names, again: '' },
        { ...withoutSession(first.hydration()), ...names, again: '' },
      );
      assert.ok(messages.some((message) => message.type === 'added'));
      const [shown, shownLive] = [readRunFolder(own), readRunFolder(live)].map(({ runs, arms }) => ({
        arms,
        runs: runs.map(({ stepsPerSecond: _, ...run }) => run),
      }));
      assert.deepEqual(shown, shownLive);
      assert.equal(shown.runs.at(-1)?.frames.steps[0], step);
    }
  }).timeout(60_000);

  it('that were interrupted say so, and can be made again', async () => {
    const own = await kept();
    const { session: first } = reopened(own);
    first.fork([batchNorm], 20, { learningRate: 0.01 });
    const { arm, parametersHash } = (await first.ended).at(-1)!;
    const fork = first.status().runs.at(-1)!;
    rmSync(join(own, fork.id, 'summary.json'));
    assert.match(
      readRunFolder(own).runs.at(-1)?.error ?? '',
      /before its end: .*; forks are not resumed: fork its run/,
    );
    const { session } = reopened(own);
    session.fork([batchNorm], 20, { learningRate: 0.01 });
    const again = (await session.ended).at(-1)!;
    assert.deepEqual([again.status, again.parametersHash], ['completed', parametersHash]);
    assert.equal(again.arm, `${arm} (attempt 2)`);
    assert.throws(
      () => session.fork([batchNorm], 20, { learningRate: 0.01 }),
      /\(attempt 2\)” of seed 1 already exists/,
    );
  });

  it('include manual changes before their step, but not later ones', async () => {
    const longer = planOf({
      ...small,
      training: { ...small.training, seeds: [1], steps: 4000 },
      watch: { every: 100 },
    });
    const own = newRunFolder(folder.path('by-hand.bnexp.json'));
    const { session: first } = sessionOf(longer, { folder: own });
    first.start();
    const at: number[] = [];
    for (const learningRate of [0.05, 0.2]) {
      await turnsUntil(() => first.status().runs[0].step >= (at[0] ?? 0) + 300);
      first.pause();
      await settled();
      first.change([without], { learningRate });
      await settled();
      at.push(first.status().runs[0].changes.at(-1)!.at);
      first.resume();
    }
    await first.ended;
    const { session } = reopened(own);
    session.fork([without], at[0] + 10, { weightDecay: 0.01 });
    const forked = (await session.ended).at(-1)!;
    assert.equal(forked.status, 'completed', forked.error);
    assert.deepEqual(
      forked.changes?.map(({ byHand: _, ...change }) => change),
      [
        { at: at[0], learningRate: 0.05 },
        { at: at[0] + 10, weightDecay: 0.01 },
      ],
    );
    // Both changes are in the saved experiment of the parent run, which is unchanged.
    const [parent] = readRunFolder(own).runs;
    assert.deepEqual(
      parent.changes.map(({ byHand }) => byHand),
      [true, true],
    );
  }).timeout(60_000);

  it('of forks, also of new ones, continue from there', async () => {
    const own = await kept();
    const { session: first } = reopened(own);
    first.fork([batchNorm], 20, { learningRate: 0.01 });
    await first.ended;
    const fork = readRunFolder(own).runs.at(-1)!.id;
    const { session } = reopened(own);
    session.fork([fork], 40, { momentum: 0.5 });
    const last = (await session.ended).at(-1)!;
    assert.equal(last.status, 'completed', last.error);
    assert.deepEqual(
      last.changes?.map(({ at }) => at),
      [20, 40],
    );
    const again = readRunFolder(own).runs.at(-1)!.id;
    session.fork([again], 50, { momentum: 0.1 });
    assert.equal((await session.ended).at(-1)?.status, 'completed');
  });

  it('leave the run folder unchanged if the data have changed, with a message', async () => {
    const own = await kept();
    const before = files(own);
    const inFrame = /: at step 0 network\/train\/loss was [\d.]+ and is [\d.]+, and \d+ more of \d+ values differ\. /;
    for (const [dataset, step, settings, words] of [
      [fewer, 40, { learningRate: 0.01 }, inFrame],
      [fewer, 0, { learningRate: 0.01 }, inFrame],
      [fewer, 7, { batchSize: 10 }, inFrame],
      [shifted, 40, { learningRate: 0.01 }, /: its examples differ\. /],
      [shifted, 0, { batchSize: 10 }, /: its examples differ\. /],
    ] as const) {
      const { session } = reopened(own, { startWorker: on(dataset) });
      session.fork([batchNorm], step, settings);
      const last = (await session.ended).at(-1)!;
      assert.equal(last.status, 'failed');
      assert.match(last.error ?? '', /^trained again, it differs from the recorded run: /);
      assert.match(last.error ?? '', words);
      assert.match(
        last.error ?? '',
        /The fork is not shown or saved.*run the experiment again, and fork the new run\.$/,
      );
      const [shown] = session.hydration().runs.slice(-1);
      assert.equal(shown.frames.steps.length, 0);
      assert.deepEqual(files(own), before);
    }
  });

  it('also leave it unchanged if only the last steps differ', async () => {
    const own = await kept();
    const file = join(own, batchNorm, 'experiment.json');
    const experiment = JSON.parse(readFileSync(file, 'utf8'));
    experiment.training.changes = [{ at: 30, learningRate: 0.11 }];
    writeFileSync(file, JSON.stringify(experiment));
    const before = files(own);
    const { session } = reopened(own);
    session.fork([batchNorm], 40, { momentum: 0.5 });
    const last = (await session.ended).at(-1)!;
    assert.match(last.error ?? '', /at step 35 network\/train\/loss was/);
    assert.deepEqual(files(own), before);
    // Up to that step nothing has changed.
    session.fork([batchNorm], 30, { momentum: 0.5 });
    assert.equal((await session.ended).at(-1)?.status, 'completed');
  });

  it('report the versions of both runs if they differ', async () => {
    const own = await kept();
    const index = join(own, 'runs.json');
    writeFileSync(index, readFileSync(index, 'utf8').replace('"engine": "', '"engine": "0.0.'));
    const { session } = reopened(own, { startWorker: on(fewer) });
    session.fork([batchNorm], 40, { momentum: 0.5 });
    assert.match(
      (await session.ended).at(-1)?.error ?? '',
      /recorded by version 0\.0\.\S+ of the engine, and this is /,
    );
  });

  it('use the complete part of a torn log, and fail without a log', async () => {
    const own = await kept();
    const log = runLogOf(join(own, batchNorm))!;
    unpackLog(log);
    truncateSync(log, Math.floor(statSync(log).size / 2));
    const { session } = reopened(own);
    session.fork([batchNorm], 40, { momentum: 0.5 });
    assert.equal((await session.ended).at(-1)?.status, 'completed');
    truncateSync(log, 20);
    const { session: second } = reopened(own);
    second.fork([batchNorm], 40, { momentum: 0.6 });
    assert.match((await second.ended).at(-1)?.error ?? '', /no recorded value up to step 40 can be compared/);
    assert.ok(!readRunFolder(own).arms.includes('BatchNorm, fork at 40: momentum 0.6'));
  });

  it('are saved in memory only on request, or if the folder cannot be written', async () => {
    const own = await kept();
    const before = files(own);
    const { session } = reopened(own, { keep: false });
    session.fork([batchNorm], 20, { momentum: 0.5 });
    const last = (await session.ended).at(-1)!;
    assert.equal(last.status, 'completed');
    assert.deepEqual(files(own), before);
    assert.doesNotMatch(session.status().remark ?? '', /cannot be written/);

    // Permissions do not apply to root.
    const [index, aside] = ['runs.json', 'aside'].map((name) => join(own, name));
    const { session: second } = reopened(own);
    renameSync(index, aside);
    mkdirSync(index);
    second.fork([batchNorm], 20, { momentum: 0.5 });
    rmSync(index, { recursive: true });
    renameSync(aside, index);
    const same = (await second.ended).at(-1)!;
    assert.equal(same.parametersHash, last.parametersHash);
    assert.deepEqual(files(own), before);
    assert.match(
      second.status().remark ?? '',
      /cannot be written: forks of its runs are trained and shown, but not saved/,
    );
  });

  it('are refused if the folder, or the log of the run, was removed since it was read', async () => {
    for (const removed of ['', batchNorm]) {
      const own = await kept();
      const { session } = reopened(own);
      const shown = session.hydration().runs.length;
      rmSync(join(own, removed), { recursive: true });
      assert.throws(
        () => session.fork([batchNorm], 20, { momentum: 0.5 }),
        /^SteeringError: the log of BatchNorm\/seed-1 was removed from .*: restore it, or run the experiment again/,
      );
      assert.deepEqual([session.state, session.hydration().runs.length], ['finished', shown]);
      assert.equal(existsSync(join(own, removed)), false, 'nothing is written there');
    }
  });

  it('leave a stopped experiment stopped, and its verdicts unchanged', async () => {
    const claimed = planOf({
      ...small,
      claim: { says: 'x', metric: 'testLoss', better: 'BatchNorm', than: 'without', by: 0.1, take: 'best' },
    });
    const own = await kept(claimed);
    rmSync(join(own, claimed.runs[5].id), { recursive: true });
    const shown = readRunFolder(own);
    assert.equal(shown.state, 'stopped');
    const { session } = reopened(own);
    assert.equal(session.state, 'stopped');
    session.fork([claimed.runs[0].id], 20, { momentum: 0.5 });
    await session.ended;
    assert.equal(session.state, 'stopped');
    assert.deepEqual(session.hydration().verdicts, shown.verdicts);
    assert.equal(shown.verdicts[0].pairs, 2);
  });

  describe('obstacles to a fork', () => {
    const around = { baseFolder: folder.path(), mayReadFiles: true };
    async function obstacles(own: string, surroundings: Surroundings = around) {
      const past = atOnce(loadingExperiment(own));
      atOnce(findingObstacles(past, surroundings));
      return past.runs.map(({ state }) => state.unforkable);
    }

    it('are absent for a complete folder', async () => {
      assert.deepEqual(await obstacles(await kept()), [undefined, undefined, undefined, undefined]);
    });

    it('are known in advance, with the place and a remedy', async () => {
      const own = await kept();
      const file = (k: number) => join(own, plan.runs[k].id, 'experiment.json');
      rmSync(file(0));
      const later = JSON.parse(readFileSync(file(1), 'utf8'));
      writeFileSync(file(1), JSON.stringify({ ...later, quantum: true }));
      writeFileSync(file(2), readFileSync(file(3)).toString().replace('"seeds": [\n      2', '"seeds": [\n      7'));
      rmSync(runLogOf(join(own, plan.runs[3].id))!);
      const found = await obstacles(own);
      assert.match(found[0] ?? '', /^without\/seed-1\/experiment\.json is not in its run folder: restore it, or run/);
      assert.match(
        found[1] ?? '',
        /^BatchNorm\/seed-1\/experiment\.json cannot be trained by this version \(line 1: .*quantum/,
      );
      assert.match(found[2] ?? '', /^without\/seed-2\/experiment\.json belongs to a different run/);
      assert.match(found[3] ?? '', /^the run log in BatchNorm\/seed-2 is missing/);
      // A later attempt gets the same message, and starts nothing.
      const before = files(own);
      const { session } = reopened(own);
      for (const [k, words] of [/is not in its run folder/, /cannot be trained/, /a different run/].entries()) {
        assert.throws(() => session.fork([plan.runs[k].id], 20, { momentum: 0.5 }), words);
      }
      assert.equal(session.state, 'finished');
      assert.deepEqual(files(own), before);
    });

    it('include a data file that is missing or must not be read', async () => {
      const table = ['x,y,class', ...Array.from({ length: 60 }, (_, k) => `${k % 7},${k % 5},${k % 2 ? 'a' : 'b'}`)];
      writeFileSync(folder.path('table.csv'), table.join('\n'));
      const data = { kind: 'csv', path: 'table.csv', target: 'class' };
      const csv = planOf({
        ...small,
        data,
        arms: undefined,
        training: { ...small.training, batchSize: 10, seeds: [1] },
      });
      const own = await kept(csv);
      assert.deepEqual(await obstacles(own), [undefined]);
      const [untrusted] = await obstacles(own, { ...around, mayReadFiles: false });
      assert.match(untrusted ?? '', /it reads table\.csv, and a workspace that is not trusted may not/);
      assert.match(
        (await obstacles(own, { baseFolder: null, mayReadFiles: true }))[0] ?? '',
        /the folder of the experiment is unknown/,
      );
      rmSync(folder.path('table.csv'));
      assert.match((await obstacles(own))[0] ?? '', /its file table\.csv is no longer in .*: restore it/);
    });
  });
});
