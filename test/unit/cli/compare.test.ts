/** `bnexp compare`. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { small as experiment, planOf } from '../runs/support/experiments';
import { saveFolder } from '../runs/support/savedFolder';
import { World } from './support';

describe('runs on the command line', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  const save = (file: string, changes: object = {}) =>
    saveFolder({
      base: world.cwd,
      file: `${file}.bnexp.json`,
      stamp: '2026-01-01T00-00-00',
      plan: planOf({ ...experiment, ...changes }),
      summaryOf: ({ arm, seed }) => ({
        final: { trainLoss: 0.1, testLoss: 0.2, testAccuracy: (arm === 'without' ? 0.5 : 0.8) + seed / 1000 },
      }),
    });
  const place = (file: string) => join('.bnexp/runs', file, '2026-01-01T00-00-00');

  it('are compared across files, with the settings that differ', async () => {
    save('one');
    save('two', { training: { ...experiment.training, batchSize: 40 } });
    const { code, out } = await world.run('compare', place('one'), place('two'), place('one'));
    assert.equal(code, 0);
    assert.match(out, /^1 {2}one · 2026-01-01T00-00-00 · without\n/);
    assert.match(out, /\n4 {2}two · 2026-01-01T00-00-00 · BatchNorm\n/);
    assert.match(out, /test accuracy +runs +mean +95 % interval +difference from 1/);
    assert.match(out, /\n4 +3 +80\.20 % +– +\+30\.00 points +– +3\n|\n4 +3 +80\.20 % +\S+ +\+30\.00 points/);
    assert.match(out, /\ntraining\/batchSize +20 +20 +40 +40/);
    const json = await world.run('compare', place('one'), place('two'), '--arm', 'BatchNorm', '--json');
    const { rows, settings } = JSON.parse(json.out);
    assert.deepEqual(
      rows.map(({ label }: { label: string }) => label),
      ['one · 2026-01-01T00-00-00 · BatchNorm', 'two · 2026-01-01T00-00-00 · BatchNorm'],
    );
    assert.equal(rows[1].results.testAccuracy.difference.number, 3);
    assert.ok(settings.some(({ setting }: { setting: string }) => setting === 'training/batchSize'));
  });

  it('are refused if there is nothing to compare', async () => {
    save('one');
    const cases: [string[], RegExp][] = [
      [[place('one'), '--arm', 'BatchNorm'], /needs at least two arms or runs/],
      [[place('one'), '--arm', 'batchnorm'], /no run has the arm "batchnorm"/],
      [['nowhere'], /nowhere is not a run folder/],
      [[], /missing required argument/],
    ];
    for (const [args, message] of cases) {
      const { code, err } = await world.run('compare', ...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, message);
    }
  });
});
