/** Helpers that read data, and that check errors. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { CsvSource, DataSource, IdxSource } from '../../../../src/engine/data/dataSpecification';
import { DataError, type Dataset, type Examples } from '../../../../src/engine/data/dataset';
import { type DataFiles, makeDataset } from '../../../../src/engine/data/make';

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function csvSource(changes: Partial<CsvSource> = {}): CsvSource {
  return { kind: 'csv', path: 'a.csv', header: true, testFraction: 0.25, standardize: true, task: 'auto', ...changes };
}

export function readCsv(table: string | Uint8Array, changes: Partial<CsvSource> = {}, seed = 1): Dataset {
  const bytes = typeof table === 'string' ? utf8(table) : table;
  return makeDataset(csvSource(changes), seed, { path: { path: 'a.csv', bytes } });
}

/** IDX bytes: a magic number, sizes, then values. */
export function idxBytes(magic: number, sizes: number[], body: Iterable<number>): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 * (1 + sizes.length)));
  [magic, ...sizes].forEach((value, k) => {
    header.setUint32(4 * k, value);
  });
  return Uint8Array.from([...new Uint8Array(header.buffer), ...body]);
}

export const idxSource: IdxSource = {
  kind: 'idx',
  trainImages: 'a-images',
  trainLabels: 'a-labels',
  testImages: 'b-images',
  testLabels: 'b-labels',
};

/** Three training and two test images of 2 rows and 3 columns. */
export function idxFiles(changes: Partial<Record<keyof DataFiles, Uint8Array>> = {}): DataFiles {
  const pixels = (count: number) => Array.from({ length: count * 6 }, (_, k) => (k * 15) % 256);
  return {
    trainImages: { path: 'a-images', bytes: changes.trainImages ?? idxBytes(0x803, [3, 2, 3], pixels(3)) },
    trainLabels: { path: 'a-labels', bytes: changes.trainLabels ?? idxBytes(0x801, [3], [2, 0, 1]) },
    testImages: { path: 'b-images', bytes: changes.testImages ?? idxBytes(0x803, [2, 2, 3], pixels(2)) },
    testLabels: { path: 'b-labels', bytes: changes.testLabels ?? idxBytes(0x801, [2], [1, 1]) },
  };
}

/** Asserts a DataError whose message matches, and returns it. */
export function dataError(make: () => unknown, message: RegExp, property?: string): DataError {
  try {
    make();
  } catch (cause) {
    assert.ok(cause instanceof DataError, String(cause instanceof Error ? cause.stack : cause));
    assert.match(cause.message, message);
    if (property !== undefined) assert.equal(cause.property, property);
    return cause;
  }
  assert.fail(`No error that matches ${message}`);
}

/** Asserts the invariants of every data set. */
export function assertWhole(dataset: Dataset): void {
  const { featureCount, classCount, targetCount, classNames, featureNames, image } = dataset;
  assert.equal(classNames.length, classCount);
  assert.equal(new Set(classNames).size, classCount);
  assert.ok(
    image ? image.width * image.height * image.channels === featureCount : featureNames.length === featureCount,
  );
  assert.ok(dataset.task === 'classification' ? classCount > 0 && targetCount === 0 : classCount === 0);
  for (const part of ['train', 'test'] as const) {
    const { count, features, labels, targets } = dataset[part];
    assert.equal(features.length, count * featureCount);
    assert.equal(targets.length, count * targetCount);
    assert.equal(labels.length, dataset.task === 'classification' ? count : 0);
    assert.ok(features.every(Number.isFinite) && targets.every(Number.isFinite));
    assert.ok(labels.every((label) => label >= 0 && label < classCount));
  }
}

/** Asserts a data set, or a DataError with a meaningful message. */
export function assertDatasetOrDataError(data: DataSource, files: DataFiles): 'dataset' | 'error' {
  let dataset: Dataset;
  try {
    dataset = makeDataset(data, 1, files);
  } catch (cause) {
    assert.ok(cause instanceof DataError, `${cause instanceof Error ? cause.stack : cause}`);
    // Content of the file is in quotation marks; the rest is our own text.
    const ours = cause.message.replace(/"(?:[^"\\]|\\.)*"/g, '');
    assert.ok(cause.message.length > 20 && !/undefined|NaN|\[object/.test(ours), cause.message);
    return 'error';
  }
  assertWhole(dataset);
  return 'dataset';
}

/** Row `k` of the features. */
export function rowOf({ features, count }: Examples, k: number): number[] {
  const width = features.length / count;
  return Array.from(features.subarray(k * width, (k + 1) * width));
}

export function sha256(dataset: Dataset): string {
  const hash = createHash('sha256');
  for (const { features, labels, targets } of [dataset.train, dataset.test]) {
    for (const values of [features, labels, targets]) {
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  }
  return hash.digest('hex');
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum / values.length;
}

export function deviation(values: ArrayLike<number>): number {
  const middle = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - middle) ** 2)));
}
