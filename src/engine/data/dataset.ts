/** Training and test examples, however they came about. */

import type { ImageShape } from '../../shared/image';
import type { Augmentation } from './dataSpecification';
import type { TableFacts } from './tableFacts';

export interface Examples {
  count: number;
  /** [count × features], row-major. */
  features: Float32Array;
  /** The same as bytes, for numbers from 0 to 1 in steps of 1/255. If they are there, the features are made of them when asked for. */
  bytes?: Uint8Array;
  /** The number that each byte of each channel represents, [channels × 256]; without it, byte / 255. */
  levels?: Float32Array;
  /** Class of each example, from 0; empty in a regression. */
  labels: Int32Array;
  /** [count × targets], row-major; empty in a classification. */
  targets: Float32Array;
}

export interface Dataset {
  task: 'classification' | 'regression';
  featureCount: number;
  /** 0 in a regression. */
  classCount: number;
  /** Numbers to be predicted; 0 in a classification. */
  targetCount: number;
  /** In the order of the labels. */
  classNames: string[];
  /** One a feature; empty for images. */
  featureNames: string[];
  /** Mean and std of each standardized feature, which is (value of the file − mean) / std. */
  featureScales?: { mean: number; std: number }[];
  /** Shape of the images, where the features are their pixels row by row, the channels of a pixel side by side. */
  image?: ImageShape;
  /** Mean and std of each standardized channel of the images, which is (pixel − mean) / std. */
  channelScales?: { mean: number; std: number }[];
  /** Pixels of at least this value became 1, all others 0, before they were standardized. */
  binarizedAt?: number;
  /** Features that are black and white in each channel; without it, 0 and 1. */
  pixelRange?: { black: number; white: number }[];
  /** Random changes of the training images. */
  augment?: Augmentation;
  train: Examples;
  test: Examples;
  /** What was understood of the table that the data come from. */
  table?: TableFacts;
}

/** Examples of a classification. */
export function classified(features: Float32Array, labels: Int32Array): Examples {
  return { count: labels.length, features, labels, targets: new Float32Array(0) };
}

/** Images as their files contain them: a quarter of the memory, which threads may share. */
export class ByteExamples implements Examples {
  readonly count: number;
  readonly targets = new Float32Array(0);

  constructor(
    readonly bytes: Uint8Array,
    readonly labels: Int32Array,
    readonly levels?: Float32Array,
  ) {
    this.count = labels.length;
  }

  /** Made again each time, in four times the memory of the bytes. */
  get features(): Float32Array {
    return numbersOf(this, 0, this.bytes.length);
  }
}

/** Features from index `start` up to, but not including, `end`. May be a view of them. */
export function numbersOf(examples: Examples, start: number, end: number): Float32Array {
  const { bytes, levels } = examples;
  if (!bytes) return examples.features.subarray(start, end);
  const numbers = new Float32Array(end - start);
  if (levels) {
    readLevels(bytes.subarray(start, end), levels, start, numbers);
    return numbers;
  }
  // `Float32Array.from` would make a list of all numbers first, in ten times the memory.
  for (let k = 0; k < numbers.length; k++) numbers[k] = bytes[start + k] / 255;
  return numbers;
}

/**
 * Writes the numbers that bytes represent into `numbers`.
 * @param levels [channels × 256]
 * @param first Index of the first byte among the features of its example, or any other index of the same channel.
 */
export function readLevels(
  bytes: Uint8Array,
  levels: Float32Array,
  first: number,
  numbers: Float32Array,
  at = 0,
): void {
  if (levels.length === 256) {
    for (let k = 0; k < bytes.length; k++) numbers[at + k] = levels[bytes[k]];
    return;
  }
  let channel = (first * 256) % levels.length;
  for (let k = 0; k < bytes.length; k++) {
    numbers[at + k] = levels[channel + bytes[k]];
    channel += 256;
    if (channel === levels.length) channel = 0;
  }
}

/** Data that cannot be used: what is wrong, where, and what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';

  /**
   * @param property The property of `data` at fault, or null for the data as a whole.
   * @param place Line of the data file and number of the field in it, both counted from 1.
   */
  constructor(
    message: string,
    readonly property: string | null,
    readonly place: { line: number; column: number } | null = null,
  ) {
    super(message);
  }
}
