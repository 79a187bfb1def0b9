/**
 * Rings around the origin, one a class, the first innermost. Features [count × 2]; ring k of n has radius (k + 1) / n,
 * and its points are evenly spread over all angles.
 */
import { cos, sin } from '../math';
import type { Streams } from '../random';
import type { CirclesSource } from './dataSpecification';
import type { Dataset } from './dataset';
import { coordinateNames, generated, lettered } from './generated';

export function circles({ train, test, classes, noise }: CirclesSource, stream: Streams): Dataset {
  return generated(
    {
      train,
      test,
      classNames: lettered(classes),
      featureCount: 2,
      featureNames: coordinateNames(2),
      draw(label, random, row) {
        const radius = (label + 1) / classes;
        const angle = 2 * Math.PI * random.uniform();
        row[0] = radius * cos(angle) + noise * random.normal();
        row[1] = radius * sin(angle) + noise * random.normal();
      },
    },
    stream,
  );
}
