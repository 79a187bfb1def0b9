/**
 * Spiral and moons for tests of training, independent of changes to the engine's generators. All features are multiples
 * of 1/1024, so that they do not depend on the last bit of the machine's sine.
 */
import type { Dataset, Examples } from '../../../../src/engine/data/dataset';
import { grid } from './differences';
import { type Draws, draws } from './draws';

type Point = (label: number, random: Draws) => [number, number];

function examples(count: number, classes: number, point: Point, random: Draws): Examples {
  const labels = Int32Array.from({ length: count }, (_, k) => k % classes);
  return {
    count,
    labels,
    features: grid(Float32Array.from(Array.from(labels, (label) => point(label, random)).flat())),
    targets: new Float32Array(0),
  };
}

function plane(classes: number, point: Point): Dataset {
  const random = draws(12);
  return {
    task: 'classification',
    featureCount: 2,
    classCount: classes,
    targetCount: 0,
    classNames: Array.from({ length: classes }, (_, k) => String(k)),
    featureNames: ['x', 'y'],
    train: examples(600, classes, point, random),
    test: examples(300, classes, point, random),
  };
}

/** Three arms of radius 1, three quarters of a turn each. */
export function spiral(): Dataset {
  return plane(3, (label, random) => {
    const radius = 0.1 + 0.9 * random.uniform();
    const angle = 1.5 * Math.PI * radius + (2 * Math.PI * label) / 3;
    return [radius * Math.cos(angle) + 0.02 * random.normal(), radius * Math.sin(angle) + 0.02 * random.normal()];
  });
}

/** Two interlocking half circles. */
export function moons(): Dataset {
  return plane(2, (label, random) => {
    const angle = Math.PI * random.uniform();
    const [x, y] = label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [x + 0.1 * random.normal(), y + 0.1 * random.normal()];
  });
}
