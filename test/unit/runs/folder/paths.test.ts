/** Paths of Windows and of other systems, and renames that Windows refuses for a moment. */
import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { fileNameOf, isInside, isSamePlace, pathInside, slashedPath } from '../../../../src/runs/folder/paths';
import { renameAgain } from '../../../../src/runs/folder/renameAgain';

describe('paths', () => {
  it('name the same place whatever their case on Windows, and only there', () => {
    assert.ok(isSamePlace('C:\\Work\\.bnexp\\runs\\A', 'c:/work/.bnexp/runs/a/', win32));
    assert.ok(!isSamePlace('C:\\work\\a', 'D:\\work\\a', win32));
    assert.ok(isSamePlace('/work/a/', '/work/b/../a', posix));
    assert.ok(!isSamePlace('/work/A', '/work/a', posix));
  });

  it('have / between their parts where they leave the machine', () => {
    assert.equal(slashedPath('C:\\lab\\scripts', 'C:\\lab\\data\\a.csv', win32), '../data/a.csv');
    assert.equal(slashedPath('C:\\runs', 'C:\\runs\\arm\\seed-1', win32), 'arm/seed-1');
    // No relative path leads to another drive.
    assert.equal(slashedPath('C:\\lab', 'D:\\data\\a.csv', win32), 'D:/data/a.csv');
    assert.equal(slashedPath('/lab', '/lab/a\\b.csv', posix), 'a\\b.csv');
  });

  it('in a model stay in its folder on every system', () => {
    const models = 'C:\\models';
    assert.equal(pathInside(models, 'weights/a.bin', win32), 'C:\\models\\weights\\a.bin');
    assert.equal(pathInside(models, '..a.bin', win32), 'C:\\models\\..a.bin');
    const outside = [
      '..\\a',
      'x\\..\\..\\a',
      '../a',
      '/a',
      '\\a',
      'D:\\a',
      'D:a',
      'C:a',
      'a.bin:stream',
      '\\\\server\\share\\a',
    ];
    for (const location of [...outside, '', '.', '..', 'x/..']) {
      assert.equal(pathInside(models, location, win32), null, location);
    }
    assert.equal(pathInside('/models', '..a.bin', posix), '/models/..a.bin');
    assert.equal(pathInside('/models', 'C:a', posix), '/models/C:a');
    for (const location of ['', '..', '../a', '/a', 'x/../../a'])
      assert.equal(pathInside('/models', location, posix), null, location);
  });

  it('have the name of the file as a person wrote it, also where the editor gives its URI', () => {
    assert.equal(fileNameOf('C:\\Users\\me\\my net.bnexp.json', win32), 'my net.bnexp.json');
    assert.equal(fileNameOf('../nets/a.bnexp.json', win32), 'a.bnexp.json');
    assert.equal(fileNameOf('nets/100%.bnexp.json', posix), '100%.bnexp.json');
    for (const path of [win32, posix]) {
      assert.equal(fileNameOf('file:///c%3A/nets/my%20net%201%25.bnexp.json', path), 'my net 1%.bnexp.json');
      assert.equal(fileNameOf('untitled:/nets/%C3%BC.bnexp.json', path), 'ü.bnexp.json');
    }
  });

  it('are inside a folder unless they lead out of it or to another drive', () => {
    assert.ok(isInside('C:\\lab', 'c:\\LAB\\..runs', win32));
    for (const path of ['C:\\lab', 'C:\\', 'C:\\labs', 'D:\\lab\\a'])
      assert.ok(!isInside('C:\\lab', path, win32), path);
  });
});

describe('a rename', () => {
  /** Renames on a system that refuses the first attempts, and returns the number of attempts and the time between them. */
  function renamed(platform: NodeJS.Platform, refusals: number, code: string) {
    let attempts = 0;
    let paused = 0;
    const rename = () => {
      if (attempts++ < refusals) throw Object.assign(new Error('refused'), { code });
    };
    const pause = (milliseconds: number) => {
      paused += milliseconds;
    };
    const made = () => renameAgain('a', 'b', { rename, pause, platform });
    return { made, counts: () => ({ attempts, paused }) };
  }

  it('is tried again on Windows while a different program has the file open', () => {
    for (const code of ['EPERM', 'EACCES', 'EBUSY']) {
      const { made, counts } = renamed('win32', 3, code);
      made();
      assert.deepEqual(counts(), { attempts: 4, paused: 35 });
    }
  });

  it('fails with the error of the system in the end', () => {
    const { made, counts } = renamed('win32', 100, 'EPERM');
    assert.throws(made, { code: 'EPERM' });
    assert.deepEqual(counts(), { attempts: 8, paused: 635 });
  });

  it('fails at once for a reason that does not pass, and on other systems', () => {
    for (const [platform, code] of [
      ['win32', 'ENOSPC'],
      ['linux', 'EPERM'],
    ] as const) {
      const { made, counts } = renamed(platform, 1, code);
      assert.throws(made, { code });
      assert.deepEqual(counts(), { attempts: 1, paused: 0 });
    }
  });
});
