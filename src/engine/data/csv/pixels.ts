/** The columns of a table as the pixels of images. */
import * as l10n from '@vscode/l10n';
import { count } from '../../../shared/counts';
import { type ImageShape, numbersOfImage } from '../../../shared/image';
import { DataError } from '../dataset';
import { type FeatureColumn, type Features, inFloat32 } from './features';
import type { Table } from './table';

export interface Pixels {
  /** Mean and std of each channel over the training rows; undefined without standardization. */
  scales?: { mean: number; std: number }[];
  /** The smallest and the largest number of the training rows, as features. */
  range: { black: number; white: number }[];
  /** The features of the given rows, [rows × height × width × channels]. */
  of(rows: Uint32Array): Float32Array;
}

/** @throws DataError if the columns are not as many numbers as an image has. */
export function requireImage(table: Table, features: readonly FeatureColumn[], image: ImageShape): void {
  const words = features.find(({ found }) => found.kind === 'words');
  if (words) {
    throw new DataError(
      l10n.t`${table.path}: column ${JSON.stringify(table.names[words.column])} has words, and pixels are numbers: leave it out with ignore, or remove image`,
      'image',
    );
  }
  const { width, height, channels } = image;
  const needed = numbersOfImage(image);
  if (features.length === needed) return;
  throw new DataError(
    l10n.t`${table.path} has ${features.length} columns beside the target, but an image of ${height}×${width} pixels with ${count(channels, 'channel')} has ${needed} numbers: correct image, or leave out columns with ignore`,
    'image',
  );
}

/** @param standardize Whether each channel gets mean 0 and standard deviation 1 over the training rows. */
export function pixelsOf(encoded: Features, train: Uint32Array, image: ImageShape, standardize: boolean): Pixels {
  const { channels } = image;
  const values = encoded.of(train);
  const facts = Array.from({ length: channels }, (_, c) => factsOf(values, c, channels));
  const scales = facts.map(({ mean, std }) => (standardize ? { mean, std } : { mean: 0, std: 1 }));
  const range = facts.map(({ low, high }, c) => {
    const { mean, std } = scales[c];
    const black = (low - mean) / std;
    // An image of one value is black.
    return { black, white: high > low ? (high - mean) / std : black + 1 };
  });
  return {
    range,
    ...(standardize && { scales }),
    of(rows) {
      const features = encoded.of(rows);
      if (!standardize) return features;
      for (let k = 0; k < features.length; k++) {
        const { mean, std } = scales[k % channels];
        features[k] = inFloat32((features[k] - mean) / std);
      }
      return features;
    },
  };
}

/** Sums go from the first row to the last, in float64. */
function factsOf(values: Float32Array, channel: number, channels: number) {
  let [sum, low, high, count] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let k = channel; k < values.length; k += channels) {
    sum += values[k];
    low = Math.min(low, values[k]);
    high = Math.max(high, values[k]);
    count++;
  }
  const mean = sum / count;
  let squares = 0;
  for (let k = channel; k < values.length; k += channels) squares += (values[k] - mean) * (values[k] - mean);
  return { mean, std: high > low ? Math.sqrt(squares / count) : 1, low, high };
}
