/** Opening a run folder reads its index and each experiment.json once. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableOfRuns } from '../../../../src/runs/export/framesTable';
import { newRunFolder } from '../../../../src/runs/folder/layout';
import { findingObstacles, readingSavedPlan, runOf } from '../../../../src/runs/folder/loadedRuns';
import { readIndex } from '../../../../src/runs/folder/readIndex';
import { hydrationOf, loadingExperiment } from '../../../../src/runs/folder/readRunFolder';
import { atOnce } from '../../../../src/runs/pieces';
import { resumedFrom } from '../../../../src/runs/reopen';
import { planOf, small, temporaryFolder } from '../support/experiments';
import { sessionOf } from '../support/inProcess';
import { openedFiles } from '../support/openedFiles';

describe('opening a run folder', () => {
  const folder = temporaryFolder();
  const plan = planOf({
    ...small,
    claim: { says: 'x', metric: 'testLoss', better: 'BatchNorm', than: 'without', by: 0.1 },
  });

  async function saved(): Promise<string> {
    const own = newRunFolder(folder.path('small.bnexp.json'));
    const { session } = sessionOf(plan, { folder: own });
    session.start();
    await session.ended;
    session.fork([plan.runs[0].id], 20, { learningRate: 0.01 });
    await session.ended;
    return own;
  }

  function assertReadOnce(counts: Map<string, number>, runs: readonly string[]): void {
    const wanted = ['runs.json', ...runs.map((id) => `${id}/experiment.json`)];
    assert.deepEqual(
      wanted.map((name) => [name, counts.get(name)]),
      wanted.map((name) => [name, 1]),
    );
  }

  it('reads its index and each experiment once, including forks, another run of it, and the saved plan', async () => {
    const own = await saved();
    let runs: string[] = [];
    const counts = openedFiles(own, () => {
      const past = atOnce(loadingExperiment(own, { index: readIndex(own) }));
      runs = past.runs.map(({ indexed }) => indexed.id);
      const shown = hydrationOf(past);
      atOnce(findingObstacles(past, { baseFolder: folder.path(), mayReadFiles: true }));
      assert.deepEqual(atOnce(readingSavedPlan(past)).left, []);
      const { before } = resumedFrom(past, shown, true);
      assert.equal(before.runs.length, 7);
      for (const run of past.runs) assert.equal(runOf(past, run).experiment.training.steps, 60);
    });
    assert.equal(runs.length, 7);
    assertReadOnce(counts, runs);
  });

  it('reads each file once for a table of its frames', async () => {
    const own = await saved();
    const counts = openedFiles(own, () => {
      const problems: string[] = [];
      assert.ok(
        [...tableOfRuns(own, (problem) => problems.push(problem), { format: 'csv' }, readIndex(own))].length > 1,
      );
      assert.deepEqual(problems, []);
    });
    assertReadOnce(
      counts,
      plan.runs.map(({ id }) => id),
    );
  });

  it('finds an experiment that is restored after the folder was opened', async () => {
    const own = await saved();
    const { id } = plan.runs[0];
    const file = join(own, id, 'experiment.json');
    const past = atOnce(loadingExperiment(own));
    const text = past.experiments.read(id).toString('utf8');
    rmSync(file);
    const without = atOnce(loadingExperiment(own));
    const run = without.runs.find(({ indexed }) => indexed.id === id);
    assert.ok(run);
    assert.throws(() => runOf(without, run).experiment, /is not in its run folder/);
    writeFileSync(file, text);
    assert.equal(runOf(without, run).experiment.training.steps, 60);
  });
});
