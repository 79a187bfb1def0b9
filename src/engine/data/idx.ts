/**
 * Images and labels in MNIST's own format, IDX (http://yann.lecun.com/exdb/mnist/): a big-endian magic number, the
 * size of each dimension as 32 bits, then one byte a value. Features [count × pixels] from 0 to 1, row by row.
 */
import * as l10n from '@vscode/l10n';
import { count } from '../../shared/counts';
import { formatCount } from '../../shared/numbers';
import { requireRoom } from './capacity';
import type { IdxSource } from './dataSpecification';
import { DataError, type Dataset } from './dataset';
import { type DataFile, type DataFiles, fileOf } from './files';
import { imageDataset, transposed } from './pixels';

/** Unsigned bytes in three dimensions: image, row, column. */
const imagesMagic = 0x00000803;
/** Unsigned bytes in one dimension. */
const labelsMagic = 0x00000801;

interface IdxImages {
  count: number;
  width: number;
  height: number;
  pixels: Uint8Array;
}

type Part = 'train' | 'test';
type Property = `${Part}${'Images' | 'Labels'}`;

/**
 * The classes are the labels that occur in either file, in order: 0 to 9 for MNIST.
 * @param known Names of the classes, where these are known: each label is then the index of a name.
 * @throws DataError
 */
export function idx(source: IdxSource, files: DataFiles, known?: readonly string[]): Dataset {
  const trainImages = readImages(files, 'trainImages', 'trainLabels', source.train);
  const trainLabels = readLabels(files, 'trainLabels', 'trainImages');
  const testImages = readImages(files, 'testImages', 'testLabels', source.test);
  const testLabels = readLabels(files, 'testLabels', 'testImages');
  requireLabelForEach('train', source, trainImages, trainLabels);
  requireLabelForEach('test', source, testImages, testLabels);
  const { width, height } = trainImages;
  if (testImages.width !== width || testImages.height !== height) {
    throw new DataError(
      l10n.t`${source.testImages} holds images of ${sizeOf(testImages)} pixels, but ${source.trainImages} of ${sizeOf(trainImages)}: training and test images must be of one size`,
      'testImages',
    );
  }

  const occurring = known
    ? Array.from(known, (_, label) => label)
    : Array.from(new Set([...trainLabels, ...testLabels])).sort((a, b) => a - b);
  const classes = new Int32Array(256);
  occurring.forEach((label, k) => {
    classes[label] = k;
  });
  const image = { width, height, channels: 1 };
  const examples = (part: Part, images: IdxImages, labels: Uint8Array) => {
    const count = usedImages(part, source, images.count);
    requireRoom(count, width * height, source[`${part}Images`], `${part}Images`);
    const used = labels.subarray(0, count);
    if (known) requireKnown(used, known, source[`${part}Labels`], `${part}Labels`);
    const pixels = images.pixels.subarray(0, count * width * height);
    return {
      pixels: source.transpose ? transposed(pixels, image) : pixels,
      labels: Int32Array.from(used, (label) => classes[label]),
    };
  };
  return imageDataset(
    {
      image: source.transpose ? { width: height, height: width, channels: 1 } : image,
      classNames: known ? [...known] : occurring.map(String),
      train: examples('train', trainImages, trainLabels),
      test: examples('test', testImages, testLabels),
    },
    source,
  );
}

/** @throws DataError for a label without a class. */
function requireKnown(labels: Uint8Array, known: readonly string[], path: string, property: Property): void {
  const at = labels.findIndex((label) => label >= known.length);
  if (at < 0) return;
  throw new DataError(
    l10n.t`${path} has label ${labels[at]} for image ${at + 1}, beyond the ${known.length} classes 0 to ${known.length - 1}: give the labels that belong to these images, or read other data with kind "idx"`,
    property,
  );
}

/** @param used Images that are taken of the file; undefined for all of them. */
function readImages(files: DataFiles, property: Property, other: Property, used: number | undefined): IdxImages {
  const file = fileOf(files, property);
  const [count, height, width] = readHeader(file, property, imagesMagic, 3, other);
  if (width * height === 0)
    throw new DataError(l10n.t`${file.path} holds images of ${height}×${width} pixels: copy it again`, property);
  return { count, height, width, pixels: readBody(file, property, [count, height, width], used) };
}

function readLabels(files: DataFiles, property: Property, other: Property): Uint8Array {
  const file = fileOf(files, property);
  return readBody(file, property, readHeader(file, property, labelsMagic, 1, other));
}

/**
 * Bytes that are needed of a file, by the header at its start; null where that is no header of images or labels.
 * @param items How many images or labels are used; all of them where it is undefined.
 */
export function neededBytes(start: Uint8Array, items = Number.POSITIVE_INFINITY): number | null {
  if (start.length < 8) return null;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const magic = view.getUint32(0);
  const dimensions = magic === imagesMagic ? 3 : magic === labelsMagic ? 1 : 0;
  const header = 4 * (1 + dimensions);
  if (dimensions === 0 || start.length < header) return null;
  let needed = Math.min(items, view.getUint32(4));
  for (let k = 2; k <= dimensions; k++) needed *= view.getUint32(4 * k);
  return header + needed;
}

/** The sizes of the dimensions. */
function readHeader(file: DataFile, property: Property, magic: number, dimensions: number, other: Property): number[] {
  const { path, bytes } = file;
  if (bytes.length === 0) throw new DataError(l10n.t`${path} is empty: copy it again`, property);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new DataError(l10n.t`${path} is gzipped twice, or damaged: unpack it once with gunzip`, property);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 * (1 + dimensions)) {
    throw new DataError(
      l10n.t`${path} has only ${bytes.length} bytes, fewer than the header of an IDX file: copy it again`,
      property,
    );
  }
  const found = view.getUint32(0);
  if (found !== magic) throw new DataError(`${path} ${wrongMagic(found, magic, property, other)}`, property);
  return Array.from({ length: dimensions }, (_, k) => view.getUint32(4 * (k + 1)));
}

function wrongMagic(found: number, magic: number, property: Property, other: Property): string {
  if (found === imagesMagic || found === labelsMagic) {
    return found === imagesMagic
      ? l10n.t`holds images where labels belong: are ${property} and ${other} exchanged?`
      : l10n.t`holds labels where images belong: are ${property} and ${other} exchanged?`;
  }
  return magic === imagesMagic
    ? l10n.t`begins with ${inHex(found)}, but an IDX file of images (bytes in three dimensions) begins with ${inHex(magic)}: give a file in MNIST's format`
    : l10n.t`begins with ${inHex(found)}, but an IDX file of labels (bytes in one dimension) begins with ${inHex(magic)}: give a file in MNIST's format`;
}

function inHex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

function readBody({ path, bytes, partly }: DataFile, property: Property, sizes: number[], used?: number): Uint8Array {
  const start = 4 * (1 + sizes.length);
  const length = bytes.length - start;
  const promised = sizes.reduce((product, size) => product * size, 1);
  if (sizes[0] === 0)
    throw new DataError(l10n.t`${path} holds nothing: its header says 0 items. Copy it again`, property);
  if (length === promised) return bytes.subarray(start);
  const needed = neededBytes(bytes, used) ?? bytes.length;
  if (partly && used !== undefined && used <= sizes[0] && bytes.length === needed) return bytes.subarray(start);
  const items =
    sizes.length === 1
      ? count(sizes[0], 'label')
      : l10n.t`${count(sizes[0], 'image')} of ${sizes[1]}×${sizes[2]} pixels`;
  const difference = length < promised ? missingInWords(promised - length) : tooManyInWords(length - promised);
  throw new DataError(l10n.t`${path} should hold ${items}, but ${difference}: copy it again`, property);
}

function missingInWords(bytes: number): string {
  return bytes === 1 ? l10n.t('1 byte is missing') : l10n.t`${formatCount(bytes)} bytes are missing`;
}

function tooManyInWords(bytes: number): string {
  return bytes === 1
    ? l10n.t('at least 1 byte is too many')
    : l10n.t`at least ${formatCount(bytes)} bytes are too many`;
}

function requireLabelForEach(part: Part, source: IdxSource, images: IdxImages, labels: Uint8Array): void {
  if (images.count === labels.length) return;
  const [imagesPath, labelsPath] = [source[`${part}Images`], source[`${part}Labels`]];
  throw new DataError(
    l10n.t`${labelsPath} holds ${count(labels.length, 'label')} for ${count(images.count, 'image')} of ${imagesPath}: give the two files that belong together`,
    `${part}Labels`,
  );
}

function usedImages(part: Part, source: IdxSource, found: number): number {
  const wanted = source[part];
  if (wanted === undefined || wanted <= found) return wanted ?? found;
  throw new DataError(
    l10n.t`${source[`${part}Images`]} holds ${count(found, 'image')}, but ${part} asks for ${wanted}: give at most ${found}`,
    part,
  );
}

function sizeOf({ width, height }: IdxImages): string {
  return `${height}×${width}`;
}
