/** Images of PNG files in folders, one folder for each class. The files have been decoded. */
import * as l10n from '@vscode/l10n';
import type { Streams } from '../random';
import { requireRoom } from './capacity';
import { split } from './csv/split';
import type { PngSource } from './dataSpecification';
import { DataError, type Dataset } from './dataset';
import { type DataFiles, fileOf, type ImageFacts, imagesOf } from './files';
import { imageDataset } from './pixels';

/** Without a folder of test images, the images are divided by the stream `split`. @throws DataError */
export function png(source: PngSource, stream: Streams, files: DataFiles): Dataset {
  const { bytes, images, path } = imagesOf(fileOf(files, 'folder'));
  const { shape, classNames } = images;
  const labels = Int32Array.from(images.labels);
  const size = shape.width * shape.height * shape.channels;
  requireRoom(labels.length, size, path, 'folder');
  if (source.testFolder !== undefined) {
    const test = imagesOf(fileOf(files, 'testFolder'));
    requireAlike(images, path, test.images, test.path);
    requireRoom(test.images.labels.length, size, test.path, 'testFolder');
    const places = test.images.classNames.map((name) => classNames.indexOf(name));
    const testLabels = Int32Array.from(test.images.labels, (label) => places[label]);
    return imageDataset(
      { image: shape, classNames, train: { pixels: bytes, labels }, test: { pixels: test.bytes, labels: testLabels } },
      source,
    );
  }
  if (labels.length < 2) {
    throw new DataError(l10n.t`${path} has a single image: training and testing need one each, at least`, 'folder');
  }
  const rows = split(labels.length, source.testFraction, labels, stream('split'));
  const part = (chosen: Uint32Array) => {
    const pixels = new Uint8Array(chosen.length * size);
    chosen.forEach((row, k) => {
      pixels.set(bytes.subarray(row * size, (row + 1) * size), k * size);
    });
    return { pixels, labels: Int32Array.from(chosen, (row) => labels[row]) };
  };
  return imageDataset({ image: shape, classNames, train: part(rows.train), test: part(rows.test) }, source);
}

/** @throws DataError if the test images have a different shape, or a class that the training images lack. */
function requireAlike(train: ImageFacts, trainPath: string, test: ImageFacts, testPath: string): void {
  const [a, b] = [train.shape, test.shape];
  if (a.width !== b.width || a.height !== b.height) {
    throw new DataError(
      l10n.t`${testPath} has images of ${b.height}×${b.width} pixels, but ${trainPath} of ${a.height}×${a.width}: training and test images must be of one size`,
      'testFolder',
    );
  }
  if (a.channels !== b.channels) {
    const what = (channels: number) => (channels === 1 ? l10n.t('grey images') : l10n.t('images in colour'));
    throw new DataError(
      l10n.t`${testPath} has ${what(b.channels)}, but ${trainPath} has ${what(a.channels)}: convert them to the same`,
      'testFolder',
    );
  }
  const unknown = test.classNames.find((name) => !train.classNames.includes(name));
  if (unknown === undefined) return;
  throw new DataError(
    l10n.t`${testPath} has a folder ${JSON.stringify(unknown)}, but ${trainPath} has none: a class that training never shows cannot be learned. Add its training images, or remove the folder`,
    'testFolder',
  );
}
