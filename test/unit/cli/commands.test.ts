/** `bnexp check`, `bnexp fix`, `bnexp presets` and `bnexp new`. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { presets } from '../../../src/experiment/presets';
import { small, World } from './support';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

describe('bnexp check', () => {
  it('prints the number of runs', async () => {
    world.write('small.bnexp.json', small);
    world.write('one.bnexp.json', { ...small, arms: undefined, training: { ...small.training, seeds: [1] } });
    const { code, out, err } = await world.run('check', 'small.bnexp.json', 'one.bnexp.json');
    assert.equal(code, 0);
    assert.match(
      out,
      /^small\.bnexp\.json: ok \(2 arms × 2 seeds = 4 runs, about \d+ kB of disk\)\none\.bnexp\.json: ok \(1 arm × 1 seed = 1 run, about \d+ kB of disk\)\n$/,
    );
    assert.equal(err, '');
  });

  it('checks every file, and fails if one has an error', async () => {
    world.write('good.bnexp.json', small);
    world.write('bad.bnexp.json', '{}');
    const { code, out, err } = await world.run('check', 'bad.bnexp.json', 'missing.bnexp.json', 'good.bnexp.json');
    assert.equal(code, 2);
    assert.match(out, /^good\.bnexp\.json: ok/);
    assert.match(err, /^bad\.bnexp\.json:1:1: error:/m);
    assert.match(err, /^missing\.bnexp\.json:1:1: error:/m);
  });

  it('prints diagnostics with file and place as JSON with --json', async () => {
    world.write('small.bnexp.json', small);
    assert.deepEqual(JSON.parse((await world.run('check', 'small.bnexp.json', '--json')).out), []);
    world.write('bad.bnexp.json', { ...small, nmae: 'x' });
    const { code, out, err } = await world.run('check', 'small.bnexp.json', 'bad.bnexp.json', '--json');
    assert.equal(code, 2);
    assert.equal(err, '');
    const [found, ...others] = JSON.parse(out);
    assert.deepEqual(others, []);
    assert.equal(found.file, 'bad.bnexp.json');
    assert.equal(found.severity, 'error');
    assert.match(found.message, /did you mean "name"/);
    assert.deepEqual(Object.keys(found).sort(), [
      'column',
      'file',
      'length',
      'line',
      'message',
      'offset',
      'path',
      'severity',
    ]);
  });

  it('prints a warning and succeeds', async () => {
    const rows = Array.from({ length: 60 }, (_, k) => `${k},${k === 0 ? 'rare' : k % 2 ? 'a' : 'b'}`);
    world.write('table.csv', ['x,label', ...rows].join('\n'));
    world.write('csv.bnexp.json', { ...small, data: { kind: 'csv', path: 'table.csv', target: 'label' } });
    const { code, out, err } = await world.run('check', 'csv.bnexp.json');
    // The only row of its class is either a training or a test row; it must be a training row.
    if (code === 0) {
      assert.match(err, /^csv\.bnexp\.json:\d+:\d+: warning: .*"rare".*no test example/);
      assert.match(out, /ok \(2 arms/);
    } else {
      assert.match(err, /error: .*"rare".*no training example/);
    }
  });

  it('summarizes a table', async () => {
    const rows = Array.from({ length: 60 }, (_, k) => `${k}.5,${k % 2 ? 'a' : 'b'}`);
    world.write('understood.csv', ['x,label', ...rows].join('\n'));
    world.write('understood.bnexp.json', { ...small, data: { kind: 'csv', path: 'understood.csv' } });
    const { code, out } = await world.run('check', 'understood.bnexp.json');
    assert.equal(code, 0);
    assert.match(
      out,
      /^ {2}data: 1 number → 1 feature; classification of "label", 2 classes: "a", "b"; 48 training and/m,
    );
    assert.match(out, /^ {2}first row: x "0\.5", label "b"$/m);
  });

  it('accepts every preset', async () => {
    const files = presets.map(({ id, text }) => world.write(`${id}.bnexp.json`, text));
    const { err } = await world.run('check', ...files);
    const expected = [
      // This preset needs files that the user downloads.
      /^paper-mnist.*there is no file "mnist\//,
      // This preset is about batches of two.
      /^batch-size-two.*: warning: a batch of 2 gives each mean and variance of \w+ two numbers/,
    ];
    const others = err.split('\n').filter((line) => line !== '' && !expected.some((pattern) => pattern.test(line)));
    assert.deepEqual(others, []);
  });
});

describe('bnexp fix', () => {
  it('corrects files, and prints what is left', async () => {
    world.write('a.bnexp.json', '{ // two moons\n  "data": "moons", "network": { "layers": [8] } }');
    world.write('b.bnexp.json', '{ "data": { "kind": "spirals" }, "network": { "layers": 0 } }');
    world.write('c.bnexp.json', small);
    const { code, out, err } = await world.run('fix', 'a.bnexp.json', 'b.bnexp.json', 'c.bnexp.json');
    assert.equal(code, 2);
    assert.equal(out, 'a.bnexp.json: 2 corrections\nb.bnexp.json: 1 correction\nc.bnexp.json: nothing to fix\n');
    assert.match(err, /^b\.bnexp\.json:1:\d+: error: layers must be a list/);
    const fixed = readFileSync(join(world.cwd, 'a.bnexp.json'), 'utf8');
    assert.equal(fixed, '{ // two moons\n  "data": { "kind": "moons" }, "network": { "layers": [{ "dense": 8 }] } }');
  });

  it('reads standard input', async () => {
    world.stdin = '{ "data": "moons", "network": { "layers": [] } }';
    const { code, out } = await world.run('fix', '-');
    assert.equal(code, 0);
    assert.equal(out, '{ "data": { "kind": "moons" }, "network": { "layers": [] } }\n');
  });
});

describe('bnexp presets', () => {
  it('lists all presets with title and summary', async () => {
    const { code, out } = await world.run('presets');
    assert.equal(code, 0);
    for (const { id, title, summary } of presets) assert.ok(out.includes(`${id}\n  ${title}\n  ${summary}`), id);
  });

  it('prints a list as JSON with --json', async () => {
    const listed = JSON.parse((await world.run('presets', '--json')).out);
    assert.deepEqual(
      listed,
      presets.map(({ id, title, summary }) => ({ id, title, summary })),
    );
  });
});

describe('bnexp new', () => {
  const [first] = presets;

  it('writes the preset under its name', async () => {
    const { code, out, err } = await world.run('new', first.id);
    assert.equal(code, 0);
    assert.equal(readFileSync(join(world.cwd, `${first.id}.bnexp.json`), 'utf8'), first.text);
    assert.match(out, /^Wrote first\.bnexp\.json: /);
    assert.match(err, /bnexp run first\.bnexp\.json/);
  });

  it('never overwrites without --force', async () => {
    world.write('mine.bnexp.json', 'mine');
    const refused = await world.run('new', first.id, 'mine.bnexp.json');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /mine\.bnexp\.json already exists.*--force/);
    assert.equal(readFileSync(join(world.cwd, 'mine.bnexp.json'), 'utf8'), 'mine');
    assert.equal((await world.run('new', first.id, 'mine.bnexp.json', '--force')).code, 0);
    assert.equal(readFileSync(join(world.cwd, 'mine.bnexp.json'), 'utf8'), first.text);
  });

  it('appends the extension to a bare name, and puts a file into a folder', async () => {
    mkdirSync(join(world.cwd, 'folder'));
    await world.run('new', first.id, 'bare');
    await world.run('new', first.id, 'folder');
    assert.equal(readFileSync(join(world.cwd, 'bare.bnexp.json'), 'utf8'), first.text);
    assert.equal(readFileSync(join(world.cwd, 'folder', 'first.bnexp.json'), 'utf8'), first.text);
  });

  it('warns about an extension that the editor does not recognize', async () => {
    const { code, err } = await world.run('new', first.id, 'mine.json');
    assert.equal(code, 0);
    assert.match(err, /warning: .*\.bnexp\.json, which is missing/);
  });

  it('refuses a missing folder', async () => {
    const { code, err } = await world.run('new', first.id, 'nowhere/mine.bnexp.json');
    assert.equal(code, 2);
    assert.match(err, /the folder "nowhere" does not exist: create it first/);
  });

  it('writes to standard output for -', async () => {
    const { out } = await world.run('new', first.id, '-');
    assert.equal(out.trim(), first.text.trim());
  });
});

describe('bnexp version', () => {
  it('prints version, runtime and kernels', async () => {
    const { code, out } = await world.run('version');
    assert.equal(code, 0);
    assert.match(
      out,
      /^bnexp \d+\.\d+\.\d+\nNode 24\.0\.0 \(V8 13\.6\) on linux x64\nTrains with SIMD kernels in 256-bit registers\n$/,
    );
    const json = JSON.parse((await world.run('version', '--json')).out);
    assert.equal(json.kernels, 'simd-256');
    assert.equal(json.node, '24.0.0');
  });
});

describe('bnexp inspect', () => {
  const model = (name: string) => readFileSync(join('test/fixtures/models', name));

  it('prints the normalizations of a model, and what looks wrong', async () => {
    world.write('net.onnx', model('net.onnx'));
    const { code, out, err } = await world.run('inspect', 'net.onnx');
    assert.equal(code, 0);
    assert.equal(err, '');
    assert.match(out, /^net\.onnx: ONNX, 4 normalizations\nname +kind +features +scale/);
    assert.match(out, /\n\/bn\/BatchNormalization +batch +3 +−2\.00 … 1\.50 .+ \/conv\/Conv\n/);
    assert.match(out, /\n! \/bn10\/BatchNormalization: the running statistics were never updated/);
  });

  it('prints the values of every channel as JSON, also those that are not numbers', async () => {
    world.write('net.safetensors', model('net.safetensors'));
    const { normalizations } = JSON.parse((await world.run('inspect', 'net.safetensors', '--json')).out);
    assert.deepEqual(normalizations[0].channels.shift, [0, 0, 0]);
    assert.equal(normalizations[3].channels.scale[3], 'NaN');
  });

  it('refuses a pickle with the remedy, and shows control characters of a name as text', async () => {
    const { code, err } = await world.run('inspect', 'model.pt');
    assert.equal(code, 2);
    assert.match(err, /^model\.pt: error: .+Save the weights as safetensors/);
    const header = Buffer.from(
      JSON.stringify({ '\u001b[31m.bn.weight': { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }),
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    world.write('named.safetensors', Buffer.concat([length, header, Buffer.alloc(4)]));
    const { out } = await world.run('inspect', 'named.safetensors');
    assert.match(out, /31m\.bn/);
    assert.ok(!out.includes('\u001b'));
  });
});
