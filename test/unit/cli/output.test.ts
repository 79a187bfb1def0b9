/** Results that cannot be written are reported once; the runs continue and are saved. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { skip } from '../../support/skip';
import { tiny } from '../runs/folder/support/folders';

const cli = join(process.cwd(), 'dist/cli.js');

describe('standard output that fails', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-output-'));
    writeFileSync(join(folder, 'x.bnexp.json'), JSON.stringify(tiny));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** @param stdout A descriptor; null for a pipe whose reader exits immediately. */
  async function run(stdout: number | null, ...args: string[]): Promise<{ code: number | null; err: string }> {
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', stdout ?? 'pipe', 'pipe'] });
    child.stdout?.destroy();
    const err: string[] = [];
    child.stderr?.on('data', (part) => err.push(String(part)));
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, err: err.join('') })));
  }

  for (const json of [[], ['--json']]) {
    it(`is reported once if it is full, and bnexp exits with 1, ${json.length > 0 ? 'as JSON' : 'as text'}`, async function () {
      if (!existsSync('/dev/full')) skip(this, 'needs /dev/full');
      const full = openSync('/dev/full', 'w');
      const out = join(folder, `full${json.length}`);
      const { code, err } = await run(full, 'run', 'x.bnexp.json', '--quiet', '--out', out, ...json);
      closeSync(full);
      assert.equal(code, 1, err);
      assert.equal(err.split('standard output cannot be written: no space left').length, 2, err);
      assert.match(err, /running runs continue and are saved/);
      assert.doesNotMatch(err, /fault in bnexp/);
      assert.ok(readRunFolder(out).runs.every(({ status, error }) => status === 'completed' && error === null));
      assert.equal(readdirSync(join(out, 'BatchNorm', 'seed-2')).length, 4);
    });
  }

  it('is reported by the other commands too', async function () {
    if (!existsSync('/dev/full')) skip(this, 'needs /dev/full');
    for (const args of [
      ['presets'],
      ['check', 'x.bnexp.json'],
      ['verdict', 'full0'],
      ['export', 'csv', 'full0', '-'],
    ]) {
      const full = openSync('/dev/full', 'w');
      const { code, err } = await run(full, ...args);
      closeSync(full);
      assert.equal(code, 1, `${args[0]}: ${err}`);
      assert.equal(err.split('standard output cannot be written').length, 2, `${args[0]}: ${err}`);
    }
  });

  it('is not a fault if its reader has exited', async () => {
    const out = join(folder, 'left');
    const { code, err } = await run(null, 'run', 'x.bnexp.json', '--quiet', '--out', out);
    assert.deepEqual([code, err], [0, '']);
    assert.ok(readRunFolder(out).runs.every(({ status }) => status === 'completed'));
  });
});
