/** The unfinished runs of a past experiment, trained in its folder: complete runs, manual changes and forks stay as they are. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../../src/cli/version';
import type { Plan } from '../../../src/experiment/plan';
import { newRunFolder, summaryName } from '../../../src/runs/folder/layout';
import { planToResume, readingSavedPlan } from '../../../src/runs/folder/loadedRuns';
import { loadingExperiment, readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { readResumed } from '../../../src/runs/folder/resume';
import { readSummaryFile, writeSummaryFile } from '../../../src/runs/folder/summaryFile';
import { atOnce } from '../../../src/runs/pieces';
import { forksIn } from '../../../src/runs/reopen';
import { resumeLabel } from '../../../src/shared/progress';
import { logIn } from './folder/support/folders';
import { planOf, small, temporaryFolder } from './support/experiments';
import { outcome, sessionOf, settled } from './support/inProcess';

const plan = planOf(small);

describe('a past experiment that is resumed', () => {
  const folder = temporaryFolder();
  let made = 0;

  async function trained(steer: (session: ReturnType<typeof sessionOf>['session']) => void = () => {}) {
    const own = newRunFolder(folder.path(`past-${++made}.bnexp.json`));
    const { session } = sessionOf(plan, { folder: own });
    session.start();
    steer(session);
    await session.ended;
    return { own, session };
  }
  /** Its log and when it was written. */
  const traces = (own: string, ids: readonly string[]) =>
    ids.map((id) => [id, statSync(logIn(join(own, id))).ino, statSync(join(own, id, summaryName)).mtimeMs]);
  const planIn = (own: string, now: Plan | null = null) => {
    const loaded = atOnce(loadingExperiment(own, { frames: false }));
    const known = planToResume(loaded, atOnce(readingSavedPlan(loaded)), now);
    assert.ok(known);
    return { ...known, loaded };
  };
  function resume(own: string, now: Plan | null = null) {
    const { plan: rest, left, loaded } = planIn(own, now);
    const resumed = readResumed(own, rest, version, { retryFailed: true });
    return { left, ...sessionOf(rest, { folder: own, resumed, forks: forksIn(loaded) }), resumed };
  }

  it('trains what was interrupted, failed or never started, to the same bits, and nothing else', async () => {
    const reference = (await trained()).session;
    const { own } = await trained();
    const [complete, killed, cancelled, failed, waiting, damaged] = plan.runs.map(({ id }) => id);
    rmSync(join(own, killed, summaryName));
    for (const [id, status] of [
      [cancelled, 'cancelled'],
      [failed, 'failed'],
    ] as const) {
      const { summary } = readSummaryFile(join(own, id));
      assert.ok(summary);
      writeSummaryFile(join(own, id), { ...summary, status, steps: 30, final: null });
    }
    rmSync(join(own, waiting), { recursive: true });
    writeFileSync(join(own, damaged, summaryName), '{');
    const before = traces(own, [complete]);
    const { session, messages, left } = resume(own);
    assert.deepEqual(left, []);
    session.start();
    assert.deepEqual(
      session.status().runs.map(({ status }) => status === 'completed'),
      [true, false, false, false, false, false],
    );
    assert.deepEqual((await session.ended).map(outcome), (await reference.ended).map(outcome));
    assert.deepEqual(traces(own, [complete]), before);
    assert.ok(messages.every((message) => message.type !== 'frames' || message.run !== complete));
    assert.deepEqual(session.frames(complete)?.frames, reference.frames(complete)?.frames);
    const { state, runs, verdicts } = readRunFolder(own);
    assert.equal(state, 'finished');
    assert.ok(runs.every(({ status, error }) => status === 'completed' && error === null));
    assert.deepEqual(verdicts, reference.hydration().verdicts);
  });

  it('keeps runs that were changed manually, and forks', async () => {
    const [changed, parent, unfinished] = plan.runs.map(({ id }) => id);
    const { own, session: first } = await trained((session) => {
      session.change([changed], { learningRate: 0.3 });
    });
    first.fork([parent], 20, { learningRate: 0.01 });
    const summaries = await first.ended;
    const fork = first.status().runs.at(-1)!;
    rmSync(join(own, unfinished, summaryName));
    const before = traces(own, [changed, parent, fork.id]);
    const { session } = resume(own);
    session.start();
    assert.deepEqual(
      session.hydration(false).runs.map(({ id, fork: of }) => [id, of?.run ?? null]),
      [...plan.runs.map(({ id }) => [id, null]), [fork.id, parent]],
    );
    await session.ended;
    assert.deepEqual(traces(own, [changed, parent, fork.id]), before);
    assert.deepEqual(session.status().runs[0].changes.length, 1);
    assert.deepEqual(
      outcome(readSummaryFile(join(own, unfinished)).summary!),
      outcome(summaries[plan.runs.findIndex(({ id }) => id === unfinished)]),
    );
    // A further fork of a run that was read back is compared with its recorded steps.
    session.fork([changed], 20, { learningRate: 0.02 });
    await session.ended;
    assert.equal(session.status().runs.at(-1)?.status, 'completed');
    assert.equal(session.status().runs.at(-1)?.error, null);
  });

  it('offers what is left, in words, once it has stopped', async () => {
    const own = newRunFolder(folder.path('stopped.bnexp.json'));
    const { session, messages } = sessionOf(plan, { folder: own, jobs: 1 });
    session.start();
    assert.equal(session.hydration().resume, undefined);
    session.pause();
    await settled();
    await session.stop();
    assert.equal(session.hydration().resume, 'Resume (6 of 6 runs left)');
    const last = messages.at(-1);
    assert.ok(last?.type === 'status' && last.resume === 'Resume (6 of 6 runs left)');
    const { session: rest } = resume(own, plan);
    rest.start();
    await rest.ended;
    assert.equal(rest.hydration().resume, undefined);
    assert.equal(sessionOf(plan).session.hydration().resume, undefined, 'nothing is saved');
    assert.equal(resumeLabel({ left: 1, all: 1200, failed: 0 }), 'Resume (1 of 1,200 runs left)');
    assert.equal(resumeLabel({ left: 7, all: 20, failed: 2 }), 'Resume (7 of 20 runs left, 2 failed)');
    assert.equal(resumeLabel({ left: 0, all: 20, failed: 0 }), null);
  });

  it('takes the settings of arms that never started from the file, if it is unchanged', async () => {
    const { own } = await trained();
    for (const { id, arm } of plan.runs) if (arm === 'BatchNorm') rmSync(join(own, id), { recursive: true });
    assert.deepEqual(planIn(own).left.length, 3);
    assert.deepEqual(planIn(own, plan).left, []);
    assert.equal(planIn(own, plan).plan.runs.length, 6);
    const others = [
      { ...small, training: { ...small.training, steps: 70 } },
      { ...small, training: { ...small.training, seeds: [1, 2, 3, 4] } },
      { ...small, arms: { ...small.arms, third: { training: { batchSize: 10 } } } },
    ];
    for (const other of others) assert.equal(planIn(own, planOf(other)).left.length, 3, JSON.stringify(other));
  });

  it('is refused if another version of the engine, or another experiment, trained its runs', async () => {
    const { own } = await trained();
    assert.throws(
      () => readResumed(own, planIn(own).plan, '9.9.9'),
      /was run by version \S+ of the engine, and this is 9\.9\.9, which may produce different bits: choose another folder/,
    );
    const other = planOf({ ...small, training: { ...small.training, batchSize: 10 } });
    assert.throws(() => readResumed(own, other, version), /training\.batchSize is 20 there, and 10 here/);
    // A folder that has vanished contains nothing, and is not made.
    rmSync(own, { recursive: true });
    assert.deepEqual([...readResumed(own, plan, version).complete], []);
    assert.equal(existsSync(own), false);
  });

  it('reports data that have changed, so that they can be refused', async () => {
    const base = folder.path('data');
    mkdirSync(base);
    const rows = Array.from({ length: 60 }, (_, k) => `${k % 7},${k % 5},${k % 2 === 0 ? 'a' : 'b'}`);
    writeFileSync(join(base, 'rows.csv'), ['x,y,class', ...rows].join('\n'));
    const of = planOf({ ...small, data: { kind: 'csv', path: 'rows.csv', target: 'class' } });
    const own = newRunFolder(join(base, 'x.bnexp.json'));
    const { session } = sessionOf(of, { folder: own });
    session.start();
    await session.ended;
    assert.deepEqual(readResumed(own, of, version, { baseFolder: base }).outdated, []);
    const summary = join(own, of.runs[0].id, summaryName);
    assert.match(readFileSync(summary, 'utf8'), /"status": "completed"/);
    writeFileSync(join(base, 'rows.csv'), ['x,y,class', ...rows, '1,2,a'].join('\n'));
    // The runs of this test read no file, and have no hash: the date decides.
    assert.deepEqual(readResumed(own, of, version, { baseFolder: base }).outdated, ['rows.csv']);
  });
});
