/** Folders of event files: which runs they are, and files that grow, are replaced, vanish or cannot be read. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armsOfFolders } from '../../../../src/runs/folder/logs/armOfFolder';
import { findEventFiles } from '../../../../src/runs/folder/logs/findEventFiles';
import { LogFolder } from '../../../../src/runs/folder/logs/logFolder';
import { damageRemarks, readingRemarks } from '../../../../src/runs/folder/logs/logRemarks';
import { wholeLogs } from '../../../../src/runs/folder/logs/logUpdates';
import { framed } from '../../../../src/runs/log/records';
import { onlyPosix, skip } from '../../../support/skip';
import { event, scalarRecord, scalarRecords, scalarValue } from './support/events';

const eventFile = (number = 1) => `events.out.tfevents.${1_700_000_000 + number}.host`;

describe('a folder of event files', () => {
  let root: string;
  let folder: LogFolder;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'batchnorm-lab-logs-'));
    folder = new LogFolder(root);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (path: string, ...records: Uint8Array[]) => {
    const file = join(root, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, Buffer.concat(records));
    return file;
  };
  const readAll = () => {
    while (folder.read(1 << 20));
  };
  const lookAndRead = () => {
    folder.look();
    readAll();
  };
  const steps = (run = 0, tag = 0) => [...(folder.runs[run].tags[tag]?.scalars?.points().steps ?? [])];

  it('has a run per folder, in the order of numbers in names, and files in the order of their start', () => {
    for (const run of ['version_10', 'version_2', 'a/seed-2', 'a/seed-1', 'a/seed-1/train']) {
      write(`${run}/${eventFile(9)}`, scalarRecord('loss', 5));
    }
    write(`version_2/${eventFile(10)}`, scalarRecord('loss', 6));
    write(`version_2/events.out.tfevents.170000.host`, scalarRecord('loss', 4));
    write('version_2/model.pt', Uint8Array.of(1));
    write(`node_modules/x/${eventFile()}`, scalarRecord('loss', 1));
    lookAndRead();
    assert.deepEqual(
      folder.runs.map(({ arm, seed }) => [arm, seed]),
      [
        ['a', 1],
        ['a/train', 1],
        ['a', 2],
        ['version_2', null],
        ['version_10', null],
      ],
    );
    assert.deepEqual(steps(3), [4, 5, 6]);
  });

  it('names arms and seeds by the folders, without two equal ones', () => {
    const names = [[], ['bn', 'seed-3'], ['bn', 'seed_3'], ['seed=7', 'train'], ['Seed12'], ['seedling']];
    assert.deepEqual(armsOfFolders(names, 'runs'), [
      { arm: 'runs', seed: null },
      { arm: 'bn', seed: 3 },
      { arm: 'bn/seed_3', seed: null },
      { arm: 'train', seed: 7 },
      { arm: 'runs', seed: 12 },
      { arm: 'seedling', seed: null },
    ]);
  });

  it('may be one file', () => {
    write(eventFile(1), scalarRecord('loss', 1));
    folder = new LogFolder(write(eventFile(2), scalarRecord('loss', 2)));
    lookAndRead();
    assert.deepEqual(steps(), [2]);
    assert.equal(folder.runs.length, 1);
  });

  it('grows: records, files and runs that come later are read once', () => {
    const file = write(`a/${eventFile(1)}`, ...scalarRecords('loss', 3));
    lookAndRead();
    assert.equal(folder.checkSizes(), false, 'nothing has changed');
    const record = scalarRecord('loss', 3);
    appendFileSync(file, record.subarray(0, 15));
    assert.equal(folder.checkSizes(), true);
    readAll();
    assert.deepEqual(steps(), [0, 1, 2]);
    assert.equal(folder.checkSizes(), false, 'half a record waits for the rest');
    appendFileSync(file, record.subarray(15));
    folder.checkSizes();
    readAll();
    assert.deepEqual(steps(), [0, 1, 2, 3]);
    write(`a/${eventFile(2)}`, scalarRecord('loss', 4));
    write(`b/${eventFile(1)}`, scalarRecord('loss', 9));
    lookAndRead();
    assert.deepEqual(steps(), [0, 1, 2, 3, 4]);
    assert.deepEqual(steps(1), [9]);
    assert.equal(folder.runs[0].generation, 0);
    assert.deepEqual(damageRemarks(folder), []);
  });

  it('is read again when a file is replaced, or an older one appears', () => {
    const file = write(`a/${eventFile(2)}`, ...scalarRecords('loss', 5));
    lookAndRead();
    truncateSync(file, 0);
    writeFileSync(file, Buffer.concat(scalarRecords('loss', 2, 50)));
    folder.checkSizes();
    readAll();
    assert.deepEqual(steps(), [50, 51]);
    assert.equal(folder.runs[0].generation, 1);
    const other = write('other', ...scalarRecords('loss', 9, 60));
    renameSync(other, file);
    folder.checkSizes();
    readAll();
    assert.deepEqual(steps()[0], 60);
    write(`a/${eventFile(1)}`, ...scalarRecords('loss', 3));
    lookAndRead();
    assert.deepEqual(steps(), [0, 1, 2, 60, 61, 62, 63, 64, 65, 66, 67, 68]);
    assert.equal(folder.runs.length, 1);
  });

  it('that vanishes keeps what was read, and goes on when it is there again', () => {
    const file = write(`a/${eventFile()}`, ...scalarRecords('loss', 3));
    lookAndRead();
    renameSync(root, `${root}-away`);
    assert.throws(() => folder.look(), { code: 'ENOENT' });
    assert.equal(folder.checkSizes(), false);
    assert.deepEqual(steps(), [0, 1, 2]);
    assert.match(damageRemarks(folder)[0], /is missing\. What was read of it before is still shown\.$/);
    renameSync(`${root}-away`, root);
    appendFileSync(file, scalarRecord('loss', 3));
    lookAndRead();
    assert.deepEqual(steps(), [0, 1, 2, 3]);
    assert.deepEqual(damageRemarks(folder), []);
  });

  it('reports the file and the byte of damage, and reads the rest', () => {
    const records = scalarRecords('loss', 4);
    records[1][20] ^= 1;
    write(`a/${eventFile()}`, ...records);
    write(`b/${eventFile()}`, new TextEncoder().encode('this is not an event file at all'));
    lookAndRead();
    assert.deepEqual(steps(), [0, 2, 3]);
    assert.deepEqual(damageRemarks(folder), [
      `${join('a', eventFile())}: byte ${records[0].length}: the checksum of a record is wrong.`,
      `${join('a', eventFile())}: 3 whole records of it are read.`,
      `${join('b', eventFile())}: byte 0: the checksum of the length of a record is wrong.`,
      `${join('b', eventFile())}: 0 whole records of it are read.`,
    ]);
  });

  it('remarks on steps that go back, on two writers and on tags of several kinds', () => {
    write(`a/${eventFile(1)}`, scalarRecord('loss', 5), scalarRecord('loss', 2));
    write(`a/${eventFile(2)}`, scalarRecord('loss', 3));
    lookAndRead();
    appendFileSync(join(root, 'a', eventFile(1)), scalarRecord('loss', 6));
    folder.checkSizes();
    readAll();
    assert.deepEqual(steps(), [2, 3]);
    const remarks = readingRemarks(folder);
    assert.match(remarks[0], /^a: the steps of the tag loss go back\./);
    assert.match(remarks[1], /^a: two files with the tag loss grow at the same time\./);
  });

  it('is exported with the values of its tags, up to a bound', () => {
    write(`a/${eventFile()}`, ...scalarRecords('loss', 4), ...scalarRecords('network/train/loss', 4));
    write(`b/${eventFile()}`, ...scalarRecords('loss', 3));
    lookAndRead();
    const whole = wholeLogs(folder, 24 * 4);
    assert.deepEqual(
      whole.messages.map((message) => ['run' in message ? message.run : '', message.type]),
      [
        ['', 'runs'],
        ['a', 'scalars'],
        ['a', 'frames'],
        ['b', 'frames'],
        ['', 'remarks'],
      ],
    );
    assert.equal(whole.leftOut, 1);
    assert.equal(wholeLogs(folder).leftOut, 0);
  });

  it('remarks on a clock that goes back or jumps', () => {
    const records = [0, -90_000, 100_000].map((seconds, step) =>
      framed(event(step, [scalarValue('loss', 1)], 1_700_000_000 + seconds)),
    );
    write(`a/${eventFile()}`, ...records);
    lookAndRead();
    assert.deepEqual(
      readingRemarks(folder).map((remark) => remark.replace(/\. On axes.*/, '.')),
      [
        'a: the clock goes back by 1 d 1:00:00 at step 1.',
        'a: nothing was logged for 2 d 4:46:40 before step 2, or the clock was set.',
      ],
    );
  });

  it('does not follow links in circles, and reads a linked folder once', function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    write(`a/${eventFile()}`, scalarRecord('loss', 1));
    symlinkSync(root, join(root, 'a/up'));
    symlinkSync(join(root, 'a'), join(root, 'b'));
    symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
    symlinkSync(join(root, 'self'), join(root, 'self'));
    symlinkSync(join(root, 'nowhere'), join(root, `c-${eventFile()}`));
    lookAndRead();
    assert.deepEqual(
      folder.runs.map(({ folder }) => folder),
      ['', 'a'],
    );
    assert.deepEqual(damageRemarks(folder), [`c-${eventFile()} is missing.`]);
  });

  it('does not open FIFOs, and reports folders and files without permission', function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    write(`a/${eventFile(1)}`, scalarRecord('loss', 1));
    mkdirSync(join(root, 'b'));
    execFileSync('mkfifo', [join(root, 'b', eventFile(1))]);
    lookAndRead();
    assert.deepEqual(damageRemarks(folder), [`${join('b', eventFile(1))} is a FIFO, not a file.`]);
    // The superuser may read everything.
    if (process.getuid?.() === 0) return;
    chmodSync(join(root, 'a'), 0);
    folder = new LogFolder(root);
    lookAndRead();
    chmodSync(join(root, 'a'), 0o700);
    assert.match(damageRemarks(folder).join('\n'), /a may not be read: change its permissions\./);
  });

  it('is searched to a bounded depth', () => {
    write(`${'d/'.repeat(16)}${eventFile()}`, scalarRecord('loss', 1));
    write(`${'d/'.repeat(18)}${eventFile()}`, scalarRecord('loss', 1));
    const { folders, problems } = findEventFiles(root);
    assert.deepEqual(
      folders.map(({ names }) => names.length),
      [16],
    );
    assert.match(problems[0], /^Folders more than 16 levels below .* are not searched/);
  });

  it('shows the first values of all runs before all is read', () => {
    const records = Buffer.concat(scalarRecords('loss', 150_000));
    for (const run of ['a', 'b', 'c']) write(`${run}/${eventFile()}`, records);
    folder.look();
    assert.equal(folder.read(12 << 20), true);
    assert.ok(folder.runs.every((_, run) => steps(run).length > 0));
    assert.ok(folder.bytesRead < folder.bytes);
    readAll();
    assert.equal(folder.bytesRead, folder.bytes);
    assert.ok(folder.runs.every(({ tags }) => tags[0].values === 150_000 && tags[0].scalars?.lastStep === 149_999));
  });
});
