/**
 * CIFAR-10 (Krizhevsky 2009), the binary version: each image is one byte with its class, then 32 × 32 bytes each of red, green and
 * blue, row by row.
 */
import * as l10n from '@vscode/l10n';
import { count } from '../../shared/counts';
import { formatCount } from '../../shared/numbers';
import { requireRoom } from './capacity';
import type { Cifar10Source } from './dataSpecification';
import { DataError, type Dataset } from './dataset';
import { type DataFiles, fileOf, imagesOf } from './files';
import { imageDataset } from './pixels';

/** In the order of the labels. */
export const cifarClasses: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

export const cifarShape = { width: 32, height: 32, channels: 3 };
const plane = 32 * 32;
/** Bytes of one image with its label. */
export const cifarRecord = 1 + 3 * plane;
/** Bytes of one image in CIFAR-100, which has two labels. */
const cifar100Record = cifarRecord + 1;

/** Names of the files with the training images, in their order. */
export const cifarTrainFiles: readonly string[] = [1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`);
export const cifarTestFile = 'test_batch.bin';

/**
 * Number of images in a file.
 * @param size Bytes.
 * @throws DataError for a file that is not a whole number of images.
 */
export function cifarCount(size: number, path: string): number {
  const images = Math.floor(size / cifarRecord);
  const more = size - images * cifarRecord;
  if (size > 0 && more === 0) return images;
  if (size === 0) throw new DataError(l10n.t`${path} is empty: copy it again`, 'folder');
  if (size % cifar100Record === 0) {
    throw new DataError(
      l10n.t`${path} has images of ${cifar100Record} bytes, as CIFAR-100 has: give the binary version of CIFAR-10, with images of ${cifarRecord} bytes`,
      'folder',
    );
  }
  throw new DataError(
    l10n.t`${path} has ${count(size, 'byte')}, which is ${count(images, 'image')} of ${formatCount(cifarRecord)} bytes and ${count(more, 'byte')} of another: it was cut short, or is not a binary batch of CIFAR-10. Copy it again`,
    'folder',
  );
}

/**
 * Reads the images of a file.
 * @param bytes A whole number of images, as the file has them.
 * @param pixels Receives [count × 32 × 32 × 3], the colours of a pixel side by side.
 * @throws DataError for a label beyond the classes.
 */
export function readCifar(bytes: Uint8Array, path: string, pixels: Uint8Array, labels: Uint16Array): void {
  for (let k = 0; k < labels.length; k++) {
    const start = k * cifarRecord;
    const label = bytes[start];
    if (label >= cifarClasses.length) {
      throw new DataError(
        l10n.t`${path} has label ${label} for image ${k + 1}, beyond the ${cifarClasses.length} classes 0 to 9: it is damaged, or not a binary batch of CIFAR-10. Copy it again`,
        'folder',
      );
    }
    labels[k] = label;
    const to = k * 3 * plane;
    for (let p = 0; p < plane; p++) {
      for (let c = 0; c < 3; c++) pixels[to + 3 * p + c] = bytes[start + 1 + c * plane + p];
    }
  }
}

/** @throws DataError */
export function cifar10(source: Cifar10Source, files: DataFiles): Dataset {
  const part = (property: 'folder' | 'testFolder', name: 'train' | 'test') => {
    const { bytes, images, path } = imagesOf(fileOf(files, property));
    const found = images.labels.length;
    const used = source[name] ?? found;
    if (used > found) {
      throw new DataError(
        name === 'train'
          ? l10n.t`${path} holds ${count(found, 'image')} for training, but train asks for ${used}: give at most ${found}`
          : l10n.t`${path} holds ${count(found, 'image')} for testing, but test asks for ${used}: give at most ${found}`,
        name,
      );
    }
    requireRoom(used, 3 * plane, path, name);
    return {
      pixels: bytes.subarray(0, used * 3 * plane),
      labels: Int32Array.from(images.labels.subarray(0, used)),
    };
  };
  return imageDataset(
    {
      image: cifarShape,
      classNames: [...cifarClasses],
      train: part('folder', 'train'),
      test: part('testFolder', 'test'),
    },
    source,
  );
}
