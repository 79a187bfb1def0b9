/** `bnexp merge`: the folders of shards become one, which gives the verdict of one machine. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shardOf } from '../../../src/cli/shards';
import { version } from '../../../src/cli/version';
import { experimentName, indexName, newRunFolder, summaryName } from '../../../src/runs/folder/layout';
import { readSummaryFile, writeSummaryFile } from '../../../src/runs/folder/summaryFile';
import { copyOf, tiny, trainedInto } from '../runs/folder/support/folders';
import { planOf, temporaryFolder } from '../runs/support/experiments';
import { sessionOf } from '../runs/support/inProcess';
import { World } from './support';

describe('bnexp merge', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const experiment = {
    ...tiny,
    training: { ...tiny.training, seeds: [3, 1, 2] },
    sweep: { '/training/optimizer/learningRate': [0.1, 0.05] },
  };
  const world = new World();
  const shards = () => [1, 2, 3].map((index) => folder.path(`shard-${index}`));
  before(async () => {
    await trainedInto(folder.path('whole'), experiment);
    for (const [k, out] of shards().entries()) {
      await train(k + 1, newRunFolder('tiny.bnexp.json', out));
    }
    edit(join(folder.path('whole'), indexName), (index) => ({ ...index, engine: version }));
  });
  after(() => world.remove());

  async function train(index: number, out: string): Promise<void> {
    const plan = shardOf(planOf(experiment), { index, count: 3 });
    const { session } = sessionOf(plan, { folder: out, file: 'tiny.bnexp.json' });
    session.start();
    await session.ended;
    edit(join(out, indexName), (index) => ({ ...index, engine: version }));
  }

  function edit(path: string, change: (value: Record<string, unknown>) => object): void {
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
  }
  let made = 0;
  const fresh = () => folder.path(`merged-${++made}`);
  const copy = (of: string) => copyOf(of, folder.path('copy'));

  it('gives the verdict, the tables and the frames of one machine, to the byte', async () => {
    const out = fresh();
    const merged = await world.run('merge', ...shards().reverse(), '--out', out);
    assert.deepEqual([merged.code, merged.err], [0, '']);
    assert.equal(merged.out, `${out}: 12 of 12 runs with results.\n`);
    await assertLikeWhole(out);
    const runs = (of: string) =>
      JSON.parse(readFileSync(join(of, indexName), 'utf8')).runs.map(({ id }: { id: string }) => id);
    assert.deepEqual(runs(out), runs(folder.path('whole')));
    assert.deepEqual(
      readdirSync(out).filter((name) => name.startsWith('runs')),
      [indexName],
    );
  });

  it('is not needed for shards that were trained into one folder, in any order', async () => {
    const out = newRunFolder('tiny.bnexp.json', fresh());
    for (const index of [2, 3, 1]) await train(index, out);
    await assertLikeWhole(out);
  });

  async function assertLikeWhole(out: string): Promise<void> {
    for (const command of [
      ['verdict', '--json'],
      ['verdict', '--markdown'],
      ['export', 'csv'],
    ]) {
      const [name, ...options] = command;
      const args = (of: string) => (name === 'export' ? [name, ...options, of, '-'] : [name, of, ...options]);
      const whole = await world.run(...args(folder.path('whole')));
      assert.equal((await world.run(...args(out))).out, whole.out, command.join(' '));
      assert.equal(whole.code, 0);
    }
  }

  it('names what is missing, also of a run that was interrupted', async () => {
    const [first, second, third] = shards();
    const { code, out, err } = await world.run('merge', first, second, '--out', fresh());
    assert.equal(code, 1);
    assert.match(out, /: 8 of 12 runs with results\.$/m);
    assert.match(err, /^4 runs without results: "without", learningRate 0\.05, seed 3; /m);
    const cut = copy(third);
    const [{ id }] = JSON.parse(readFileSync(join(cut, indexName), 'utf8')).runs;
    rmSync(join(cut, id, summaryName));
    const interrupted = await world.run('merge', first, second, cut, '--out', fresh());
    assert.equal(interrupted.code, 1);
    assert.match(interrupted.out, /: 11 of 12 runs/);
    assert.match(interrupted.err, /^1 run without results: /m);
  });

  it('takes one of two copies of a run, and the one that has ended', async () => {
    const [first, second, third] = shards();
    const cut = copy(first);
    const [{ id }] = JSON.parse(readFileSync(join(cut, indexName), 'utf8')).runs;
    rmSync(join(cut, id, summaryName));
    const { code, out, err } = await world.run('merge', cut, first, second, third, '--out', fresh());
    assert.equal(code, 0, err);
    assert.match(out, /: 12 of 12 runs/);
    assert.match(err, /^3 runs in several folders, with the same results: /m);
  });

  it('refuses folders that contradict each other, and writes nothing', async () => {
    const other = copy(shards()[0]);
    const [{ id }] = JSON.parse(readFileSync(join(other, indexName), 'utf8')).runs;
    const { summary } = readSummaryFile(join(other, id));
    assert.ok(summary);
    writeSummaryFile(join(other, id), { ...summary, parametersHash: '0'.repeat(64) });
    const out = fresh();
    const { code, err } = await world.run('merge', shards()[0], other, '--out', out);
    assert.equal(code, 2);
    assert.match(err, /contradict each other: in the first, .* has other results \(parametersHash is "0+…/);
    assert.throws(() => readdirSync(out), /ENOENT/);
  });

  it('names a damaged run', async () => {
    const [first, second, third] = shards();
    const damaged = copy(third);
    const [{ id }] = JSON.parse(readFileSync(join(damaged, indexName), 'utf8')).runs;
    edit(join(damaged, id, experimentName), (value) => ({ ...value, notes: 'edited' }));
    const { code, err } = await world.run('merge', first, second, damaged, '--out', fresh());
    assert.equal(code, 1);
    assert.match(err, /: its experiment\.json was changed after the run$/m);
  });

  const others: [says: string, changes: object, message: RegExp][] = [
    ['another experiment', { name: 'Other' }, /different experiment \("Other" there, and "Tiny" in /],
    ['another claim', { claim: { ...tiny.claim, by: 0.5 } }, /different experiment \(claim\.0\.by is /],
    ['other settings', { training: { ...experiment.training, steps: 15 } }, /training\.steps is 15 there, and 12 here/],
  ];
  for (const [says, changes, message] of others) {
    it(`refuses a folder of ${says}`, async () => {
      const own = folder.path(`other ${says}`);
      const changed = { ...experiment, ...changes };
      await trainedInto(own, { ...changed, training: { ...changed.training, seeds: [9] } });
      edit(join(own, indexName), (index) => ({ ...index, engine: version }));
      const { code, err } = await world.run('merge', shards()[0], own, '--out', fresh());
      assert.equal(code, 2);
      assert.match(err, message);
    });
  }

  it('refuses another version of the engine, a folder that is not empty, and one that is no run folder', async () => {
    const old = copy(shards()[1]);
    edit(join(old, indexName), (index) => ({ ...index, engine: '0.0.1' }));
    const cases: [args: string[], message: RegExp][] = [
      [[shards()[0], old, '--out', fresh()], /was run by version 0\.0\.1 of the engine, and .* by /],
      [[shards()[0], '--out', shards()[1]], /is not empty: choose another folder/],
      [[folder.path('nowhere'), '--out', fresh()], /nowhere is not a run folder/],
    ];
    for (const [args, message] of cases) {
      const { code, err } = await world.run('merge', ...args);
      assert.equal(code, 2);
      assert.match(err, message);
    }
  });
});
