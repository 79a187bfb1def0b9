/** Fashion-MNIST (Xiao et al. 2017): 28 × 28 grey images of clothes in MNIST's file format. */
import type { FashionMnistSource } from './dataSpecification';
import { DataError, type Dataset } from './dataset';
import type { DataFiles } from './files';
import { idx } from './idx';

/** In the order of the labels. */
export const fashionClasses: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  // not translated: names of classes are data
  'Ankle boot',
];

/** @throws DataError */
export function fashionMnist(source: FashionMnistSource, files: DataFiles): Dataset {
  const path = (property: 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels') => files[property]?.path ?? '';
  const { folder: _, ...options } = source;
  try {
    return idx(
      {
        ...options,
        kind: 'idx',
        trainImages: path('trainImages'),
        trainLabels: path('trainLabels'),
        testImages: path('testImages'),
        testLabels: path('testLabels'),
      },
      files,
      fashionClasses,
    );
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    const { message, property } = cause;
    throw new DataError(message, property === 'train' || property === 'test' ? property : null);
  }
}
