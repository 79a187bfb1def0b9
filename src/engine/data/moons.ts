/**
 * Two half circles of radius 1 that reach into each other, each the other's image in the origin. Features [count × 2]:
 * x within ±1.5 and y within ±0.75 but for the noise.
 */
import { cos, sin } from '../math';
import type { Streams } from '../random';
import type { MoonsSource } from './dataSpecification';
import type { Dataset } from './dataset';
import { coordinateNames, generated } from './generated';

export function moons({ train, test, noise }: MoonsSource, stream: Streams): Dataset {
  return generated(
    {
      train,
      test,
      // not translated: names of classes are data
      classNames: ['upper moon', 'lower moon'],
      featureCount: 2,
      featureNames: coordinateNames(2),
      draw(label, random, row) {
        const angle = Math.PI * random.uniform();
        const side = label === 0 ? 1 : -1;
        row[0] = side * (cos(angle) - 0.5) + noise * random.normal();
        row[1] = side * (sin(angle) - 0.25) + noise * random.normal();
      },
    },
    stream,
  );
}
