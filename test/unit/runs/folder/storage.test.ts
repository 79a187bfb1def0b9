/** Locations that cannot be written: reported once, with the cause and a remedy, and saved data remain complete. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary } from '../../../../src/protocol';
import { FolderRecord, type RecordSystem } from '../../../../src/runs/folder/folderRecord';
import { makeFolders, newRunFolder, RunFolderError } from '../../../../src/runs/folder/layout';
import { readRunFolder } from '../../../../src/runs/folder/readRunFolder';
import { beginRun, writeSummary } from '../../../../src/runs/folder/runFiles';
import { readLogFile } from '../../../../src/runs/folder/runLogFiles';
import { type LogFileSystem, logFileSystem, RunLogWriter } from '../../../../src/runs/folder/runLogWriter';
import { unwritable } from '../../../../src/runs/folder/systemErrors';
import { systemClock } from '../../../../src/runs/session/clock';
import { ExperimentSession } from '../../../../src/runs/session/session';
import { skip } from '../../../support/skip';
import { planOf, temporaryFolder } from '../support/experiments';
import { inProcess } from '../support/inProcess';
import { logIn, tiny } from './support/folders';

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: refused`), { code });
}

describe('storage that fails', () => {
  const folder = temporaryFolder();
  const plan = planOf({ ...tiny, training: { ...tiny.training, seeds: [1, 2, 3, 4, 5] } });

  /** Trains with one job; writing a log may fail. */
  async function trained(
    place: string,
    {
      record = {},
      log = {},
      startWorker = {},
    }: { record?: Partial<RecordSystem>; log?: Partial<LogFileSystem>; startWorker?: { onFrame?: () => void } },
  ): Promise<{ summaries: RunSummary[]; reported: string[]; started: number }> {
    const system: RecordSystem = { free: () => 1_000_000, beginRun, writeSummary, ...record };
    const files: LogFileSystem = {
      ...logFileSystem,
      ...log,
    };
    const reported: string[] = [];
    let started = 0;
    const session = new ExperimentSession({
      plan,
      file: 'tiny.bnexp.json',
      record: new FolderRecord(place, true, system),
      id: 'session',
      clock: systemClock,
      files: new Map(),
      jobs: 1,
      storeFrames: false,
      startWorker: inProcess(() => ({
        openLog: (own, logged) => {
          started++;
          startWorker.onFrame?.();
          return new RunLogWriter(own, { engine: '0.1.0', ...logged }, Date.now, files);
        },
      })),
    });
    session.onMessage((message) => {
      if (message.type === 'status' && message.storage && reported.at(-1) !== message.storage)
        reported.push(message.storage);
    });
    session.start();
    return { summaries: await session.ended, reported, started };
  }

  for (const code of ['ENOSPC', 'EDQUOT']) {
    it(`reports ${code} in a log once, with the missing space, stops the experiment, and leaves complete records`, async () => {
      const place = newRunFolder('x', folder.path(code));
      let left = 60_000;
      const { summaries, reported, started } = await trained(place, {
        record: { free: () => 4096 },
        log: {
          write(descriptor, bytes, offset) {
            // A disk writes the bytes that fit, and refuses the rest.
            const fits = Math.min(left, bytes.length - offset);
            if (fits === 0) throw failure(code);
            left -= fits;
            return writeSync(descriptor, bytes.subarray(offset, offset + fits), 0);
          },
        },
      });
      assert.equal(reported.length, 1, reported.join('\n'));
      assert.match(
        reported[0],
        /^The experiment was stopped, because its runs cannot be saved: .*(disk is full|quota is used up)/,
      );
      assert.match(reported[0], /About [\d.,]+ (kB|MB) more are needed for the rest \(4[.\d]* kB are free\)/);
      assert.match(reported[0], /\d+ runs of the experiment are left\. Everything saved before is complete\./);
      assert.match(reported[0], new RegExp(`--out ${place}`));
      const statuses = summaries.map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 'failed').length, 1, statuses.join());
      assert.ok(statuses.includes('completed') && statuses.includes('cancelled'), statuses.join());
      assert.equal(started, statuses.filter((status) => status !== 'cancelled').length);
      const failed = plan.runs[statuses.indexOf('failed')];
      const cut = readLogFile(logIn(join(place, failed.id)));
      assert.equal(cut.end.kind, 'whole');
      assert.deepEqual(
        readRunFolder(place).runs.filter(({ status, error }) => status === 'completed' && error),
        [],
      );
    });
  }

  for (const [code, cause, remedy] of [
    ['ENOSPC', 'no space is left on its disk', 'free some space'],
    ['EROFS', 'its file system is read-only', 'mount it for writing'],
    ['EACCES', 'its permissions do not allow writing', 'change them'],
  ]) {
    for (const call of ['beginRun', 'writeSummary'] as const) {
      it(`reports ${code} once, with cause and remedy, when ${call === 'beginRun' ? 'a run starts' : 'a summary is written'}`, async () => {
        const place = newRunFolder('x', folder.path(`${code}-${call}`));
        let calls = 0;
        const { summaries, reported } = await trained(place, {
          record: {
            [call]: (...given: Parameters<typeof beginRun & typeof writeSummary>) => {
              if (++calls > 2) throw failure(code);
              return call === 'beginRun' ? beginRun(given[0], given[1]) : writeSummary(...given);
            },
          },
        });
        assert.equal(reported.length, 1, reported.join('\n'));
        assert.ok(
          reported[0].includes(`cannot be written (${cause}): ${remedy}, or choose another folder`),
          reported[0],
        );
        assert.equal(calls, 3, 'no further call is made');
        assert.ok(summaries.filter(({ status }) => status === 'cancelled').length >= 6);
        assert.equal(/are needed for the rest/.test(reported[0]), code === 'ENOSPC');
      });
    }
  }

  it('reports a run folder removed during training, and continues the runs', async () => {
    const place = newRunFolder('x', folder.path('removed'));
    let frames = 0;
    const { summaries, reported } = await trained(place, {
      startWorker: {
        onFrame() {
          if (++frames === 3) rmSync(place, { recursive: true });
        },
      },
    });
    assert.match(
      reported.at(-1) ?? '',
      /The run folder .*removed was removed while its runs trained: everything saved of/,
    );
    assert.equal(summaries.filter(({ status }) => status === 'completed').length, plan.runs.length - 1);
    assert.ok(!existsSync(place), 'it is not recreated');
  });

  it('loses only the run whose folder is removed, and reports it', async () => {
    const place = newRunFolder('x', folder.path('one-removed'));
    const { summaries, reported } = await trained(place, {
      log: {
        close(descriptor) {
          closeSync(descriptor);
          const own = join(place, plan.runs[2].id);
          if (existsSync(own)) rmSync(own, { recursive: true });
        },
      },
    });
    assert.equal(summaries.filter(({ status }) => status === 'completed').length, plan.runs.length);
    assert.match(
      reported.at(-1) ?? '',
      /^Not everything is saved\. .*was removed while it trained: its frames are lost/,
    );
  });

  it('names a read-only file system and a folder without permission in plain words', function () {
    const read = unwritable('/some/where', failure('EROFS'));
    assert.match(
      read,
      /\/some\/where cannot be written \(its file system is read-only\): mount it for writing, or choose/,
    );
    if (process.platform !== 'linux') skip(this, 'mounts a file system, which needs Linux');
    const place = folder.path('closed');
    mkdirSync(place);
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) {
      chmodSync(place, 0o555);
      assert.throws(() => newRunFolder('x', join(place, 'a/b')), /permissions do not allow writing\): change them/);
      return;
    }
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', place], { stdio: 'ignore' });
    } catch {
      skip(this, 'may not mount a read-only file system');
    }
    try {
      const refused = (out: string) =>
        assert.throws(
          () => newRunFolder('x.bnexp.json', out),
          (error) =>
            error instanceof RunFolderError && /\(its file system is read-only\): mount it/.test(error.message),
        );
      refused(join(place, 'out'));
      refused(join(place, 'some', 'deeper', 'place'));
    } finally {
      execFileSync('umount', [place]);
    }
  });

  describe('makeFolders', () => {
    it('makes missing parents at any depth', () => {
      const deep = folder.path('deep', ...Array.from({ length: 150 }, (_, k) => `level-${k}`));
      makeFolders(deep);
      makeFolders(deep);
      assert.ok(existsSync(deep));
    });

    it('fails cleanly under /proc, under a file, and with a name that is too long', function () {
      if (process.platform !== 'linux') skip(this, 'needs /proc and /sys, which only Linux has');
      for (const out of ['/proc/bnexp/a/b', '/proc/self/x/y', '/sys/kernel/bnexp/x']) {
        assert.throws(
          () => newRunFolder('x', out),
          (error) => error instanceof RunFolderError && error.message.includes(out),
        );
      }
      writeFileSync(folder.path('a-file'), '');
      assert.throws(() => newRunFolder('x', folder.path('a-file/b/c')), /a file is in the place of a folder/);
      assert.throws(() => newRunFolder('x', folder.path('n'.repeat(300), 'b')), /the name is too long/);
      assert.equal(readFileSync(folder.path('a-file'), 'utf8'), '');
    });
  });
});
