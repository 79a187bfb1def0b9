/** A limit of the address space is reported before training fails from it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addressSpaceWarning } from '../../../src/cli/addressSpace';
import { skip } from '../../support/skip';
import { small } from '../runs/support/experiments';

const limits = (bytes: number | 'unlimited') =>
  `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max address space         ${bytes}            unlimited            bytes
`;

describe('a limited address space', () => {
  it('is reported with what Node.js reserves and with remedies, which depend on its version', () => {
    assert.equal(
      addressSpaceWarning('20.20.2', limits(6_000_000_000), 2),
      'warning: this process may use 6 GB of addresses ("ulimit -v"), and Node.js 20.20.2 reserves 13.5 GB of addresses for one run at a time, and 11 GB for each further one. If training fails, enter "ulimit -v unlimited" first, or use --jobs 1 and Node.js 24, which needs 3 GB.',
    );
    assert.match(addressSpaceWarning('24.1.0', limits(3_000_000_000), 4) ?? '', /reserves 3 GB .* --jobs 1\.$/);
  });

  it('is not mentioned where it is high enough, absent or unknown', () => {
    assert.equal(addressSpaceWarning('24.1.0', limits(4_000_000_000), 2), null);
    assert.equal(addressSpaceWarning('20.20.2', limits(30_000_000_000), 2), null);
    assert.equal(addressSpaceWarning('20.20.2', limits('unlimited'), 64), null);
    assert.equal(addressSpaceWarning('20.20.2', '', 64), null);
  });

  it('is reported before the first run, whose failure has its cause', function () {
    if (process.platform !== 'linux') skip(this, 'only Linux limits addresses with "ulimit -v"');
    if (Number.parseInt(process.versions.node, 10) >= 24) skip(this, 'Node.js 24 trains in a limited address space');
    const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-addresses-'));
    const file = join(folder, 'small.bnexp.json');
    writeFileSync(file, JSON.stringify(small));
    const { status, stderr } = spawnSync(
      'sh',
      [
        '-c',
        'ulimit -v 6000000; exec "$@"',
        'sh',
        process.execPath,
        'dist/cli.js',
        'run',
        file,
        '--out',
        join(folder, 'runs'),
      ],
      { encoding: 'utf8' },
    );
    rmSync(folder, { recursive: true, force: true });
    assert.equal(status, 1);
    assert.match(stderr, /^warning: this process may use 6\.1 GB of addresses \("ulimit -v"\)/);
    assert.match(stderr, /failed: its worker died \(WebAssembly\.Memory\(\): could not allocate memory\)/);
  });
});
