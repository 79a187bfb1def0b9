/**
 * Run logs are TensorBoard event files that read back to the last whole frame, whatever the damage at the end: as they are
 * written, packed, and as earlier versions wrote them.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { binCount } from '../../../src/engine/bins';
import type { Channel, HistogramPlace } from '../../../src/engine/channels';
import type { Frame } from '../../../src/engine/results';
import { packLogFile } from '../../../src/runs/folder/packLogFile';
import { readLogFile } from '../../../src/runs/folder/runLogFiles';
import { logFileSystem, RunLogWriter } from '../../../src/runs/folder/runLogWriter';
import { runLogName } from '../../../src/runs/log/encodeRunLog';
import { readFrame, writtenFrame } from '../../../src/runs/log/frameRecord';
import { PackedFrames, packedFrames } from '../../../src/runs/log/packedFrames';
import { RunLogError } from '../../../src/runs/log/readRunLog';
import { framed, maskedChecksum } from '../../../src/runs/log/records';
import { sharesOf } from '../../../src/runs/session/histogramHistory';
import { temporaryFolder } from './support/experiments';

const names = ['network/train/loss', 'network/test/loss', 'hidden1/activated/std'];
const channels = names.map((name): Channel => {
  const [layer, tap, quantity] = name.split('/');
  return { layer, tap: tap as Channel['tap'], quantity, name };
});
const places: HistogramPlace[] = [
  { layer: 'hidden1', tap: 'activated', name: 'hidden1/activated' },
  { layer: 'hidden1', tap: 'linearGradient', name: 'hidden1/linearGradient' },
];
/** Counts in the outermost bins, around 0, and in a few between. */
const counts = new Uint32Array(2 * binCount);
for (const [bin, count] of Object.entries({ 0: 3, 1: 1, 136: 50, 137: 1, 140: 70_000, 272: 2 })) counts[+bin] = count;
for (const bin of [binCount + 5, binCount + 200]) counts[bin] = bin;
const frames = [0, 25, 50, 1_000_000].map((step, k) => ({
  step,
  histograms: k % 2 === 0 ? counts : null,
  predictions: null,
  values: Float32Array.from([0.7 - k / 10, k % 2 === 0 ? 1 + k : Number.NaN, Number.POSITIVE_INFINITY]),
}));

describe('a run log', () => {
  const folder = temporaryFolder();
  let written = 0;
  const write = (isPacked = false) => {
    const own = folder.path(`log-${++written}`);
    mkdirSync(own);
    const log = new RunLogWriter(
      own,
      { engine: '0.1.0', run: 'BatchNorm/seed-1', watched: { channels, histograms: places, scene: null } },
      () => 1_700_000_000_250,
      isPacked ? logFileSystem : { ...logFileSystem, pack() {} },
    );
    for (const frame of frames) log.frame(frame);
    log.close();
    const [name, ...others] = readdirSync(own);
    assert.equal(others.length, 0);
    return join(own, name);
  };

  it('has the checksum of the published test vector, masked as in TFRecord files', () => {
    // CRC-32C of "123456789" is e3069283 (RFC 3720's polynomial, as catalogued by Cook and Williams).
    const rotated = ((0xe3069283 >>> 15) | (0xe3069283 << 17)) >>> 0;
    assert.equal(maskedChecksum(Buffer.from('123456789')), (rotated + 0xa282ead8) >>> 0);
  });

  it('starts with the bytes of every TensorBoard event file', () => {
    const bytes = readFileSync(write());
    // Length 24 and its masked checksum; then field 1 (wall time), and field 3 with the version.
    assert.equal(bytes.subarray(0, 13).toString('hex'), `1800000000000000a37f4b2209`);
    assert.equal(bytes.readDoubleLE(13), 1_700_000_000.25);
    assert.equal(bytes.subarray(21, 36).toString('latin1'), '\x1a\rbrain.Event:2');
    assert.match(runLogName(1_700_000_000.25), /^events\.out\.tfevents\.1700000000\./);
  });

  for (const form of ['frame by frame', 'packed', 'tagged', 'tagged, then packed']) {
    it(`reads back as written, ${form}`, () => assertWritten(fileOf(form)));
  }

  /** A log of the version before frames were records of their own. */
  const tagged = 'test/fixtures/runs/tagged.tfevents';
  const fileOf = (form: string) => {
    if (!form.startsWith('tagged')) return write(form === 'packed');
    const file = folder.path(`tagged-${++written}`);
    mkdirSync(file);
    const copy = join(file, runLogName(1_700_000_000));
    copyFileSync(tagged, copy);
    if (form !== 'tagged') packLogFile(copy, { shown: 2, lastStep: 1_000_000 });
    return copy;
  };

  const assertWritten = (file: string) => {
    const { heading, frames: read, histograms, end } = readLogFile(file);
    assert.deepEqual(heading, {
      engine: '0.1.0',
      run: 'BatchNorm/seed-1',
      channels: names,
      histograms: places.map(({ name }) => name),
      scene: null,
    });
    assert.deepEqual(
      [...read.steps],
      frames.map(({ step }) => step),
    );
    assert.deepEqual(
      [...read.values],
      frames.flatMap(({ values }) => [...values]),
    );
    assert.equal(end.kind, 'whole');
    assert.deepEqual([...histograms.steps], [0, 50]);
    assert.deepEqual([...histograms.shares], [...sharesOf(counts), ...sharesOf(counts)]);
  };

  it('is replaced as a whole: a process that is killed while it packs leaves the original, whatever it had written', () => {
    const file = write();
    const whole = readFileSync(file);
    const own = join(file, '..');
    const unfinished = join(own, 'packing-00000000-0000-0000-0000-000000000000.tmp');
    const packed = readFileSync(write(true));
    for (const length of [0, 1, packed.length >> 1, packed.length]) {
      writeFileSync(unfinished, packed.subarray(0, length));
      assert.deepEqual(readFileSync(file), whole);
      assertWritten(file);
    }
    packLogFile(file, { shown: 0, lastStep: 1_000_000 });
    assert.equal(readdirSync(own).length, 1, 'the unfinished file is removed');
    assert.deepEqual(readFileSync(file), packed);
  });

  it('stays as it is where packing fails, or where it is not complete', () => {
    const file = write();
    const own = join(file, '..');
    const refuse = () => {
      throw new Error('differs');
    };
    assert.throws(() => packLogFile(file, { shown: 0, lastStep: 50, check: refuse }), /differs/);
    assertWritten(file);
    truncateSync(file, readFileSync(file).length - 5);
    const cut = readFileSync(file);
    assert.throws(() => packLogFile(file, { shown: 0, lastStep: 50 }), RunLogError);
    assert.deepEqual(readFileSync(file), cut);
    assert.equal(readdirSync(own).length, 1);
  });

  it('loses only the blocks from a wrong byte on, packed', () => {
    const file = write();
    // Two logs of one heading: the blocks of the second follow those of the first.
    const packed = readFileSync(write(true));
    writeFileSync(file, Buffer.concat([packed, packed.subarray(packed.length - 600)]));
    const { end, frames: read } = readLogFile(file);
    assert.equal(end.kind, 'corrupt');
    assert.equal(end.offset, packed.length);
    assert.equal(read.steps.length, frames.length);
  });

  it('reads back to the last whole frame if it is cut at any byte', () => {
    const whole = readFileSync(write());
    const full = readLogFile(write());
    const file = folder.path('cut');
    let seen = -1;
    for (let length = whole.length - 1; length >= 0; length--) {
      writeFileSync(file, whole.subarray(0, length));
      const { frames: read, end } = readLogFile(file);
      assert.ok(end.kind === 'torn' || end.offset === length, `${length}: ${end.kind}`);
      assert.ok(end.offset <= length);
      assert.deepEqual(read.steps, full.frames.steps.subarray(0, read.steps.length));
      assert.deepEqual(read.values, full.frames.values.subarray(0, read.values.length));
      seen = Math.max(seen, read.steps.length);
      if (length === 0) assert.equal(read.steps.length, 0);
    }
    // What TensorBoard reads of the last frame follows it.
    assert.equal(seen, frames.length);
  });

  it('reports a wrong byte, and keeps the data before it', () => {
    const whole = readFileSync(write());
    const full = readLogFile(write()).frames;
    const file = folder.path('flipped');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const bytes = Buffer.from(whole);
        bytes[place] ^= change;
        writeFileSync(file, bytes);
        const { frames: read, end } = readLogFile(file);
        assert.equal(end.kind, 'corrupt');
        assert.ok(end.offset <= place);
        assert.deepEqual(read.values, full.values.subarray(0, read.values.length));
      }),
      { numRuns: 500 },
    );
  });

  it('that was appended to after a cut is reported as corrupt, not misread', () => {
    const file = write();
    truncateSync(file, readFileSync(file).length - 5);
    writeFileSync(file, framed(Buffer.from('more')), { flag: 'a' });
    assert.equal(readLogFile(file).end.kind, 'corrupt');
  });

  it('refuses a record that is not an event, by its number', () => {
    const file = folder.path('other');
    writeFileSync(file, framed(Buffer.from([0xff, 0xff, 0xff])));
    assert.throws(() => readLogFile(file), /other is not a run log: its record 1 is not an event/);
  });

  it('grows only with the number of frames', () => {
    const size = readFileSync(write()).length;
    assert.ok(readFileSync(write(true)).length < size);
    const perFrame = frames.reduce((sum, { values }) => sum + values.filter((v) => !Number.isNaN(v)).length, 0);
    const filled = frames.reduce(
      (sum, { histograms }) => sum + (histograms?.filter((count) => count > 0).length ?? 0),
      0,
    );
    // A filled bin takes two numbers of eight bytes, and twice that with the empty bins before it.
    assert.ok(size < 600 + perFrame * 50 + filled * 32, String(size));
  });
});

describe('frames in a log', () => {
  const numbers = fc.oneof(
    fc.float(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e-45, 3.4e38),
  );
  const [places, cells, examples, classes] = [2, 12, 4, 3];
  const channelNames = ['a/linear/mean', 'a/linear/variance', 'a/linear/std', 'a/linear/norm', 'b/linear/std', 'c'];
  const shape = {
    channels: channelNames.length,
    counts: places * binCount,
    predictions: { surface: cells, row: 6, cell: 2, examples, confusion: classes },
  };
  const filled = (length: number, most: number) =>
    fc.array(fc.tuple(fc.nat(length - 1), fc.nat(most)), { maxLength: 8 }).map((entries) => {
      const all = Array.from({ length }, () => 0);
      for (const [place, value] of entries) all[place] = value;
      return all;
    });
  const frame = fc.record(
    {
      values: fc.array(numbers, { minLength: 6, maxLength: 6 }).map((list) => Float32Array.from(list)),
      histograms: fc.option(filled(shape.counts, 2 ** 32 - 1).map((list) => Uint32Array.from(list))),
      predictions: fc.option(
        fc.record(
          {
            surface: filled(cells, 255).map((list) => Uint8Array.from(list)),
            examples: filled(examples, 255).map((list) => Uint8Array.from(list)),
            confusion: filled(classes, 2 ** 32 - 1).map((list) => Uint32Array.from(list)),
          },
          { noNullPrototype: true },
        ),
      ),
    },
    { noNullPrototype: true },
  );
  const course = fc.array(fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), frame), { minLength: 1, maxLength: 6 });
  const stepped = (
    gaps: [number, { values: Float32Array; histograms: Uint32Array | null; predictions: Frame['predictions'] }][],
  ) => {
    let step = -1;
    return gaps.map(([gap, rest]): Frame => {
      step += gap;
      return { step, ...rest };
    });
  };

  it('read back bit by bit, as records and packed', () => {
    fc.assert(
      fc.property(course.map(stepped), (course) => {
        for (const one of course) assert.deepEqual(readFrame(writtenFrame(one), shape), one);
        const block = new PackedFrames(packedFrames(course, shape, channelNames), shape, channelNames);
        const read = block.steps.map((step, k) => ({
          step,
          values: block.valuesAt(k),
          histograms: block.countsAt(k),
          predictions: block.predictionsAt(k),
        }));
        assert.deepEqual(read, course);
      }),
    );
  });

  it('take no bytes for values that follow from others: a standard deviation, and a norm of numbers with a mean', () => {
    const course = Array.from({ length: 50 }, (_, k): Frame => {
      const [mean, variance] = [Math.fround(Math.sin(k) / 7), Math.fround(1 + Math.cos(3 * k) / 3)];
      const norm = Math.sqrt(96 * (variance + mean * mean));
      const values = Float32Array.of(mean, variance, Math.sqrt(variance), norm, 1, 1);
      return { step: k, values, histograms: null, predictions: null };
    });
    const size = (of: readonly Frame[], names: string[]) => packedFrames(of, shape, names).length;
    const unrelated = channelNames.map((_, k) => `channel${k}`);
    assert.ok(size(course, channelNames) < 0.65 * size(course, unrelated));
  });

  it('are refused where they are of a different run', () => {
    const one: Frame = { step: 3, values: new Float32Array(6), histograms: null, predictions: null };
    assert.throws(() => readFrame(writtenFrame(one), { ...shape, channels: 7 }), /different number of channels/);
    const block = new PackedFrames(packedFrames([one], shape, channelNames), shape, [...channelNames, 'more']);
    assert.throws(() => block.valuesAt(0), /incomplete/);
  });
});
