/** The npm package: only what the command line needs, installed into an empty folder and run there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { small, temporaryFolder } from '../runs/support/experiments';

/** Bytes. A package of 700 kB was measured. */
const largest = 730_000;

describe('the npm package', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  function run(command: string, args: string[], cwd: string): string {
    // On Windows npm is a .cmd file, which needs a shell.
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  it('contains the built command line alone, and runs and exports an experiment in an empty folder', () => {
    const [{ filename, files, size }] = JSON.parse(
      run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path()], process.cwd()),
    );
    const others = files.map(({ path }: { path: string }) => path).filter((path: string) => !path.startsWith('dist/'));
    assert.deepEqual(others.sort(), ['LICENSE', 'README.md', 'package.json']);
    assert.ok(size < largest, `${size} bytes`);
    const own = folder.path('empty');
    mkdirSync(own);
    writeFileSync(join(own, 'package.json'), '{}');
    writeFileSync(join(own, 'small.bnexp.json'), JSON.stringify(small));
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder.path(), filename)], own);
    const bnexp = join(own, 'node_modules/.bin/bnexp');
    run(bnexp, ['run', 'small.bnexp.json', '--quiet', '--out', 'kept'], own);
    run(bnexp, ['export', 'html', 'kept', 'kept.html'], own);
    assert.match(readFileSync(join(own, 'kept.html'), 'utf8'), /^<!doctype html>/i);
  });
});
