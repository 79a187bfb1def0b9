/** What all generated data have in common: classes in equal parts, and training and test examples drawn apart. */
import type { ImageShape } from '../../shared/image';
import type { RandomStream, Streams } from '../random';
import { classified, type Dataset, type Examples } from './dataset';

export interface Plan {
  train: number;
  test: number;
  classNames: string[];
  featureCount: number;
  /** One a feature; empty for images. */
  featureNames: string[];
  image?: ImageShape;
  /** Draws one example of a class and writes its features into `row`. */
  draw(label: number, random: RandomStream, row: Float32Array): void;
}

/** Training examples come from the stream `data train`, test examples from `data test`, so that neither moves the other. */
export function generated({ train, test, classNames, featureCount, featureNames, image, draw }: Plan, stream: Streams) {
  /** Classes take turns: any stretch is mixed, and the first n examples are the same however many are asked for. */
  function examples(count: number, random: RandomStream): Examples {
    const features = new Float32Array(count * featureCount);
    const labels = Int32Array.from({ length: count }, (_, k) => k % classNames.length);
    for (let k = 0; k < count; k++) {
      draw(labels[k], random, features.subarray(k * featureCount, (k + 1) * featureCount));
    }
    return classified(features, labels);
  }

  const dataset: Dataset = {
    task: 'classification',
    featureCount,
    classCount: classNames.length,
    targetCount: 0,
    classNames,
    featureNames,
    ...(image && { image }),
    train: examples(train, stream('data train')), // not translated: name of a random stream
    test: examples(test, stream('data test')), // not translated: name of a random stream
  };
  return dataset;
}

/** `class A`, `class B`, …, `class Z`, `class AA`, …. */
export function lettered(count: number): string[] {
  const letters = (place: number): string =>
    (place < 26 ? '' : letters(Math.floor(place / 26) - 1)) + String.fromCharCode(65 + (place % 26));
  return Array.from({ length: count }, (_, k) => `class ${letters(k)}`);
}

/** `x` and `y` in the plane, else `x1`, `x2`, …. */
export function coordinateNames(dimensions: number): string[] {
  if (dimensions === 2) return ['x', 'y'];
  return Array.from({ length: dimensions }, (_, k) => `x${k + 1}`);
}
