/**
 * Normal clouds of standard deviation 1 in every direction, one a class. Features [count × dimensions]. All centres lie
 * `separation` away from the origin: evenly around a circle in the plane, and well apart on the sphere in more dimensions.
 */
import * as l10n from '@vscode/l10n';
import { cos, sin } from '../math';
import type { RandomStream, Streams } from '../random';
import type { GaussiansSource } from './dataSpecification';
import { DataError, type Dataset } from './dataset';
import { coordinateNames, generated, lettered } from './generated';

/** Directions tried for each centre on a sphere; the one farthest from the centres before it is taken. */
const candidates = 16;

/** @throws DataError for more than two classes on a line. */
export function gaussians({ train, test, classes, dimensions, separation }: GaussiansSource, stream: Streams): Dataset {
  // not translated: name of a random stream
  const centres = directions(classes, dimensions, stream('data centres'));
  return generated(
    {
      train,
      test,
      classNames: lettered(classes),
      featureCount: dimensions,
      featureNames: coordinateNames(dimensions),
      draw(label, random, row) {
        const centre = centres[label];
        for (let k = 0; k < dimensions; k++) row[k] = separation * centre[k] + random.normal();
      },
    },
    stream,
  );
}

/** Unit vectors, one a class. */
function directions(classes: number, dimensions: number, random: RandomStream): Float64Array[] {
  if (dimensions === 1) {
    if (classes > 2) {
      throw new DataError(
        l10n.t`${classes} clouds cannot lie at one distance from the origin of a line: give dimensions 2 or more, or classes 2`,
        'dimensions',
      );
    }
    return [Float64Array.of(-1), Float64Array.of(1)];
  }
  if (dimensions === 2) {
    const start = random.uniform();
    return Array.from({ length: classes }, (_, k) => {
      const angle = 2 * Math.PI * (start + k / classes);
      return Float64Array.of(cos(angle), sin(angle));
    });
  }
  const chosen: Float64Array[] = [];
  while (chosen.length < classes) {
    let best = direction(dimensions, random);
    let closest = largestCosine(best, chosen);
    for (let k = 1; k < candidates; k++) {
      const other = direction(dimensions, random);
      const cosine = largestCosine(other, chosen);
      if (cosine >= closest) continue;
      best = other;
      closest = cosine;
    }
    chosen.push(best);
  }
  return chosen;
}

/** Evenly spread over the sphere. */
function direction(dimensions: number, random: RandomStream): Float64Array {
  const vector = new Float64Array(dimensions);
  for (;;) {
    let square = 0;
    for (let k = 0; k < dimensions; k++) {
      vector[k] = random.normal();
      square += vector[k] * vector[k];
    }
    const length = Math.sqrt(square);
    if (length > 0) return vector.map((coordinate) => coordinate / length);
  }
}

function largestCosine(vector: Float64Array, others: readonly Float64Array[]): number {
  let largest = -1;
  for (const other of others) {
    let cosine = 0;
    for (let k = 0; k < vector.length; k++) cosine += vector[k] * other[k];
    largest = Math.max(largest, cosine);
  }
  return largest;
}
