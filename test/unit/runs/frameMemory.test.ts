import assert from 'node:assert/strict';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { longTime } from '../../../src/runs/session/estimate';
import { FrameMemory } from '../../../src/runs/session/frameMemory';
import { planOf, small, temporaryFolder } from './support/experiments';
import { sessionOf } from './support/inProcess';

describe('frames of finished runs', () => {
  const folder = temporaryFolder();

  it('are evicted, oldest first, when memory is full; the newest run keeps its frames', () => {
    const gone: string[] = [];
    const held = new FrameMemory<string>((run) => gone.push(run), 100);
    held.add('a', 40);
    held.add('nothing', 0);
    held.add('b', 40);
    assert.deepEqual(gone, []);
    held.add('c', 40);
    assert.deepEqual(gone, ['a']);
    held.add('huge', 1000);
    assert.deepEqual(gone, ['a', 'b', 'c']);
    for (let k = 0; k < 5000; k++) held.add(`run ${k}`, 60);
    assert.equal(gone.length, 3 + 5000);
  });

  it('are read again from the run folder on request, unchanged', async () => {
    const own = newRunFolder(folder.path('swept.bnexp.json'));
    const plan = planOf({ ...small, sweep: { '/training/optimizer/learningRate': [0.1, 0.2] } });
    const { session } = sessionOf(plan, { folder: own });
    session.start();
    const summaries = await session.ended;
    assert.deepEqual(
      summaries.map(({ point }) => point),
      plan.runs.map(({ point }) => point),
    );
    const kept = readRunFolder(own, { most: 1, engine: '9.9.9' });
    assert.deepEqual(kept.axes, plan.axes);
    assert.deepEqual(
      kept.runs.map(({ evicted }) => evicted),
      kept.runs.map((_, k) => (k > 0 ? 'saved' : undefined)),
    );
    assert.match(kept.remarks.join(), /This was run by version .* of the engine; this is 9\.9\.9/);
    const whole = readRunFolder(own);
    const { frames } = session.frames(plan.runs[5].id) ?? assert.fail();
    assert.ok(frames.steps.length > 0);
    assert.deepEqual(whole.runs[5].frames, frames);
    assert.deepEqual(whole.runs[5].point, plan.runs[5].point);
  });

  it('show long durations in readable units', () => {
    assert.deepEqual([0.2, 100, 150, 7300, 500_000, 1e8, 1e12].map(longTime), [
      '1 second',
      '100 seconds',
      '3 minutes',
      '2 hours',
      '6 days',
      '3 years',
      '32,000 years',
    ]);
  });
});
