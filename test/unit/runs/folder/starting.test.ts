/** Several processes that start runs in one folder at the same moment: every entry is in the index afterwards. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIndex } from '../../../../src/runs/folder/readIndex';
import { readRunFolder } from '../../../../src/runs/folder/readRunFolder';
import { temporaryFolder } from '../support/experiments';
import { tiny } from './support/folders';

const cli = join(process.cwd(), 'dist/cli.js');
const processes = 5;
const rounds = 3;

describe('processes that start in one folder at the same moment', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it(`lose no entry: ${processes} shards, ${rounds} times`, async () => {
    const seeds = Array.from({ length: 10 }, (_, k) => k + 1);
    writeFileSync(folder.path('x.bnexp.json'), JSON.stringify({ ...tiny, training: { ...tiny.training, seeds } }));
    for (let round = 0; round < rounds; round++) {
      const out = folder.path('in', 'new', 'folders', String(round));
      const codes = await Promise.all(
        Array.from({ length: processes }, (_, k) => {
          const shard = ['--shard', `${k + 1}/${processes}`, '--jobs', '1', '--quiet', '--out', out];
          const child = spawn(process.execPath, [cli, 'run', 'x.bnexp.json', ...shard], {
            cwd: folder.path(),
            stdio: ['ignore', 'ignore', 'inherit'],
          });
          return new Promise((resolve) => child.once('close', resolve));
        }),
      );
      assert.deepEqual(codes, Array(processes).fill(0));
      const { runs, remarks } = readIndex(out);
      assert.equal(remarks, undefined);
      assert.equal(new Set(runs.map(({ id }) => id)).size, 20);
      // Other programs read only runs.json.
      assert.equal(JSON.parse(readFileSync(join(out, 'runs.json'), 'utf8')).runs.length, 20);
      const shown = readRunFolder(out);
      assert.ok(shown.runs.every(({ status, error }) => status === 'completed' && error === null));
      assert.ok(existsSync(join(out, 'BatchNorm', 'seed-10', 'summary.json')));
    }
  });
});
