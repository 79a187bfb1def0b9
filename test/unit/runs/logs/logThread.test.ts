/** The thread that reads event files, as it is shipped. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { FromLogReader } from '../../../../src/runs/folder/logs/logMessages';
import { startLogReader } from '../../../../src/runs/folder/logs/startLogWorker';
import { loadScript } from '../../../support/scripts';
import { until } from '../../../support/until';

describe('the thread that reads event files', function () {
  this.timeout(60_000);
  let folder: string;
  let script: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-thread-'));
    script = join(folder, 'reader.js');
    const { shippedBundles } =
      await loadScript<typeof import('../../../../scripts/lib/bundles.mjs')>('lib/bundles.mjs');
    const options = shippedBundles(true).find(({ outfile }) => outfile === 'dist/reader.js');
    assert.ok(options);
    await build({ ...options, outfile: script });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('sends what is in a folder, and the values that its host watches', async () => {
    const messages: FromLogReader[] = [];
    const reader = startLogReader(
      script,
      'test/fixtures/logs/torch',
      (message) => messages.push(message),
      (problem) => assert.fail(problem),
    );
    try {
      await until(() => messages.some((message) => message.type === 'progress' && message.isComplete));
      reader.post({ type: 'watch', tags: [{ run: 'seed-1', tag: 0 }] });
      const scalars = await until(() => messages.find((message) => message.type === 'scalars'));
      assert.ok(scalars.points.steps instanceof Float64Array);
      assert.deepEqual([...scalars.points.steps], [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    } finally {
      reader.close();
    }
  });

  it('reports its death with a reason', async () => {
    const problems: string[] = [];
    startLogReader(
      join(folder, 'missing.js'),
      folder,
      () => {},
      (problem) => problems.push(problem),
    );
    await until(() => problems.length > 0);
    assert.match(problems[0], /^The thread that reads the logs failed \(.*missing\.js/);
  });
});
