/**
 * Interleaved spiral arms, one a class. Features [count × 2], within the unit circle but for the noise.
 * A point at t (uniform in 0…1) along arm k of n has radius 0.1 + 0.9 t and angle 2π (turns · t + k / n). The noise is
 * drawn even when it has no size, so that data of one seed and different noise are the same points moved.
 */
import { cos, sin } from '../math';
import type { Streams } from '../random';
import type { SpiralSource } from './dataSpecification';
import type { Dataset } from './dataset';
import { coordinateNames, generated, lettered } from './generated';

/** Radius at which the arms start, because closer to the centre they overlap. */
const innerRadius = 0.1;

export function spiral({ train, test, classes, turns, noise }: SpiralSource, stream: Streams): Dataset {
  return generated(
    {
      train,
      test,
      classNames: lettered(classes),
      featureCount: 2,
      featureNames: coordinateNames(2),
      draw(label, random, row) {
        const along = random.uniform();
        const radius = innerRadius + (1 - innerRadius) * along;
        const angle = 2 * Math.PI * (turns * along + label / classes);
        row[0] = radius * cos(angle) + noise * random.normal();
        row[1] = radius * sin(angle) + noise * random.normal();
      },
    },
    stream,
  );
}
