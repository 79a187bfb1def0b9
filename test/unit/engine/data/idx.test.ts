/** MNIST's format, from bytes built here according to its published description. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { IdxSource } from '../../../../src/engine/data/dataSpecification';
import { type DataFiles, makeDataset } from '../../../../src/engine/data/make';
import { assertDatasetOrDataError, assertWhole, dataError, idxBytes, idxFiles, idxSource, rowOf } from './support';

function read(changes: Partial<Record<keyof DataFiles, Uint8Array>> = {}, source: Partial<IdxSource> = {}) {
  return makeDataset({ ...idxSource, ...source }, 1, idxFiles(changes));
}

const pixels = (count: number) => new Uint8Array(count);

describe('IDX files', () => {
  it('become pixels from 0 to 1 and labels', () => {
    const dataset = read();
    assertWhole(dataset);
    assert.deepEqual(dataset.image, { width: 3, height: 2, channels: 1 });
    assert.deepEqual(dataset.classNames, ['0', '1', '2']);
    assert.deepEqual([dataset.train.count, dataset.test.count], [3, 2]);
    assert.deepEqual(Array.from(dataset.train.labels), [2, 0, 1]);
    assert.deepEqual(Array.from(dataset.test.labels), [1, 1]);
    assert.deepEqual(
      rowOf(dataset.train, 0),
      [0, 15, 30, 45, 60, 75].map((value) => Math.fround(value / 255)),
    );
    assert.equal(rowOf(dataset.train, 2)[5], 1);
  });

  it('have a class for each label that occurs', () => {
    const dataset = read({ trainLabels: idxBytes(0x801, [3], [26, 1, 7]), testLabels: idxBytes(0x801, [2], [7, 1]) });
    assert.deepEqual(dataset.classNames, ['1', '7', '26']);
    assert.deepEqual(Array.from(dataset.train.labels), [2, 0, 1]);
  });

  it('are read in part if the experiment limits the examples', () => {
    const dataset = read({}, { train: 2, test: 1 });
    assert.deepEqual([dataset.train.count, dataset.test.count], [2, 1]);
    assert.deepEqual(rowOf(dataset.train, 1), rowOf(read().train, 1));
    dataError(() => read({}, { train: 4 }), /^a-images holds 3 images, but train asks for 4: give at most 3$/, 'train');
    dataError(() => read({}, { test: 3 }), /holds 2 images, but test asks for 3/, 'test');
  });

  it('may be part of a larger buffer', () => {
    const whole = idxFiles().trainImages!.bytes;
    const larger = new Uint8Array(new SharedArrayBuffer(whole.length + 7));
    larger.set(whole, 5);
    assert.deepEqual(read({ trainImages: larger.subarray(5, 5 + whole.length) }), read());
  });

  const broken: Record<string, [Partial<Record<keyof DataFiles, Uint8Array>>, RegExp, string]> = {
    'an empty file': [{ testLabels: pixels(0) }, /^b-labels is empty/, 'testLabels'],
    'a file that is still gzipped': [{ trainImages: Uint8Array.of(0x1f, 0x8b, 8, 0) }, /gunzip/, 'trainImages'],
    'less than a header': [{ trainImages: idxBytes(0x803, [3, 2], []) }, /only 12 bytes.*header/, 'trainImages'],
    'another magic number': [{ trainImages: idxBytes(0xd03, [3, 2, 3], []) }, /0x00000d03.*0x00000803/, 'trainImages'],
    'labels for images': [
      { trainImages: idxBytes(0x801, [30], pixels(30)) },
      /trainImages and trainLabels exch/,
      'trainImages',
    ],
    'images for labels': [
      { testLabels: idxBytes(0x803, [1, 1, 1], [1]) },
      /testLabels and testImages exch/,
      'testLabels',
    ],
    'a short body': [
      { trainImages: idxBytes(0x803, [3, 2, 3], pixels(17)) },
      /3 images of 2×3 pixels.*1 byte is miss/,
      'trainImages',
    ],
    'excess bytes': [{ testLabels: idxBytes(0x801, [2], pixels(9)) }, /2 labels.*7 bytes are too many/, 'testLabels'],
    'a size beyond all memory': [
      { trainImages: idxBytes(0x803, [0xffffffff, 0xffffffff, 0xffffffff], pixels(9)) },
      /bytes are missing/,
      'trainImages',
    ],
    'no image': [{ trainImages: idxBytes(0x803, [0, 2, 3], []) }, /0 items/, 'trainImages'],
    'images without a pixel': [{ trainImages: idxBytes(0x803, [3, 0, 3], []) }, /0×3 pixels/, 'trainImages'],
    'fewer labels than images': [
      { trainLabels: idxBytes(0x801, [2], [1, 2]) },
      /^a-labels holds 2 labels for 3 images of a-images/,
      'trainLabels',
    ],
    'test images of another size': [
      { testImages: idxBytes(0x803, [2, 3, 2], pixels(12)) },
      /3×2 pixels, but a-images of 2×3/,
      'testImages',
    ],
  };
  for (const [name, [changes, message, property]] of Object.entries(broken)) {
    it(`with ${name} are refused`, () => {
      dataError(() => read(changes), message, property);
    });
  }

  it('that were never read are refused', () => {
    dataError(() => makeDataset(idxSource, 1, {}), /trainImages has not been read/, 'trainImages');
  });

  it('with any damage give data or a message', () => {
    const names = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;
    const byte = fc.integer({ min: 0, max: 255 });
    const damage = fc.oneof(
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(40) }),
      fc.record({ kind: fc.constant('set' as const), at: fc.nat(40), value: byte }),
      fc.record({ kind: fc.constant('add' as const), bytes: fc.uint8Array({ maxLength: 12 }) }),
      fc.record({ kind: fc.constant('replace' as const), bytes: fc.uint8Array({ maxLength: 40 }) }),
    );
    const seen = { dataset: 0, error: 0 };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...names), damage), { maxLength: 3 }),
        fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        (damages, train) => {
          const files = idxFiles();
          for (const [name, change] of damages) {
            const file = files[name]!;
            if (change.kind === 'cut') file.bytes = file.bytes.slice(0, change.at);
            else if (change.kind === 'set') file.bytes[Math.min(change.at, file.bytes.length - 1)] = change.value;
            else if (change.kind === 'add') file.bytes = Uint8Array.from([...file.bytes, ...change.bytes]);
            else file.bytes = change.bytes;
          }
          seen[assertDatasetOrDataError({ ...idxSource, train }, files)]++;
        },
      ),
      { numRuns: 3000 },
    );
    assert.ok(seen.dataset > 100 && seen.error > 100, JSON.stringify(seen));
  });
});
