/** Run logs are TensorBoard event files that read back to the last whole frame, whatever the damage at the end. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { binCount } from '../../../src/engine/bins';
import type { Channel, HistogramPlace } from '../../../src/engine/channels';
import { readLogFile } from '../../../src/runs/folder/runLogFiles';
import { RunLogWriter } from '../../../src/runs/folder/runLogWriter';
import { runLogName } from '../../../src/runs/log/encodeRunLog';
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
  const write = () => {
    const own = folder.path(`log-${++written}`);
    mkdirSync(own);
    const log = new RunLogWriter(
      own,
      { engine: '0.1.0', run: 'BatchNorm/seed-1', watched: { channels, histograms: places, scene: null } },
      () => 1_700_000_000_250,
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

  it('reads back as written', () => {
    const { heading, frames: read, histograms, end } = readLogFile(write());
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
    assert.equal(seen, frames.length - 1);
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
    const perFrame = frames.reduce((sum, { values }) => sum + values.filter((v) => !Number.isNaN(v)).length, 0);
    const filled = frames.reduce(
      (sum, { histograms }) => sum + (histograms?.filter((count) => count > 0).length ?? 0),
      0,
    );
    // A filled bin takes two numbers of eight bytes, and twice that with the empty bins before it.
    assert.ok(size < 600 + perFrame * 50 + filled * 32, String(size));
  });
});
