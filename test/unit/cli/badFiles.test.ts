/** Every invalid file is refused with its place, the reason and exit code 2, by `check` and by `run`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { onlyPosix, skip } from '../../support/skip';
import { small, World } from './support';

const csv = { ...small, data: { kind: 'csv', path: 'table.csv', target: 'label' }, arms: undefined };
const idx = {
  ...small,
  data: { kind: 'idx', trainImages: 'images', trainLabels: 'labels', testImages: 'images', testLabels: 'labels' },
  arms: undefined,
};
const idxImages = (magic: number, count: number, body: number) => {
  const bytes = Buffer.alloc(16 + body);
  [magic, count, 2, 2].forEach((value, k) => {
    bytes.writeUInt32BE(value, 4 * k);
  });
  return bytes;
};
const idxLabels = (count: number) => {
  const bytes = Buffer.alloc(8 + count);
  bytes.writeUInt32BE(0x801, 0);
  bytes.writeUInt32BE(count, 4);
  for (let k = 0; k < count; k++) bytes[8 + k] = k % 2;
  return bytes;
};

interface Bad {
  what: string;
  /** The experiment file. */
  content: string | Uint8Array | object;
  /** Files beside the experiment. */
  beside?: Record<string, string | Uint8Array>;
  place: string | RegExp;
  says: RegExp;
}

const text = JSON.stringify(small, null, 2);
const bads: Bad[] = [
  { what: 'empty', content: '', place: '1:1', says: /the file is empty: .*bnexp new/ },
  { what: 'not JSON', content: 'name: Small\n', place: '1:1', says: /is not allowed here/ },
  { what: 'truncated', content: text.slice(0, 120), place: /^\d+:\d+$/, says: /is missing|expected|not closed/ },
  { what: 'binary', content: Uint8Array.of(0xff, 0xfe, 0x7b, 0x00), place: '1:1', says: /not UTF-8.*save it/ },
  { what: 'nested deeply', content: '['.repeat(100_000), place: '1:65', says: /at most 64/ },
  {
    what: 'a duplicate key',
    content: text.replace('"name"', '"name": "x",\n"name"'),
    place: '3:1',
    says: /duplicate/,
  },
  { what: 'NaN', content: text.replace('"steps": 20', '"steps": NaN'), place: '20:14', says: /NaN is not allowed/ },
  {
    what: '1e999',
    content: text.replace('"steps": 20', '"steps": 1e999'),
    place: '20:14',
    says: /too large to be finite/,
  },
  {
    what: 'a negative size',
    content: text.replace('"dense": 4', '"dense": -4'),
    place: '11:18',
    says: /-4|at least 1/,
  },
  {
    what: 'an unknown property',
    content: text.replace('"batchSize"', '"batchsize"'),
    place: '19:5',
    says: /did you mean "batchSize"/,
  },
  {
    what: 'path traversal',
    content: { ...csv, data: { ...csv.data, path: '../../etc/passwd' } },
    place: '5:13',
    says: /leaves the experiment's folder/,
  },
  { what: 'a CSV file that is missing', content: csv, place: '5:13', says: /no file "table\.csv".*copy it there/ },
  {
    what: 'a CSV file with ragged rows',
    content: csv,
    beside: { 'table.csv': 'x,y,label\n1,2,a\n3,4\n5,6,b\n' },
    place: '5:13',
    says: /^table\.csv:3: has 2 fields/,
  },
  {
    what: 'an IDX file with a wrong magic number',
    content: idx,
    beside: { images: idxImages(0x1234, 20, 80), labels: idxLabels(20) },
    place: /^\d+:\d+$/,
    says: /images begins with 0x00001234, but an IDX file/,
  },
  {
    what: 'an IDX file with a short body',
    content: idx,
    beside: { images: idxImages(0x803, 20, 60), labels: idxLabels(20) },
    place: /^\d+:\d+$/,
    says: /images/,
  },
];

describe('invalid files', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  for (const { what, content, beside = {}, place, says } of bads) {
    it(what, async () => {
      world.write('bad.bnexp.json', content);
      for (const [name, bytes] of Object.entries(beside)) world.write(name, bytes);
      for (const command of ['check', 'run']) {
        const { code, out, err } = await world.run(command, 'bad.bnexp.json');
        assert.equal(code, 2, err);
        assert.equal(out, '');
        const [line] = err.split('\n');
        const match = /^bad\.bnexp\.json:(\d+:\d+): error: (.+)$/.exec(line);
        assert.ok(match, err);
        if (typeof place === 'string') assert.equal(match[1], place, err);
        else assert.match(match[1], place);
        assert.match(match[2], says);
        assert.doesNotMatch(err, /^\s+at /m, 'a stack trace');
      }
      assert.equal(world.sessions.length, 0);
    });
  }

  it('of 100 MB are refused without reading them', async () => {
    world.write('big.bnexp.json', '');
    truncateSync(join(world.cwd, 'big.bnexp.json'), 1e8);
    const { code, err } = await world.run('run', 'big.bnexp.json');
    assert.equal(code, 2);
    assert.match(err, /^big\.bnexp\.json:1:1: error: the file is too large \(100 MB\).*4 million characters/);
  });

  it('include endless standard input', async () => {
    world.stdin = 'x'.repeat(12_000_001);
    const { code, err } = await world.run('check', '-');
    assert.equal(code, 2);
    assert.match(err, /^<stdin>:1:1: error: the file is too large/);
  });

  it('include a missing file: a similar name is suggested', async () => {
    world.write('first.bnexp.json', small);
    const { code, err } = await world.run('run', 'frist.bnexp.json');
    assert.equal(code, 2);
    assert.equal(err, 'frist.bnexp.json:1:1: error: the file does not exist: did you mean "first.bnexp.json"?\n');
  });

  it('include a folder', async () => {
    mkdirSync(join(world.cwd, 'folder'));
    const { code, err } = await world.run('run', 'folder');
    assert.equal(code, 2);
    assert.match(err, /^folder:1:1: error: this is a folder: specify an experiment file/);
  });

  it('include a FIFO and a device, which nobody may ever write to', async function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    execFileSync('mkfifo', [join(world.cwd, 'fifo.bnexp.json')]);
    symlinkSync('/dev/zero', join(world.cwd, 'endless.bnexp.json'));
    for (const [name, type] of [
      ['fifo.bnexp.json', 'FIFO'],
      ['endless.bnexp.json', 'device'],
    ]) {
      for (const command of ['check', 'run']) {
        const { code, err } = await world.run(command, name);
        assert.equal(code, 2);
        assert.equal(
          err,
          `${name}:1:1: error: this is a ${type}, not a file: pass the experiment on standard input, with - in place of the name\n`,
        );
      }
    }
  });

  it('include data files that are FIFOs, devices or folders', async function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    mkdirSync(join(world.cwd, 'folder'));
    execFileSync('mkfifo', [join(world.cwd, 'fifo')]);
    symlinkSync('/dev/zero', join(world.cwd, 'device'));
    for (const [type, says] of [
      ['folder', /folder is a folder: name the file in it/],
      ['fifo', /fifo is a FIFO \(a named pipe\), not a regular file/],
      ['device', /device is a device, not a regular file/],
    ] as const) {
      const { data } = idx;
      const ofIdx = Object.fromEntries(Object.keys(data).map((key) => [key, key === 'kind' ? 'idx' : type]));
      for (const content of [
        { ...csv, data: { ...csv.data, path: type } },
        { ...idx, data: ofIdx },
      ]) {
        world.write('bad.bnexp.json', content);
        for (const command of ['check', 'run']) {
          const { code, err } = await world.run(command, 'bad.bnexp.json');
          assert.equal(code, 2, err);
          assert.match(err, /^bad\.bnexp\.json:\d+:\d+: error: /);
          assert.match(err, says);
        }
      }
    }
  });

  it('include a data file that disappears after the check', async () => {
    world.write('good.bnexp.json', csv);
    world.write(
      'table.csv',
      `x,y,label\n${Array.from({ length: 40 }, (_, k) => `${k}.5,${k % 7},${k % 2 ? 'a' : 'b'}\n`).join('')}`,
    );
    world.onErr = (line) => {
      if (line.includes('2 classes')) rmSync(join(world.cwd, 'table.csv'));
    };
    const { code, err } = await world.run('run', 'good.bnexp.json');
    assert.equal(code, 2);
    assert.match(
      err,
      /error: good\.bnexp\.json: table\.csv is not in the experiment's folder: copy it there, or correct the path\n$/,
    );
  });

  it('prevent all runs, even if the other files are valid', async () => {
    world.write('good.bnexp.json', small);
    world.write('bad.bnexp.json', '{');
    const { code, err } = await world.run('run', 'good.bnexp.json', 'bad.bnexp.json');
    assert.equal(code, 2);
    assert.match(err, /^bad\.bnexp\.json:1:1: error:/);
    assert.equal(world.sessions.length, 0);
  });

  it('cannot send control characters to the terminal', async () => {
    world.write('bad\u001b[2J.bnexp.json', '{}');
    const { err } = await world.run('check', 'bad\u001b[2J.bnexp.json');
    assert.match(err, /:1:1: error:/);
    assert.ok(!err.includes('\u001b'));
  });
});
