/** Damaged run folders: every reader reports the damage or returns the right result, and none crashes or hangs. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inspectingRun } from '../../../../src/runs/folder/inspectRun';
import { readIndex } from '../../../../src/runs/folder/readIndex';
import { SavedExperiments } from '../../../../src/runs/folder/savedExperiments';
import { atOnce } from '../../../../src/runs/pieces';
import { onlyPosix, skip } from '../../../support/skip';
import { temporaryFolder } from '../support/experiments';
import { copyOf, fifo, logIn, Readers, type Said, tiny, trainedInto } from './support/folders';

describe('a damaged run folder', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const good = folder.path('good');
  const strange = folder.path('strange');
  const work = folder.path('work');
  const readers = new Readers();
  const own = 'BatchNorm/seed-1';
  let whole: Said[];

  before(async () => {
    await trainedInto(good);
    await trainedInto(strange, { ...tiny, training: { ...tiny.training, steps: 15 } });
    copyOf(good, work);
    whole = await readers.all(work);
  });
  beforeEach(() => copyOf(good, work));
  after(() => readers.remove());

  it('differs from the intact one, which has no reports', () => {
    for (const { reader, reported, result } of whole) {
      assert.equal(reported, '', reader);
      assert.ok(result, reader);
    }
  });

  /** Asserts that each reader reports more than for the intact folder, or returns the same result. */
  async function reportedOrRight(what: string): Promise<string> {
    const said = await readers.all(work);
    said.forEach(({ reader, reported, result }, k) => {
      // The page shows names and notes of the index, which has no check value; its numbers come from other files.
      if (reader === 'export html' && what.startsWith('the index')) return;
      assert.ok(reported !== '' || result === whole[k].result, `${reader} is silently wrong: ${what}`);
    });
    return said.map(({ reported }) => reported).join('\n');
  }

  /** Ends of the records of a log. */
  function endsOf(log: Buffer): number[] {
    const ends = [];
    for (let end = 0; end < log.length; ends.push(end)) end += 16 + Number(log.readBigUInt64LE(end));
    return ends;
  }

  it('whose log is cut at any byte of its last two records is reported', async () => {
    const run = { id: own, arm: 'BatchNorm', seed: 1, point: {}, steps: 12 };
    const log = logIn(join(work, own));
    const ends = endsOf(readFileSync(log));
    const [from] = ends.slice(-3);
    const [, size] = ends.slice(-2);
    for (let length = size - 1; length >= from; length--) {
      truncateSync(log, length);
      const isTorn = !ends.includes(length);
      const report = isTorn ? /its run log ends within a record/ : /its run log has .* bytes, and had/;
      const { damage } = atOnce(inspectingRun(work, run, new SavedExperiments(work), true));
      assert.match(damage.join('; '), report, `cut to ${length}`);
      // All readers report the same problems here, so they need not read every byte offset.
      if (isTorn && length % 200 > 0) continue;
      for (const { reader, reported } of await readers.all(work)) {
        assert.match(reported, /BatchNorm\/seed-1|its run log/, `${reader}, cut to ${length}`);
        assert.match(reported, report, reader);
      }
    }
  });

  it('whose log is cut by nine bytes, or to nothing, in an older folder without check values, is reported', async () => {
    for (const id of ['without/seed-1', 'BatchNorm/seed-2']) {
      const file = join(work, id, 'summary.json');
      const { integrity: _, ...older } = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify(older));
    }
    for (const id of ['without/seed-1', 'BatchNorm/seed-1']) {
      const log = logIn(join(work, id));
      const bytes = readFileSync(log);
      truncateSync(log, bytes.length - 9);
      for (const { reader, reported } of await readers.all(work)) assert.match(reported, /within a record/, reader);
      const ends = endsOf(bytes);
      truncateSync(log, ends[ends.length - 2]);
      for (const { reader, reported } of await readers.all(work)) assert.match(reported, /its run log/, reader);
      truncateSync(log, 0);
      for (const { reader, reported } of await readers.all(work)) assert.match(reported, /its run log/, reader);
      writeFileSync(log, bytes);
    }
  });

  const strangeValues = ['null', '[]', '{}', '3', '"x"', '[[[]]]', '{"runs":null}', '{"arms":[1],"runs":[null]}', '{'];

  /** Damages a file; afterwards the path may be anything. @param other The same file of another run. */
  const damages: Record<string, (file: string, other: string) => void> = {
    'is missing': (file) => rmSync(file),
    'is empty': (file) => truncateSync(file, 0),
    'has garbage behind its end': (file) => appendFileSync(file, 'garbage behind the end'),
    'has zeros behind its end': (file) => appendFileSync(file, Buffer.alloc(100)),
    'is all zeros': (file) => writeFileSync(file, Buffer.alloc(readFileSync(file).length)),
    'has zeros in its middle': (file) => {
      const bytes = readFileSync(file);
      const middle = Math.floor(bytes.length / 2);
      bytes.fill(0, middle, middle + 12);
      writeFileSync(file, bytes);
    },
    'has one bit changed': (file) => {
      const bytes = readFileSync(file);
      bytes[Math.floor(bytes.length / 3)] ^= 1;
      writeFileSync(file, bytes);
    },
    'is cut in half': (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2)),
    'was copied from another run': (file, other) => writeFileSync(file, readFileSync(other)),
    'was copied from another experiment': (file) =>
      writeFileSync(file, readFileSync(sameIn(strange, file.slice(work.length + 1)))),
    'is a folder': (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    'is a FIFO': (file) => {
      rmSync(file);
      fifo(file);
    },
    'is a link to a device': (file) => {
      rmSync(file);
      symlinkSync('/dev/zero', file);
    },
    'is a link that leads back to itself': (file) => {
      rmSync(file);
      symlinkSync(basename(file), file);
    },
    'is a dangling link': (file) => {
      rmSync(file);
      symlinkSync('nowhere', file);
    },
    ...Object.fromEntries(strangeValues.map((text) => [`holds ${text}`, (file: string) => writeFileSync(file, text)])),
  };

  /** A file of another run folder, whose logs have different names. */
  function sameIn(root: string, name: string): string {
    return name.includes('tfevents') ? logIn(join(root, dirname(name))) : join(root, name);
  }

  const files: Record<string, [string, string]> = {
    'the index': ['runs.json', 'BatchNorm/seed-1/summary.json'],
    'a log': [`${own}/log`, 'BatchNorm/seed-2/log'],
    'a summary': [`${own}/summary.json`, 'BatchNorm/seed-2/summary.json'],
    'an experiment': [`${own}/experiment.json`, 'without/seed-1/experiment.json'],
  };
  const placed = (name: string) => (name.endsWith('/log') ? logIn(join(work, dirname(name))) : join(work, name));

  for (const [what, [file, other]] of Object.entries(files)) {
    for (const [how, damage] of Object.entries(damages)) {
      it(`in which ${what} ${how} is reported or harmless`, async function () {
        if (process.platform === 'win32' && /FIFO|link/.test(how)) skip(this, onlyPosix);
        damage(placed(file), placed(other));
        await reportedOrRight(`${what} ${how}`);
      });
    }
  }

  it('in which the folder of a run is missing, a file, a circular link or that of another run is reported', async () => {
    const run = join(work, own);
    rmSync(run, { recursive: true });
    for (const { reader, reported, result } of await readers.all(work)) {
      // A run without a folder never started: the table has no rows for it, and the other readers count it as cancelled.
      assert.ok(reported !== '' || result !== whole.find((each) => each.reader === reader)?.result, reader);
    }
    writeFileSync(run, '');
    await reportedOrRight('a file in the place of a run');
    rmSync(run);
    symlinkSync('seed-1', run);
    await readers.all(work);
    rmSync(run);
    cpSync(join(work, 'BatchNorm/seed-2'), run, { recursive: true });
    assert.match(await reportedOrRight('the folder of another run'), /that of another run/);
  });

  it('with a changed claim is reported by every reader that judges it', async () => {
    const file = join(work, 'runs.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"direction": "less"', '"direction": "more"'));
    assert.notEqual(readFileSync(file, 'utf8'), text);
    for (const { reader, reported } of await readers.all(work)) {
      if (reader === 'readRunFolder' || reader === 'verdict') assert.match(reported, /Its claims were changed/, reader);
    }
    // White space and the order of properties may change; earlier versions wrote no check value.
    const { claimsSha256, ...index } = JSON.parse(text);
    for (const same of [JSON.stringify({ claimsSha256, ...index }), JSON.stringify(index)]) {
      writeFileSync(file, same);
      assert.deepEqual(readIndex(work).remarks ?? [], []);
    }
  });

  it('with one changed digit of a summary is reported, and the run does not count', async () => {
    const file = join(work, own, 'summary.json');
    const text = readFileSync(file, 'utf8');
    const digits = [...text.matchAll(/"(testLoss|trainLoss|testAccuracy|steps|seed)": ?[\d.]*?(\d)[,\s}]/g)];
    assert.ok(digits.length >= 4);
    for (const match of digits) {
      const at = match.index + match[0].lastIndexOf(match[2]);
      writeFileSync(file, `${text.slice(0, at)}${(Number(text[at]) + 1) % 10}${text.slice(at + 1)}`);
      const said = await readers.all(work);
      for (const { reader, reported } of said) {
        assert.match(reported, /its summary\.json was changed .*check value/, `${reader}, ${match[1]}`);
        assert.match(reported, /The run is not counted/, reader);
      }
      const [verdict] = JSON.parse(said[1].result ?? '');
      const [whole1] = JSON.parse(whole[1].result ?? '');
      assert.equal(verdict.pairs.length, whole1.pairs.length);
      assert.notDeepEqual(verdict.pairs, whole1.pairs);
    }
  });

  it('with one changed digit of a summary of an earlier version is detected by the log', async () => {
    const file = join(work, own, 'summary.json');
    const { integrity: _, ...older } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify(older));
    assert.equal(await reportedOrRight('an older summary'), '\n\n\n');
    older.final.testAccuracy += 0.05;
    writeFileSync(file, JSON.stringify(older));
    assert.match(await reportedOrRight('a changed older summary'), /summary\.json has testAccuracy .* its run log/);
  });

  it('with one id outside the folder has it named and omitted, and the other runs open', async () => {
    const file = join(work, 'runs.json');
    const index = JSON.parse(readFileSync(file, 'utf8'));
    for (const id of ['../good/BatchNorm/seed-1', 'a/../../x', '', '.', 'C:\\..\\x', 'a\0b', 7, null]) {
      writeFileSync(file, JSON.stringify({ ...index, runs: [{ ...index.runs[0], id }, ...index.runs.slice(1)] }));
      const said = await readers.all(work);
      for (const { reader, reported } of said) assert.match(reported, /runs\.json: .* left out/, `${reader}, ${id}`);
      assert.equal(JSON.parse(said[0].result ?? '')[1].length, index.runs.length - 1);
    }
  });

  describe('log files that the lab has not written', () => {
    const log = () => logIn(join(work, own));

    it('are ignored: of AppleDouble, of a sync tool, of one byte', async () => {
      const bytes = readFileSync(log());
      const at = (name: string) => join(work, own, name);
      writeFileSync(at(`._${basename(log())}`), '\0\x05\x16\x07\0\x02\0\0Mac OS X        ');
      writeFileSync(at('events.out.tfevents.0.sync-conflict-1.bnexp'), bytes.subarray(0, 300));
      writeFileSync(at('events.out.tfevents.0.profile-empty'), 'x');
      writeFileSync(at(`${basename(log())} (conflicted copy)`), bytes);
      writeFileSync(at(`0${basename(log())}`), 'x');
      assert.equal(await reportedOrRight('foreign logs'), '\n\n\n');
    });

    it('include two with the name of a log: the one with the most whole frames is used, with a report', async () => {
      const bytes = readFileSync(log());
      const ends = endsOf(bytes);
      const used = basename(log());
      for (const name of ['events.out.tfevents.0000000001.bnexp', 'events.out.tfevents.9999999999.bnexp']) {
        const second = join(work, own, name);
        for (const part of [bytes.subarray(0, ends[ends.length - 2]), Buffer.alloc(0), Buffer.from('x')]) {
          writeFileSync(second, part);
          const said = await readers.all(work);
          said.forEach(({ reader, reported, result }, k) => {
            const isOwn = part.length > 1 ? `it has 2 run logs: ${used} is used` : 'run log';
            assert.match(reported, new RegExp(isOwn), `${reader}, ${name}`);
            // The page contains the report too.
            if (reader !== 'export html') assert.equal(result, whole[k].result, reader);
          });
        }
        rmSync(second);
      }
    });

    it('include a renamed log, which counts as missing', async () => {
      renameSync(log(), join(work, own, 'log.bnexp'));
      assert.ok(!existsSync(join(work, own, 'events')));
      assert.match(await reportedOrRight('a renamed log'), /it has no run log/);
    });
  });
});
