/** The scripts in examples/python run, and their logs read back. Each is skipped where its library is missing. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logNamesIn, readLogFile } from '../../../../src/runs/folder/runLogFiles';
import { absence, python } from '../../../support/python';
import { skip } from '../../../support/skip';
import { temporaryFolder } from '../support/experiments';

/** By script: the modules that it needs, its run, and the watched steps. */
const scripts: Record<string, { needs: string[]; run: string; steps: number[] }> = {
  'pytorch.py': { needs: ['torch'], run: 'Sequential', steps: Array.from({ length: 20 }, (_, k) => 10 * k) },
  // 48 updates; the test set after each 16.
  'lightning_callback.py': {
    needs: ['torch', 'lightning'],
    run: 'Classifier',
    steps: [0, 5, 10, 15, 16, 20, 25, 30, 32, 35, 40, 45, 48],
  },
  'huggingface_callback.py': {
    needs: ['torch', 'transformers', 'accelerate'],
    run: 'BertForSequenceClassification',
    steps: [0, 5, 10, 15, 20],
  },
  'fastai_callback.py': {
    needs: ['torch', 'fastai'],
    run: 'Sequential',
    steps: Array.from({ length: 10 }, (_, k) => 5 * k),
  },
};
/** Keras writes TensorBoard's own files. */
const others = { 'keras_callback.py': { needs: ['keras', 'tensorflow'] } };

const examples = join(process.cwd(), 'examples/python');

describe('the examples in Python', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  function runExample(context: Mocha.Context, script: string, needs: readonly string[]): string {
    const reason = absence(needs);
    if (reason) skip(context, reason);
    const out = folder.path(script);
    const { status, stderr } = spawnSync(python, ['-B', join(examples, script), out], {
      encoding: 'utf8',
      cwd: folder.path(),
      env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONPATH: join(process.cwd(), 'src/runs/watcher') },
    });
    assert.equal(status, 0, stderr);
    return out;
  }

  for (const [script, { needs, run, steps }] of Object.entries(scripts)) {
    it(`${script} writes a run log`, function () {
      const own = join(runExample(this, script, needs), run, 'seed-1');
      const [name, ...more] = logNamesIn(own);
      assert.deepEqual(more, []);
      const { heading, frames, end } = readLogFile(join(own, name));
      assert.equal(end.kind, 'whole');
      assert.deepEqual(Array.from(frames.steps), steps);
      const at = (channel: string) => frames.values[heading?.channels.indexOf(channel) ?? -1];
      assert.ok(Number.isFinite(at('network/train/loss')));
      assert.ok(heading?.channels.some((channel) => channel.endsWith('/weights/gradientNorm')));
      assert.ok(heading?.channels.includes('network/training/learningRate'));
    });
  }

  it('keras_callback.py writes event files', function () {
    const out = runExample(this, 'keras_callback.py', others['keras_callback.py'].needs);
    assert.deepEqual(readdirSync(out).sort(), ['train', 'validation']);
  });

  it('are all run, and part of the documentation', () => {
    const files = readdirSync(examples).filter((name) => name.endsWith('.py'));
    assert.deepEqual(files.sort(), [...Object.keys(scripts), ...Object.keys(others)].sort());
    const page = readFileSync(join(process.cwd(), 'docs/watch-pytorch.md'), 'utf8');
    for (const name of files) assert.ok(page.includes(`examples/python/${name}`), name);
  });
});
