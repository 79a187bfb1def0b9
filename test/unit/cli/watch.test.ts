/** `bnexp watch --python`. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { watcherText } from '../../../src/runs/watcher/watcher';
import { World } from './support';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

describe('bnexp watch --python', () => {
  const written = (...path: string[]) => readFileSync(join(world.cwd, ...path), 'utf8');

  it('writes the file into a folder, and prints the lines that use it', async () => {
    mkdirSync(join(world.cwd, 'training'));
    const { code, out, err } = await world.run('watch', '--python', 'training');
    assert.equal(code, 0);
    assert.equal(written('training', 'batchnorm_lab.py'), watcherText);
    assert.equal(
      out,
      [
        'from batchnorm_lab import watch',
        '',
        'lab = watch(model, "runs/my-network", every=50)  # before the training loop',
        'lab.step(loss=loss, accuracy=accuracy)  # once after optimizer.step()',
        '',
      ].join('\n'),
    );
    assert.match(err, /^Wrote training.batchnorm_lab\.py\./);
  });

  it('imports a file with a different name by that name', async () => {
    const { code, out } = await world.run('watch', '--python', 'lab_2.py');
    assert.equal(code, 0);
    assert.match(out, /^from lab_2 import watch\n/);
    assert.equal(written('lab_2.py'), watcherText);
  });

  it('overwrites a file that differs only with --force', async () => {
    world.write('batchnorm_lab.py', 'print("mine")\n');
    const refused = await world.run('watch', '--python', '.');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /batchnorm_lab\.py exists and differs: .*--force/);
    assert.equal(written('batchnorm_lab.py'), 'print("mine")\n');
    assert.equal((await world.run('watch', '--python', '.', '--force')).code, 0);
    assert.equal(written('batchnorm_lab.py'), watcherText);
    const again = await world.run('watch', '--python', '.');
    assert.equal(again.code, 0);
    assert.match(again.err, /up to date/);
  });

  it('explains names that Python cannot import, missing folders, and a missing option', async () => {
    for (const name of ['my-lab.py', '2.py', 'lab.txt', 'lab']) {
      const { code, err } = await world.run('watch', '--python', name);
      assert.equal(code, 2);
      assert.match(err, /Python cannot import .*letters, digits and underscores/);
    }
    const { code, err } = await world.run('watch', '--python', 'missing/lab.py');
    assert.equal(code, 2);
    assert.match(err, /the folder "missing" does not exist/);
    assert.equal((await world.run('watch')).code, 2);
  });
});
