/** Past runs: found below a folder, and read exactly up to the first damage. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingRuns } from '../../../src/runs/folder/findRuns';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { readingRunFolder, readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { runLogOf } from '../../../src/runs/folder/runLogFiles';
import { atOnce, bitByBit } from '../../../src/runs/pieces';
import { planOf, small, temporaryFolder } from './support/experiments';
import { sessionOf } from './support/inProcess';
import { unpackLog } from './support/unpackedLog';

describe('past runs', () => {
  const folder = temporaryFolder();
  const plan = planOf({ ...small, training: { ...small.training, seeds: [1] } });

  async function kept(place: string): Promise<string> {
    mkdirSync(folder.path(place), { recursive: true });
    const own = newRunFolder(folder.path(place, 'small.bnexp.json'));
    const { session } = sessionOf(plan, { folder: own });
    session.start();
    await session.ended;
    return own;
  }

  it('are found at any depth, newest first, with their results', async () => {
    const [first, second] = [await kept('found/a'), await kept('found/b/c')];
    await kept('found/node_modules/x');
    utimesSync(join(first, 'runs.json'), 1000, 1000);
    rmSync(join(second, 'without/seed-1/summary.json'));
    mkdirSync(folder.path('found/a/.bnexp/runs/small/strange'));
    const found = atOnce(findingRuns(folder.path('found')));
    assert.deepEqual(
      found.map(({ folder: own, name, arms, seeds, outcome }) => ({ own, name, arms, seeds, outcome })),
      [
        { own: second, name: 'Small', arms: 2, seeds: 1, outcome: { waiting: 1, completed: 1 } },
        { own: first, name: 'Small', arms: 2, seeds: 1, outcome: { completed: 2 } },
      ],
    );
  });

  it('are read in slices with the same result as at once, and reading can be cancelled', async () => {
    const own = await kept('read');
    assert.deepEqual(await bitByBit(readingRunFolder(own)), readRunFolder(own));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    let closed = false;
    const endless = (function* (): Generator<void, string> {
      try {
        for (;;) yield;
      } finally {
        closed = true;
      }
    })();
    // Would not end if reading never yielded to the timer.
    assert.equal(await bitByBit(endless, () => turns < 3), null);
    assert.equal(closed, true);
    clearInterval(timer);
  });

  it('with damage name the damaged run, and show the data before the damage', async () => {
    const own = await kept('damaged');
    const logs = ['without', 'BatchNorm'].map((arm) => runLogOf(join(own, `${arm}/seed-1`)) as string);
    unpackLog(logs[0]);
    truncateSync(logs[0], readFileSync(logs[0]).length - 3);
    appendFileSync(logs[1], 'garbage of more than twelve bytes');
    rmSync(join(own, 'without/seed-1/summary.json'));
    const [torn, damaged] = readRunFolder(own).runs;
    assert.equal(torn.status, 'failed');
    assert.match(torn.error ?? '', /interrupted before its end: what was recorded up to step 55 is shown/);
    assert.equal(torn.frames.steps.at(-1), 55);
    assert.equal(damaged.status, 'completed');
    assert.match(
      damaged.error ?? '',
      /its run log is damaged after byte \d+: .*, and 13 whole frames before that are used/,
    );
    assert.equal(damaged.frames.steps.at(-1), 60);
  });

  it('whose summary is from another program or version are shown without it', async () => {
    for (const summary of ['{"status":"dancing"}', '[]', 'null', '{"status":"completed","steps":"many"}', '{"stat']) {
      const own = await kept('strange');
      writeFileSync(join(own, 'without/seed-1/summary.json'), summary);
      const [run] = readRunFolder(own).runs;
      assert.equal(run.status, 'failed', summary);
      assert.equal(run.frames.steps.at(-1), 60);
      assert.equal(typeof run.step, 'number');
    }
  });
});
