/** The saved copy of a past experiment, to be run again. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../src/experiment/plan';
import { readExperiment } from '../../../src/experiment/read';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { isSamePlan, readingSavedPlan } from '../../../src/runs/folder/loadedRuns';
import { loadingExperiment } from '../../../src/runs/folder/readRunFolder';
import { beginRun } from '../../../src/runs/folder/runFiles';
import { writeIndex } from '../../../src/runs/folder/writeIndex';
import { atOnce } from '../../../src/runs/pieces';
import { indexOf } from '../../../src/runs/session/runIndex';
import { planOf, small, temporaryFolder } from './support/experiments';
import { outcome, sessionOf } from './support/inProcess';

const plan = planOf({
  ...small,
  claim: { says: 'x', metric: 'testLoss', better: 'BatchNorm', than: 'without', by: 0.1 },
});

describe('the saved plan of a past experiment', () => {
  const folder = temporaryFolder();
  let made = 0;

  /** Creates a run folder as if its runs had started, without results. */
  function started(of: Plan, runs = of.runs): string {
    const own = newRunFolder(folder.path(`started-${++made}.bnexp.json`));
    writeIndex(own, indexOf(of, 'started.bnexp.json', '0.1.0'));
    for (const run of runs) beginRun(own, run);
    return own;
  }
  const keptIn = (own: string) => atOnce(readingSavedPlan(atOnce(loadingExperiment(own))));

  it('equals the plan of its file', () => {
    const files = readdirSync('examples').filter((file) => file.endsWith('.bnexp.json'));
    assert.ok(files.length > 5);
    for (const file of files) {
      const { plan: of } = readExperiment(readFileSync(join('examples', file), 'utf8'), { seeds: [1, 2] });
      assert.ok(of, file);
      const { plan: kept, left } = keptIn(started(of));
      assert.deepEqual(left, []);
      assert.ok(isSamePlan(of, kept) && isSamePlan(kept, of), file);
    }
  }).timeout(60_000);

  it('differs from a file with different training, watching, arms or claims', () => {
    const { plan: kept } = keptIn(started(plan));
    assert.ok(isSamePlan(plan, kept));
    const text = JSON.stringify({ ...small, claim: plan.claims[0] });
    assert.ok(isSamePlan(planOf({ ...JSON.parse(text), name: 'Another name', notes: 'And notes.' }), kept));
    for (const [from, to] of [
      ['"learningRate":0.1', '"learningRate":0.2'],
      ['"every":5', '"every":6'],
      ['"seeds":[1,2,3]', '"seeds":[1,2]'],
      ['"by":0.1', '"by":0.2'],
      ['"dense":6', '"dense":7'],
      ['"BatchNorm":{}', '"BatchNorm":{"training":{"batchSize":10}}'],
      ['"train":200', '"train":300'],
    ]) {
      assert.ok(text.includes(from), from);
      assert.equal(isSamePlan(planOf(JSON.parse(text.replace(from, to))), kept), false, to);
    }
  });

  it('trains to the same bits, without forks and manual changes', async () => {
    const own = newRunFolder(folder.path('steered.bnexp.json'));
    const { session } = sessionOf(plan, { folder: own });
    session.start();
    session.change([plan.runs[0].id], { learningRate: 0.3 });
    await session.ended;
    assert.equal(session.status().runs[0].changes.length, 1);
    session.fork([plan.runs[1].id], 20, { learningRate: 0.01 });
    await session.ended;
    const { plan: kept, left } = keptIn(own);
    assert.deepEqual(left, []);
    assert.ok(isSamePlan(plan, kept));
    const outcomes = [];
    for (const of of [plan, kept]) {
      const again = sessionOf(of, { folder: newRunFolder(folder.path('again.bnexp.json')) }).session;
      again.start();
      outcomes.push((await again.ended).map(outcome));
    }
    assert.deepEqual(outcomes[1], outcomes[0]);
  });

  it("uses another seed's copy for a missing one, and omits runs without any", () => {
    const own = started(plan, plan.runs.slice(0, 2));
    rmSync(join(own, plan.runs[1].id), { recursive: true });
    const { plan: kept, left } = keptIn(own);
    assert.deepEqual(left, ['BatchNorm/seed-1', 'BatchNorm/seed-2', 'BatchNorm/seed-3']);
    assert.deepEqual(
      kept.runs.map(({ id, seed, experiment, specification }) => [
        id,
        seed,
        experiment.training.seeds,
        specification.seed,
      ]),
      [1, 2, 3].map((seed) => [`without/seed-${seed}`, seed, [seed], seed]),
    );
    assert.deepEqual([kept.arms, kept.claims], [['without'], []]);
  });

  it('is missing if nothing can be read, with a remedy', () => {
    const own = started(plan);
    for (const { id } of plan.runs) writeFileSync(join(own, id, 'experiment.json'), '{"name": "x",}');
    assert.throws(
      () => keptIn(own),
      /“Small” cannot be run again as saved: without\/seed-3\/experiment\.json cannot be trained by this version \(line 1: .*\): correct it/,
    );
  });
});
