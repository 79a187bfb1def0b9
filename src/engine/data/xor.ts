/**
 * Points of the cube from −1 to 1, told apart by the parity of their signs: `even` when an even number of coordinates
 * is negative, else `odd`. Features [count × dimensions], evenly spread; the noise comes after the class is known.
 */
import type { Streams } from '../random';
import type { XorSource } from './dataSpecification';
import type { Dataset } from './dataset';
import { coordinateNames, generated } from './generated';

export function xor({ train, test, dimensions, noise }: XorSource, stream: Streams): Dataset {
  return generated(
    {
      train,
      test,
      classNames: ['even', 'odd'],
      featureCount: dimensions,
      featureNames: coordinateNames(dimensions),
      draw(label, random, row) {
        let negative = 0;
        for (let k = 0; k < dimensions; k++) {
          const size = random.uniform();
          // All signs but the last are free; the last one makes the parity.
          const isNegative = k < dimensions - 1 ? random.integer(2) === 1 : negative % 2 !== label;
          if (isNegative) negative++;
          row[k] = isNegative ? -size : size;
        }
        for (let k = 0; k < dimensions; k++) row[k] += noise * random.normal();
      },
    },
    stream,
  );
}
