/**
 * What TensorBoard sees of a run log, by a reader of the published formats that shares no code with the lab: TFRecord framing
 * (length, checksum, data, checksum), and protobuf's wire format with the field numbers of TensorFlow's event.proto,
 * summary.proto and tensor.proto.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binCount } from '../../../src/engine/bins';
import type { Channel, HistogramPlace } from '../../../src/engine/channels';
import { logFileSystem, RunLogWriter } from '../../../src/runs/folder/runLogWriter';
import { fullDetail, type LogDetail } from '../../../src/shared/logDetail';
import { temporaryFolder } from './support/experiments';

type Field = { number: number; value: number | Buffer };

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = message[at++];
      value += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 1:
        fields.push({ number, value: message.readDoubleLE(at) });
        at += 8;
        break;
      case 2: {
        const length = varint();
        fields.push({ number, value: message.subarray(at, at + length) });
        at += length;
        break;
      }
      case 5:
        fields.push({ number, value: message.readFloatLE(at) });
        at += 4;
        break;
      default:
        assert.fail(`wire type ${key % 8}`);
    }
  }
  return fields;
}

const all = (fields: Field[], wanted: number) =>
  fields.filter(({ number }) => number === wanted).map(({ value }) => value);
const numbersIn = (bytes: Buffer) => Array.from({ length: bytes.length / 8 }, (_, k) => bytes.readDoubleLE(8 * k));

interface Shown {
  scalars: Map<string, [step: number, value: number][]>;
  histograms: Map<string, { step: number; limits: number[]; counts: number[] }[]>;
  /** Values with the metadata of a plugin that TensorBoard does not have. */
  ofPlugin: string[];
  version: string;
}

function shownBy(file: Buffer): Shown {
  const shown: Shown = { scalars: new Map(), histograms: new Map(), ofPlugin: [], version: '' };
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const event = fieldsOf(file.subarray(at + 12, at + 12 + length));
    at += 16 + length;
    const [step = 0] = all(event, 2) as number[];
    for (const text of all(event, 3)) shown.version = String(text);
    for (const summary of all(event, 5) as Buffer[]) {
      for (const bytes of all(fieldsOf(summary), 1) as Buffer[]) {
        const value = fieldsOf(bytes);
        const tag = String(all(value, 1)[0]);
        const [scalar, histogram, tensor, metadata] = [2, 5, 8, 9].map((number) => all(value, number)[0]);
        if (typeof scalar === 'number') shown.scalars.set(tag, [...(shown.scalars.get(tag) ?? []), [step, scalar]]);
        if (histogram instanceof Buffer) {
          const [limits, counts] = [6, 7].map((number) => numbersIn(all(fieldsOf(histogram), number)[0] as Buffer));
          shown.histograms.set(tag, [...(shown.histograms.get(tag) ?? []), { step, limits, counts }]);
        }
        if (tensor instanceof Buffer) {
          // A string tensor without metadata would be an error.
          assert.ok(metadata instanceof Buffer, tag);
          assert.equal(all(fieldsOf(tensor), 1)[0], 7, tag);
          const plugin = fieldsOf(all(fieldsOf(metadata), 1)[0] as Buffer);
          shown.ofPlugin.push(`${all(plugin, 1)[0]}: ${tag}`);
        }
      }
    }
  }
  return shown;
}

describe('TensorBoard', () => {
  const folder = temporaryFolder();
  const names = ['network/train/loss', 'network/test/accuracy', 'hidden1/activated/std'];
  const channels = names.map((name): Channel => {
    const [layer, tap, quantity] = name.split('/');
    return { layer, tap: tap as Channel['tap'], quantity, name };
  });
  const places: HistogramPlace[] = [{ layer: 'hidden1', tap: 'activated', name: 'hidden1/activated' }];
  const steps = 300;
  const valueAt = (step: number, channel: number) => Math.fround(Math.cos(step / 9 + channel) / 3);
  const counts = new Uint32Array(binCount);
  // Around 0, tiny, and up to 3.
  for (const [bin, count] of [
    [136, 7],
    [137, 5],
    [150, 9],
    [205, 11],
    [222, 13],
  ])
    counts[bin] = count;
  let written = 0;

  const write = (detail: Partial<LogDetail>, isPacked: boolean, until = steps) => {
    const own = folder.path(`log-${++written}`);
    mkdirSync(own);
    const logged = {
      engine: '0.1.0',
      run: 'a/seed-1',
      watched: { channels, histograms: places, scene: null },
      course: { from: 0, steps },
      detail: { ...fullDetail, ...detail },
    };
    const files = isPacked ? logFileSystem : { ...logFileSystem, pack() {} };
    const log = new RunLogWriter(own, logged, Date.now, files);
    for (let step = 0; step <= until; step += 3) {
      const values = Float32Array.from(channels, (_, channel) => valueAt(step, channel));
      log.frame({ step, values, histograms: counts, predictions: null });
    }
    log.close();
    return readFileSync(join(own, readdirSync(own)[0]));
  };

  for (const isPacked of [false, true]) {
    it(`shows scalars and histograms at the promised steps, ${isPacked ? 'packed' : 'while a run trains'}`, () => {
      const { version, scalars, histograms, ofPlugin } = shownBy(write({ shown: 4 }, isPacked));
      assert.equal(version, 'brain.Event:2');
      const frames = scalars.get('hidden1/activated/std') ?? [];
      assert.deepEqual(
        frames,
        [0, 102, 201, 300].map((step) => [step, valueAt(step, 2)]),
      );
      const loss = scalars.get('network/train/loss') ?? [];
      assert.equal(loss.length, 16, 'results at more steps');
      for (const [step, value] of loss) assert.equal(value, valueAt(step, 0));
      const ofPlace = histograms.get('hidden1/activated') ?? [];
      assert.deepEqual(
        ofPlace.map(({ step }) => step),
        [0, 102, 201, 300],
      );
      for (const { limits, counts: shown } of ofPlace) {
        assert.equal(
          shown.reduce((sum, count) => sum + count, 0),
          45,
        );
        assert.ok(limits.every((limit, k) => k === 0 || limit > limits[k - 1]));
        // Bins far narrower than what TensorBoard draws are one.
        assert.ok(shown.includes(7 + 5 + 9));
      }
      assert.ok(ofPlugin.length > 1);
      assert.ok(
        ofPlugin.every((value) => /^batchnorm_lab: batchnorm-lab\//.test(value)),
        ofPlugin[0],
      );
    });
  }

  it('shows the last frame of a run that ended before its planned end', () => {
    for (const isPacked of [false, true]) {
      const { scalars } = shownBy(write({ shown: 1 }, isPacked, 60));
      assert.deepEqual(scalars.get('hidden1/activated/std'), [[60, valueAt(60, 2)]]);
    }
  });

  it('costs little beside the frames', () => {
    const [few, many] = [1, 16].map((shown) => write({ shown }, true).length);
    assert.ok(few < 5000, String(few));
    assert.ok(many < few + 16 * 600, String(many));
    assert.ok(write({ shown: 1, frames: 4, histograms: 4 }, true).length < few);
  });
});
