/** Arms of several run folders in one panel. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { comparingFolders } from '../../../src/runs/folder/comparedHydration';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { atOnce } from '../../../src/runs/pieces';
import { planOf, small, temporaryFolder } from './support/experiments';
import { sessionOf } from './support/inProcess';
import { saveFolder } from './support/savedFolder';

describe('compared run folders', () => {
  const folder = temporaryFolder();
  let trained = '';
  let other = '';
  before(async () => {
    mkdirSync(folder.path('a'), { recursive: true });
    trained = newRunFolder(folder.path('a', 'small.bnexp.json'), undefined, new Date(Date.UTC(2026, 0, 1)));
    const { session } = sessionOf(planOf({ ...small, training: { ...small.training, seeds: [1, 2] } }), {
      folder: trained,
    });
    session.start();
    await session.ended;
    const swept = planOf({
      ...small,
      arms: { BatchNorm: {} },
      training: { ...small.training, seeds: [2] },
      sweep: { '/training/batchSize': [10, 20] },
    });
    mkdirSync(folder.path('b'), { recursive: true });
    other = saveFolder({ base: folder.path('b'), file: 'x.bnexp.json', stamp: '2026-01-02T00-00-00', plan: swept });
  });
  const compare = (...choices: Parameters<typeof comparingFolders>[0]) => atOnce(comparingFolders(choices, 'one'));
  const all = (path: string) => ({ folder: path, label: null, arms: null });

  it('are arms named by file, run, arm and point, with the frames of their runs', () => {
    const { content, frames } = compare({ ...all(trained), arms: ['BatchNorm'] }, { ...all(other), label: 'mine' });
    assert.deepEqual(content.arms, [
      'small · 2026-01-01T00-00-00 · BatchNorm',
      'x · mine · BatchNorm · batchSize 10',
      'x · mine · BatchNorm · batchSize 20',
    ]);
    assert.deepEqual([content.seeds, content.axes, content.again], [[1, 2], [], null]);
    const [first] = content.runs;
    assert.equal(first.frames.steps.at(-1), 60);
    assert.deepEqual(frames(first.id)?.frames.steps, first.frames.steps);
    assert.equal(new Set(content.runs.map(({ id }) => id)).size, 4);
    assert.equal(frames('unknown'), null);
    const { rows = [], settings = [] } = content.comparison ?? {};
    assert.deepEqual(
      rows.map(({ unpaired }) => unpaired),
      [null, null, null],
    );
    assert.deepEqual(settings.find(({ setting }) => setting === 'training/batchSize')?.values, [20, 10, 20]);
  });

  it('are refused if there is nothing to compare, too much, or no folder', () => {
    assert.throws(() => compare({ ...all(trained), arms: ['BatchNorm'] }), /needs at least two arms or runs/);
    assert.throws(() => compare(...Array.from({ length: 31 }, () => all(trained))), /62 arms .* at most 60/);
    rmSync(other, { recursive: true });
    assert.throws(() => compare(all(trained), all(other)), /is not a run folder/);
  });
});
