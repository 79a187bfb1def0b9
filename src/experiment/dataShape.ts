/** Shape of an experiment's data, as far as it is known without reading data files. */
import { cifarShape } from '../engine/data/cifar10';
import type { Dataset } from '../engine/data/dataset';
import { type ImageShape, numbersOfImage } from '../shared/image';
import { unexpected } from '../shared/unexpected';
import type { DataSpecification } from './schema';

/** Each property is null if only the data files determine it. */
export interface DataShape {
  train: number | null;
  test: number | null;
  features: number | null;
  /** Number of classes, or of regression targets. */
  outputs: number | null;
  /** Shape of the images, for image data; null if only the data files determine it. */
  image?: ImageShape | null;
}

const digitShape: ImageShape = { width: 28, height: 28, channels: 1 };
const digitNumbers = numbersOfImage(digitShape);

export function dataShape(data: DataSpecification): DataShape {
  switch (data.kind) {
    case 'spiral':
    case 'circles':
      return { train: data.train, test: data.test, features: 2, outputs: data.classes };
    case 'moons':
      return { train: data.train, test: data.test, features: 2, outputs: 2 };
    case 'xor':
      return { train: data.train, test: data.test, features: data.dimensions, outputs: 2 };
    case 'gaussians':
      return { train: data.train, test: data.test, features: data.dimensions, outputs: data.classes };
    case 'digits':
      return { train: data.train, test: data.test, features: digitNumbers, outputs: 10, image: digitShape };
    case 'idx':
      // MNIST's size, unless the experiment sets different ones.
      return {
        train: data.train ?? 60_000,
        test: data.test ?? 10_000,
        features: digitNumbers,
        outputs: 10,
        image: null,
      };
    case 'fashion-mnist':
      return {
        train: data.train ?? 60_000,
        test: data.test ?? 10_000,
        features: digitNumbers,
        outputs: 10,
        image: digitShape,
      };
    case 'cifar-10':
      return {
        train: data.train ?? 50_000,
        test: data.test ?? 10_000,
        features: numbersOfImage(cifarShape),
        outputs: 10,
        image: cifarShape,
      };
    case 'png':
      return { train: null, test: null, features: null, outputs: null, image: null };
    case 'csv':
      if (data.image) {
        return { train: null, test: null, features: numbersOfImage(data.image), outputs: null, image: data.image };
      }
      return { train: null, test: null, features: null, outputs: null };
    default:
      return unexpected(data);
  }
}

/** The shape of data that have been read. */
export function shapeOf({ train, test, featureCount, classCount, targetCount, image }: Dataset): DataShape {
  const outputs = Math.max(1, classCount + targetCount);
  return { train: train.count, test: test.count, features: featureCount, outputs, image };
}
