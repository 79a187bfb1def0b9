/** `bnexp logs`, and `bnexp export csv` of event files of other programs. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { framed } from '../../../src/runs/log/records';
import { onlyPosix, skip } from '../../support/skip';
import { event, scalarRecord, scalarValue, startRecord } from '../runs/logs/support/events';
import { World } from './support';

const name = 'events.out.tfevents.1700000000.host';

describe('bnexp logs', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  const write = (folder: string, ...records: Uint8Array[]) => {
    mkdirSync(join(world.cwd, folder), { recursive: true });
    writeFileSync(join(world.cwd, folder, name), Buffer.concat(records));
  };

  it('lists runs and tags', async () => {
    cpSync('test/fixtures/logs/torch', join(world.cwd, 'torch'), { recursive: true });
    const { code, out, err } = await world.run('logs', 'torch');
    assert.equal(code, 0);
    const lines = out.split('\n').map((line) => line.replace(/ {2,}/g, '  '));
    assert.equal(lines[0], '4 runs with 6 tags, 22 values in 5 files (12 kB)');
    assert.ok(lines.includes('torch  1  2  4  19  0 to 8  2023-11-14 22:15:08'), out);
    assert.ok(lines.includes('loss/train  scalar  1  15  0 to 8'), out);
    assert.ok(lines.includes('both  scalar  2  2  5 to 5'), out);
    assert.equal(err, 'note: hparams, seed 1: not shown: 3 × hparams.\n');
  });

  it('prints one JSON object', async () => {
    write('a/seed-2', scalarRecord('loss', 1, 0.5), framed(event(2, [scalarValue('loss', Number.NaN)])));
    const { code, out } = await world.run('logs', 'a', '--json');
    assert.equal(code, 0);
    const { runs, damage, notes } = JSON.parse(out);
    assert.deepEqual([runs.length, damage, notes], [1, [], []]);
    const [{ arm, seed, tags, files }] = runs;
    assert.deepEqual([arm, seed, files[0].name, files[0].records], ['a', 2, `seed-2/${name}`, 2]);
    const counts = { values: 2, firstStep: 1, lastStep: 2, lastValue: null, repeats: 0, restarts: 0 };
    assert.deepEqual(tags, [{ name: 'loss', kinds: ['scalar'], ...counts }]);
  });

  it('reports damage with file and byte, and exits with 1', async () => {
    const wrong = scalarRecord('loss', 2);
    wrong[20] ^= 1;
    write('a', scalarRecord('loss', 1), wrong, scalarRecord('loss', 3));
    const { code, out, err } = await world.run('logs', 'a');
    assert.equal(code, 1);
    assert.match(out, /loss +scalar +1 +2 +1 to 3/);
    assert.match(err, /warning: events\.\S+: byte 42: the checksum of a record is wrong\./);
    const { damage, runs } = JSON.parse((await world.run('logs', 'a', '--json')).out);
    assert.equal(damage.length, 2);
    assert.deepEqual(runs[0].files[0].damage, [{ offset: 42, problem: 'the checksum of a record is wrong' }]);
  });

  it('shows names from files as text only', async function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    write('a\u001b[31m', scalarRecord('loss\u001b]0;title\u0007\n\u202e', 1));
    for (const args of [
      ['logs', '.'],
      ['logs', '.', '--json'],
      ['export', 'csv', '.', 'out.csv'],
    ]) {
      const { code, out, err } = await world.run(...args);
      assert.equal(code, 0, err);
      for (const obeyed of ['\u001b', '\u0007', '\u202e']) assert.ok(!(out + err).includes(obeyed), out + err);
    }
    assert.match((await world.run('logs', '.')).out, /loss\\u001b\]0;title\\u0007 \\u202e +scalar/);
  });

  it('refuses what has no event files', async () => {
    mkdirSync(join(world.cwd, 'empty'));
    world.write('notes.txt', 'no event file');
    for (const name of ['empty', 'notes.txt']) {
      const { code, err } = await world.run('logs', name);
      assert.equal(code, 2);
      assert.ok(
        err.includes(`no event files were found in ${name}: specify a folder with files named *tfevents*`),
        err,
      );
    }
    const missing = await world.run('logs', 'nothing');
    assert.equal(missing.code, 2);
    assert.match(missing.err, /nothing is missing: specify a folder with event files/);
  });

  it('lists 60 rows, and all as JSON', async () => {
    write(
      'a',
      framed(
        event(
          0,
          Array.from({ length: 70 }, (_, k) => scalarValue(`tag ${k}`, k)),
        ),
      ),
    );
    assert.match((await world.run('logs', 'a')).out, /tag 59 .*\n… and 10 more, which --json lists\n$/);
    assert.equal(JSON.parse((await world.run('logs', 'a', '--json')).out).runs[0].tags.length, 70);
  });

  it('names run logs of the lab, of which it lists a part', async () => {
    mkdirSync(join(world.cwd, 'own'));
    cpSync('test/fixtures/runs/tagged.tfevents', join(world.cwd, 'own/events.out.tfevents.1700000000.bnexp'));
    const { code, err } = await world.run('logs', 'own');
    assert.equal(code, 0);
    assert.match(
      err,
      /note: 1 file is a run log of BatchNorm Lab: only the values that TensorBoard shows are listed\./,
    );
  });

  it('ends at a link that leads back to itself', async function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    symlinkSync(join(world.cwd, 'self'), join(world.cwd, 'self'));
    const { code, err } = await world.run('logs', 'self');
    assert.equal(code, 2);
    assert.match(err, /self is a link that leads back to itself/);
  });
});

describe('bnexp export csv of event files', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  it('writes every scalar, without those that were replaced', async () => {
    const folder = join(world.cwd, 'a/seed-1');
    mkdirSync(folder, { recursive: true });
    const records = [
      ...[1, 2, 3, 4].map((step) => scalarRecord('loss', step, step)),
      ...[1, 4].map((step) => scalarRecord('a "b"', step, step)),
      // The program goes back twice; the earlier step counts for all before it.
      scalarRecord('loss', 4, 44),
      scalarRecord('loss', 3, 33),
      scalarRecord('loss', 3, Number.NaN),
      // A session starts at step 4: one value of the other tag is void.
      startRecord(4),
      scalarRecord('loss', 5, Number.POSITIVE_INFINITY),
    ];
    writeFileSync(join(folder, name), Buffer.concat(records));
    const { code, out } = await world.run('export', 'csv', '.', 'out.csv');
    assert.equal(code, 0);
    assert.match(out, /^Wrote out\.csv: scalars of event files, /);
    const row = (tag: string, step: number, value: string | number) => `a,1,${tag},${step},1700000000,${value}`;
    const expected = [
      'arm,seed,tag,step,wallTime,value',
      row('loss', 1, 1),
      row('loss', 2, 2),
      row('"a ""b"""', 1, 1),
      row('loss', 3, 'nan'),
      row('loss', 5, 'inf'),
      '',
    ];
    assert.equal(readFileSync(join(world.cwd, 'out.csv'), 'utf8'), expected.join('\r\n'));
  });

  it('agrees with the fixtures, and reports what it does not write', async () => {
    cpSync('test/fixtures/logs/torch', join(world.cwd, 'torch'), { recursive: true });
    const { out, err } = await world.run('export', 'csv', 'torch', '-');
    assert.equal(out.trim().split('\n').length, 1 + 9 + 1 + 1 + 1);
    assert.match(out, /torch,1,loss\/train,5,1700000005,0\.16666667\r?\ntorch,1,loss\/train,6,1700000106,106/);
    assert.equal(err, 'warning: torch: the 3 tags without scalars are not written\n');
  });

  it('writes no page of them', async () => {
    cpSync('test/fixtures/logs/keras', join(world.cwd, 'keras'), { recursive: true });
    const { code, err } = await world.run('export', 'html', 'keras');
    assert.equal(code, 2);
    assert.match(err, /has event files of a different program, which can be exported as csv only/);
    rmSync(join(world.cwd, 'keras'), { recursive: true });
    mkdirSync(join(world.cwd, 'keras'));
    assert.match((await world.run('export', 'csv', 'keras')).err, /is not a run folder/);
  });
});
