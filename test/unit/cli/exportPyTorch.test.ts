/** `bnexp export pytorch` and `bnexp parity`: files, messages and exit codes. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { watcherText } from '../../../src/runs/watcher/watcher';
import { absence } from '../../support/python';
import { skip } from '../../support/skip';
import { tensorsIn } from '../runs/support/tensors';
import { small, World } from './support';

describe('bnexp export pytorch', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.write('small.bnexp.json', small);
  });
  afterEach(() => world.remove());
  const read = (name: string) => readFileSync(join(world.cwd, name), 'utf8');

  it('writes the script and the watcher, and does not overwrite a file without --force', async () => {
    const { code, out } = await world.run('export', 'pytorch', 'small.bnexp.json');
    assert.equal(code, 0);
    assert.equal(out, 'Wrote small.py and batchnorm_lab.py. Train with: python3 small.py\n');
    assert.match(read('small.py'), /^SEEDS = \[1, 2\]$/m);
    assert.equal(read('batchnorm_lab.py'), watcherText);
    const again = await world.run('export', 'pytorch', 'small.bnexp.json');
    assert.equal(again.code, 2);
    assert.match(again.err, /small\.py already exists: choose a different file, or overwrite it with --force/);
    assert.equal((await world.run('export', 'pytorch', 'small.bnexp.json', '--force', '--arm', 'BatchNorm')).code, 0);
    assert.ok(!read('small.py').includes('without'));
  });

  it('writes what the first seed starts from with --exact, or that of given seeds', async () => {
    mkdirSync(join(world.cwd, 'scripts'));
    const { out } = await world.run('export', 'pytorch', 'small.bnexp.json', 'scripts/x.py', '--exact');
    assert.match(out, /^Wrote scripts\/x\.py, 2 files \([\d.]+ kB\) in scripts\/x_start and batchnorm_lab\.py/);
    const { tensors } = tensorsIn(readFileSync(join(world.cwd, 'scripts/x_start/BatchNorm/seed-1.safetensors')));
    const shapes = Object.fromEntries(tensors.map(({ name, shape }) => [name, shape]));
    assert.deepEqual([shapes['train.x'], shapes['test.y'], shapes.minibatches], [[40, 2], [20], [200]]);
    assert.deepEqual(shapes['network.hidden1.weight'], [4, 2]);
    assert.equal(existsSync(join(world.cwd, 'scripts/x_start/BatchNorm/seed-2.safetensors')), false);
    await world.run('export', 'pytorch', 'small.bnexp.json', 'y.py', '--exact', '--seeds', '2,3', '--force');
    assert.ok(existsSync(join(world.cwd, 'y_start/without/seed-3.safetensors')));
    assert.match(read('y.py'), /^SEEDS = \[2, 3\]$/m);
  });

  it('writes the examples of a table beside the script', async () => {
    const rows = Array.from({ length: 40 }, (_, k) => `${k},${k % 3},${k * 0.5}`);
    world.write('table.csv', ['a,b,y', ...rows].join('\n'));
    const data = { kind: 'csv', path: 'table.csv', target: 'y', standardizeTarget: true };
    world.write('table.bnexp.json', { ...small, data });
    const { code } = await world.run('export', 'pytorch', 'table.bnexp.json');
    assert.equal(code, 0);
    assert.match(read('table.py'), /F\.mse_loss/);
    const { tensors } = tensorsIn(readFileSync(join(world.cwd, 'table_start/BatchNorm/seed-2.safetensors')));
    assert.deepEqual(
      tensors.map(({ name, shape }) => [name, shape]),
      [
        ['test.x', [8, 2]],
        ['test.y', [8, 1]],
        ['train.x', [32, 2]],
        ['train.y', [32, 1]],
      ],
    );
  });

  it('refuses an invalid file, another ending and an experiment that PyTorch cannot express', async () => {
    world.write('wrong.bnexp.json', { ...small, name: 3 });
    assert.equal((await world.run('export', 'pytorch', 'wrong.bnexp.json')).code, 2);
    assert.match(
      (await world.run('export', 'pytorch', 'small.bnexp.json', 'x.txt')).err,
      /choose a name that ends in \.py/,
    );
    const optimizer = { kind: 'sgd', momentum: 0.9 };
    const changes = [
      { at: 1, momentum: 0 },
      { at: 2, momentum: 0.9 },
    ];
    world.write('again.bnexp.json', { ...small, training: { ...small.training, optimizer, changes } });
    const { code, err } = await world.run('export', 'pytorch', 'again.bnexp.json');
    assert.equal(code, 2);
    assert.match(err, /again\.bnexp\.json cannot be exported to PyTorch: momentum is turned off and on again/);
    assert.equal(existsSync(join(world.cwd, 'again.py')), false);
  });
});

describe('bnexp parity', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.write('small.bnexp.json', small);
  });
  afterEach(() => world.remove());

  it('prints a certificate for each arm, with a line for each tensor', async function () {
    this.timeout(60_000);
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    const python = ['--python', '/usr/bin/python3', '--steps', '2'];
    const { code, out } = await world.run('parity', 'small.bnexp.json', ...python);
    assert.equal(code, 0);
    assert.match(
      out,
      /^without, seed 1, after 2 steps, PyTorch [\d.a]+: agrees\n {2}tensor {2,}difference {2}relative {2}tolerance\n/,
    );
    assert.match(out, /^ {2}parameter\/hidden1_norm\.running_var +\S+ +\S+ +1\.0e-4$/m);
    const json = await world.run('parity', 'small.bnexp.json', ...python, '--arm', 'BatchNorm', '--json');
    const { runs } = JSON.parse(json.out);
    assert.deepEqual([runs.length, runs[0].run, runs[0].agrees], [1, 'BatchNorm/seed-1', true]);
    assert.deepEqual([runs[0].outcome, runs[0].perturbations], ['agrees', [16]]);
    const { spread, amplification } = runs[0].tensors.at(-1);
    assert.ok(
      spread > 1e-8 && spread < 1e-4 && amplification > 0.1 && amplification < 1000,
      `${spread}, ${amplification}`,
    );
    assert.ok(runs[0].tensors.length > 15);
  });

  it('exits with 2 if PyTorch is missing', async () => {
    const { code, err } = await world.run('parity', 'small.bnexp.json', '--python', join(world.cwd, 'none'));
    assert.equal(code, 2);
    assert.match(err, /cannot be started .*: name a Python that has PyTorch with --python/);
  });
});
