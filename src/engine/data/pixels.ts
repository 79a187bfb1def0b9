/**
 * Images of bytes as inputs of a network: binarized, standardized, or as they are. The bytes stay as they are in the memory that
 * threads share. What each of the 256 values represents is a table.
 */
import type { ImageShape } from '../../shared/image';
import type { PixelOptions } from './dataSpecification';
import { ByteExamples, type Dataset } from './dataset';

/** Pixels and classes of one part of the data. */
export interface Images {
  /** [count × height × width × channels] */
  pixels: Uint8Array;
  labels: Int32Array;
}

/** Everything about a data set of images beside its examples. */
export interface ImageSet {
  image: ImageShape;
  classNames: string[];
  train: Images;
  test: Images;
}

/** The data set of images. Both parts are standardized by the channels of the training images. */
export function imageDataset({ image, classNames, train, test }: ImageSet, options: PixelOptions): Dataset {
  const { width, height, channels } = image;
  const { binarize, standardize = false, augment } = options;
  const scales = standardize ? channelScales(train.pixels, channels, binarize) : null;
  const levels = scales || binarize !== undefined ? levelsOf(channels, binarize, scales) : undefined;
  return {
    task: 'classification',
    featureCount: width * height * channels,
    classCount: classNames.length,
    targetCount: 0,
    classNames,
    featureNames: [],
    image,
    ...(scales && {
      channelScales: scales,
      pixelRange: scales.map(({ mean, std }) => ({ black: -mean / std, white: (1 - mean) / std })),
    }),
    ...(binarize !== undefined && { binarizedAt: binarize }),
    ...(augment && (augment.shift > 0 || augment.flip) && { augment }),
    train: new ByteExamples(train.pixels, train.labels, levels),
    test: new ByteExamples(test.pixels, test.labels, levels),
  };
}

/** Value of a byte before it is standardized. */
function pixelValue(byte: number, binarize: number | undefined): number {
  const value = byte / 255;
  return binarize === undefined ? value : value >= binarize ? 1 : 0;
}

/** Not the operator for powers, whose last bits each engine may choose. */
function square(value: number): number {
  return value * value;
}

/** Mean and standard deviation (divided by the number of pixels) of each channel; a constant channel is only centred. */
function channelScales(
  pixels: Uint8Array,
  channels: number,
  binarize: number | undefined,
): { mean: number; std: number }[] {
  // Whole numbers, so that the sums do not depend on their order.
  const counts = new Float64Array(256 * channels);
  for (let at = 0; at < pixels.length; at += channels) {
    for (let c = 0; c < channels; c++) counts[256 * c + pixels[at + c]]++;
  }
  const number = pixels.length / channels;
  return Array.from({ length: channels }, (_, c) => {
    const own = counts.subarray(256 * c, 256 * (c + 1));
    const mean = own.reduce((sum, count, byte) => sum + count * pixelValue(byte, binarize), 0) / number;
    const squares = own.reduce((sum, count, byte) => sum + count * square(pixelValue(byte, binarize) - mean), 0);
    const present = new Set(Array.from(own, (count, byte) => (count > 0 ? pixelValue(byte, binarize) : -1)));
    present.delete(-1);
    return { mean, std: present.size > 1 ? Math.sqrt(squares / number) : 1 };
  });
}

/** [channels × 256] */
function levelsOf(
  channels: number,
  binarize: number | undefined,
  scales: { mean: number; std: number }[] | null,
): Float32Array {
  const levels = new Float32Array(256 * channels);
  for (let c = 0; c < channels; c++) {
    const { mean, std } = scales?.[c] ?? { mean: 0, std: 1 };
    for (let byte = 0; byte < 256; byte++) levels[256 * c + byte] = (pixelValue(byte, binarize) - mean) / std;
  }
  return levels;
}

/** Images with rows and columns exchanged, in new memory. */
export function transposed(pixels: Uint8Array, { width, height, channels }: ImageShape): Uint8Array {
  const size = width * height * channels;
  const out = new Uint8Array(pixels.length);
  for (let start = 0; start < pixels.length; start += size) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) {
          out[start + (x * height + y) * channels + c] = pixels[start + (y * width + x) * channels + c];
        }
      }
    }
  }
  return out;
}
