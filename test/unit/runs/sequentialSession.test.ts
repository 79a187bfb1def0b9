/** A sequential test in a session and its run folder: seeds are added at looks, resuming gives the same bits, and its design is fixed. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../../src/cli/version';
import type { Plan } from '../../../src/experiment/plan';
import { indexName, newRunFolder, summaryName } from '../../../src/runs/folder/layout';
import { planToResume, readingSavedPlan } from '../../../src/runs/folder/loadedRuns';
import { readIndex } from '../../../src/runs/folder/readIndex';
import { loadingExperiment, readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { readResumed } from '../../../src/runs/folder/resume';
import { atOnce } from '../../../src/runs/pieces';
import { planOf, small, temporaryFolder } from './support/experiments';
import { outcome, sessionOf } from './support/inProcess';

const claim = { says: 'BatchNorm is better', metric: 'testLoss', better: 'BatchNorm', than: 'without' };
const seeds = [1, 2, 3];
/** With fewer than 20 pairs no look is clear, so that all three are reached. */
const plan: Plan = {
  ...planOf({ ...small, claim, training: { ...small.training, steps: 10, seeds } }),
  looks: { seeds, at: [1, 2, 3] },
};

describe('a session of a sequential test', () => {
  const folder = temporaryFolder();
  let made = 0;
  const newFolder = () => newRunFolder(folder.path(`test-${++made}.bnexp.json`));

  async function trained(own: string, changed: Plan = plan) {
    const resumed = readResumed(own, changed, version);
    const { session, messages } = sessionOf(changed, { folder: own, resumed });
    session.start();
    const before = session.hydration(false).runs.length;
    return { summaries: await session.ended, session, messages, before };
  }

  it('adds the seeds of the next look until its bound, and announces each run', async () => {
    const own = newFolder();
    const { session, messages, before } = await trained(own);
    assert.equal(before, 2);
    const added = messages.flatMap((message) => (message.type === 'added' ? [message.run.seed] : []));
    assert.deepEqual(added, [2, 2, 3, 3]);
    const looks = messages.flatMap((message) =>
      message.type === 'status' ? (message.verdicts?.[0]?.look?.look ?? 0) : [],
    );
    assert.deepEqual([...new Set(looks)], [0, 1, 2, 3]);
    assert.equal(session.state, 'finished');
    assert.equal(session.hydration(false).resume, undefined);
    const { verdicts, state, seeds: listed } = readRunFolder(own);
    assert.deepEqual([verdicts, state, listed], [session.hydration(false).verdicts, 'finished', seeds]);
    assert.equal(verdicts[0].look?.look, 3);
  });

  it('ends at the first look that is clear', async () => {
    const own = newFolder();
    const sure = { ...claim, metric: 'network/train/loss', take: 'first' };
    const first = Array.from({ length: 21 }, (_, k) => k + 1);
    const exact: Plan = {
      ...planOf({
        ...small,
        arms: {
          without: {},
          BatchNorm: { training: { batchSize: 10, optimizer: { kind: 'sgd', learningRate: 0.2 } } },
        },
        claim: { ...sure, by: 1 },
        training: { ...small.training, steps: 1, seeds: first },
      }),
      looks: { seeds: first, at: [20, 21] },
    };
    const { summaries } = await trained(own, exact);
    assert.equal(summaries.length, 40);
    assert.deepEqual([readIndex(own).planned, readRunFolder(own).state], [40, 'finished']);
  });

  it('resumes in the look that was interrupted, with the same bits', async () => {
    const reference = newFolder();
    const whole = await trained(reference);
    const own = newFolder();
    await trained(own);
    for (const run of plan.runs.slice(3)) rmSync(join(own, run.id, summaryName));
    const again = await trained(own);
    assert.equal(again.before, 4);
    assert.deepEqual(again.summaries.map(outcome), whole.summaries.map(outcome));
    assert.deepEqual(readRunFolder(own).verdicts, readRunFolder(reference).verdicts);
  });

  it('keeps its looks when it is resumed from its folder alone', async () => {
    const own = newFolder();
    await trained(own);
    for (const run of plan.runs.slice(1)) rmSync(join(own, run.id), { recursive: true });
    const index = JSON.parse(readFileSync(join(own, indexName), 'utf8'));
    index.runs = index.runs.slice(0, 2);
    writeFileSync(join(own, indexName), JSON.stringify({ ...index, planned: 2 }));
    const loaded = atOnce(loadingExperiment(own, { frames: false }));
    // The other arm has no run left: its settings are those of the file.
    const known = planToResume(loaded, atOnce(readingSavedPlan(loaded)), plan);
    assert.deepEqual(known?.plan.looks, plan.looks);
    assert.deepEqual(
      known?.plan.runs.map(({ id }) => id),
      plan.runs.map(({ id }) => id),
    );
    assert.equal(planToResume(loaded, atOnce(readingSavedPlan(loaded)), null), null);
  });

  it('has a design that cannot be changed after its first run', async () => {
    const own = newFolder();
    await trained(own);
    const { looks: _, ...fixed } = plan;
    assert.throws(
      () => readResumed(own, fixed, version),
      /contains a sequential test with looks at 1, 2 and 3 seeds from seed 1/,
    );
    assert.throws(
      () => readResumed(own, { ...plan, looks: { seeds, at: [2, 3] } }, version),
      /fixed since its first run/,
    );
    const plain = newFolder();
    await trained(plain, fixed);
    assert.throws(() => readResumed(plain, plan, version), /contains runs with a fixed number of seeds/);
    // Removing the looks from the folder is found.
    const index = JSON.parse(readFileSync(join(own, indexName), 'utf8'));
    writeFileSync(join(own, indexName), JSON.stringify({ ...index, looks: undefined }));
    assert.match(readIndex(own).remarks?.join() ?? '', /were changed after the runs had started/);
  });
});
