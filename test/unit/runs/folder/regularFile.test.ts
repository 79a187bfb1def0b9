import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FileTooLargeError,
  NotRegularFileError,
  openRegularFile,
  readRegularFile,
} from '../../../../src/runs/folder/regularFile';
import { onlyPosix, skip } from '../../../support/skip';

describe('opening regular files only', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'regular-file-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const refuses = (path: string, type: string) =>
    assert.throws(
      () => openRegularFile(path),
      (error) => error instanceof NotRegularFileError && error.type === type,
    );

  it('reads a whole file, up to the limit and not a byte more', () => {
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'abcdef');
    assert.equal(readRegularFile(path, 6).toString(), 'abcdef');
    assert.throws(() => readRegularFile(path, 5), FileTooLargeError);
    writeFileSync(path, '');
    assert.equal(readRegularFile(path, 0).length, 0);
  });

  it('refuses a folder and a missing file', () => {
    mkdirSync(join(folder, 'sub'));
    refuses(join(folder, 'sub'), 'folder');
    assert.throws(() => openRegularFile(join(folder, 'none')), { code: 'ENOENT' });
  });

  it('refuses a FIFO without waiting for a writer, also through a link', function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    symlinkSync(path, join(folder, 'link'));
    refuses(path, 'FIFO');
    refuses(join(folder, 'link'), 'FIFO');
  });

  it('refuses a device and a socket', async function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    refuses('/dev/zero', 'device');
    const path = join(folder, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      refuses(path, 'socket');
    } finally {
      server.close();
    }
  });

  it('reads files whose size is unknown in advance', function () {
    if (process.platform !== 'linux') skip(this, 'needs files in /proc, which only Linux has');
    assert.ok(readRegularFile('/proc/self/status', 1_000_000).length > 100);
    assert.throws(() => readRegularFile('/proc/self/status', 10), FileTooLargeError);
  });
});
