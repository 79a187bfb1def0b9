/** Generated data: their geometry, as described in the experiment file's schema, and their fixed bits. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { DataSource } from '../../../../src/engine/data/dataSpecification';
import type { Dataset } from '../../../../src/engine/data/dataset';
import { makeDataset } from '../../../../src/engine/data/make';
import type { DataSpecification } from '../../../../src/experiment/schema';
import { assertWhole, dataError, deviation, mean, rowOf, sha256 } from './support';

/** Type check only: the engine accepts what the experiment layer passes. */
const handedDown = (data: DataSpecification): DataSource => data;
/** Type check only: a file can specify every kind that the engine knows. */
const known = (kind: DataSource['kind']): DataSpecification['kind'] => kind;

type Point = [number, number];

function made(data: DataSource, seed = 1): Dataset {
  const dataset = makeDataset(data, seed, {});
  assertWhole(dataset);
  return dataset;
}

/** Runs over the training points of planar data. */
function eachPoint({ train }: Dataset, body: (point: Point, label: number) => void): void {
  for (let k = 0; k < train.count; k++) body(rowOf(train, k) as Point, train.labels[k]);
}

const sources: Record<string, DataSource & { train: number; test: number }> = {
  spiral: { kind: 'spiral', train: 300, test: 100, classes: 3, turns: 1.75, noise: 0.05 },
  circles: { kind: 'circles', train: 300, test: 100, classes: 3, noise: 0.05 },
  moons: { kind: 'moons', train: 300, test: 100, noise: 0.1 },
  xor: { kind: 'xor', train: 300, test: 100, dimensions: 3, noise: 0.1 },
  'gaussians on a line': { kind: 'gaussians', train: 300, test: 100, classes: 2, dimensions: 1, separation: 2 },
  'gaussians in the plane': { kind: 'gaussians', train: 300, test: 100, classes: 5, dimensions: 2, separation: 3 },
  'gaussians in space': { kind: 'gaussians', train: 300, test: 100, classes: 6, dimensions: 16, separation: 3 },
  digits: { kind: 'digits', train: 100, test: 50, noise: 0.1 },
};

/** SHA-256 of the data of seed 7, as little-endian bytes. A change here changes the runs of all users. */
const fingerprints: Record<string, string> = {
  spiral: 'af856bba81059b761315fb948bfa93a22e4ea1e9827339bb23927d908d8eefb0',
  circles: 'ff26560b00da3b7b1cfc9c210b4155334c2824dc3242347cb6975cf2939aba62',
  moons: '9f6a3e6c2a6c1a593ec245b5b4f73b6aee2693c7481eaace6bc4745765f146bc',
  xor: '1f9ec6dca2fc0e5c70b7db6f42f41a0acaa0be9b299614ab63b176d42eab4d30',
  'gaussians on a line': '417a1e0d834c558d9fc36d9acea578e836ed7627a6148aa74224d1c5f901f512',
  'gaussians in the plane': 'f4a71bd4a85ed4816622b666b594614bed16ca0ae2da5fbd0c8db84bfe73ca55',
  'gaussians in space': '894df03a03149e44c8b1c996cbd0ff0d74b81eb3f85b0e6b974c78f3f598ca4b',
  digits: '4cf838235771c147004b36d3db5a9f8c2a11655a09724be2e307f11aa506f620',
};

describe('generated data', () => {
  it('use the data settings of the experiment file unchanged', () => {
    assert.equal(handedDown({ kind: 'moons', train: 1, test: 1, noise: 0 }).kind, known('moons'));
  });

  for (const [name, source] of Object.entries(sources)) {
    describe(name, () => {
      it('has the recorded bits', () => {
        assert.equal(sha256(made(source, 7)), fingerprints[name]);
      });

      it('has classes of equal size in random order', () => {
        const { train, test, classCount } = made({ ...source, train: 203 } as DataSource);
        assert.deepEqual([train.count, test.count], [203, source.test]);
        for (let start = 0; start + classCount <= train.count; start++) {
          const stretch = train.labels.subarray(start, start + classCount);
          assert.equal(new Set(stretch).size, classCount);
        }
      });

      it('starts with the same examples for any number of examples', () => {
        const [few, many] = [made({ ...source, train: 20, test: 30 } as DataSource), made(source)];
        assert.deepEqual(few.train.features, many.train.features.subarray(0, few.train.features.length));
        assert.deepEqual(few.test.features, many.test.features.subarray(0, few.test.features.length));
      });

      it('differs between seeds, and between training and test examples', () => {
        const one = made(source, 1);
        assert.notDeepEqual(one.train.features, made(source, 2).train.features);
        assert.notDeepEqual(one.train.features.subarray(0, 20), one.test.features.subarray(0, 20));
      });
    });
  }

  it('have spiral arms with the requested turns, evenly rotated', () => {
    const [classes, turns] = [3, 1.5];
    eachPoint(made({ ...sources.spiral, classes, turns, noise: 0 } as DataSource), ([x, y], label) => {
      const radius = Math.hypot(x, y);
      assert.ok(radius >= 0.1 - 1e-6 && radius <= 1 + 1e-6);
      const angle = 2 * Math.PI * ((turns * (radius - 0.1)) / 0.9 + label / classes);
      assert.ok(Math.hypot(x - radius * Math.cos(angle), y - radius * Math.sin(angle)) < 1e-5);
    });
  });

  it('have rings of the specified radii, the largest 1', () => {
    const radii = [new Set<number>(), new Set<number>()];
    eachPoint(made({ ...sources.circles, classes: 2, noise: 0 } as DataSource), ([x, y], label) =>
      radii[label].add(Math.round(Math.hypot(x, y) * 1e5) / 1e5),
    );
    assert.deepEqual(radii, [new Set([0.5]), new Set([1])]);
  });

  it('have moons as half circles of radius 1, each the other’s point reflection', () => {
    eachPoint(made({ ...sources.moons, noise: 0 } as DataSource), ([x, y], label) => {
      const side = label === 0 ? 1 : -1;
      assert.ok(Math.abs(Math.hypot(side * x + 0.5, side * y + 0.25) - 1) < 1e-6);
      assert.ok(side * y >= -0.25 - 1e-6);
    });
  });

  it('have the parity of the signs as the class of xor', () => {
    for (const dimensions of [2, 3, 7]) {
      const { train } = made({ ...sources.xor, dimensions, noise: 0 } as DataSource);
      for (let k = 0; k < train.count; k++) {
        const row = rowOf(train, k);
        assert.ok(row.every((value) => Math.abs(value) <= 1));
        assert.equal(row.filter((value) => value < 0 || Object.is(value, -0)).length % 2, train.labels[k]);
      }
    }
  });

  it('are moved by noise of the given standard deviation', () => {
    for (const kind of ['spiral', 'circles', 'moons', 'xor'] as const) {
      const at = (noise: number) => made({ ...sources[kind], train: 4000, noise } as DataSource).train.features;
      const [still, moved] = [at(0), at(0.3)];
      const noise = moved.map((value, k) => value - still[k]);
      assert.ok(Math.abs(mean(noise)) < 0.02 && Math.abs(deviation(noise) - 0.3) < 0.01, kind);
    }
  });

  it('have clouds of standard deviation 1 around centres at the given distance, none close to another', () => {
    for (const [classes, dimensions] of [
      [2, 1],
      [5, 2],
      [6, 3],
      [10, 50],
    ]) {
      const separation = 4;
      const { train } = made({ kind: 'gaussians', train: 400 * classes, test: 100, classes, dimensions, separation });
      const centres = Array.from({ length: classes }, (_, label) =>
        Array.from({ length: dimensions }, (_, axis) => {
          const values = train.features.filter(
            (_, k) => k % dimensions === axis && train.labels[Math.floor(k / dimensions)] === label,
          );
          assert.ok(Math.abs(deviation(values) - 1) < 0.2);
          return mean(values);
        }),
      );
      centres.forEach((centre, k) => {
        assert.ok(Math.abs(Math.hypot(...centre) - separation) < 0.6, `${classes} in ${dimensions}`);
        for (const other of centres.slice(0, k)) {
          assert.ok(Math.hypot(...centre.map((value, axis) => value - other[axis])) > 0.6 * separation);
        }
      });
    }
  });

  it('report that a line has room for two clouds only', () => {
    const source = { kind: 'gaussians', train: 9, test: 9, classes: 3, dimensions: 1, separation: 1 } as const;
    dataError(() => makeDataset(source, 1, {}), /3 clouds cannot.*dimensions 2 or more/, 'dimensions');
  });

  it('are complete at every size that a file may request', () => {
    const size = { train: fc.integer({ min: 1, max: 40 }), test: fc.integer({ min: 1, max: 20 }) };
    const noise = fc.double({ min: 0, max: 10, noNaN: true });
    const classes = fc.integer({ min: 2, max: 20 });
    const source: fc.Arbitrary<DataSource> = fc.oneof(
      fc.record({
        kind: fc.constant('spiral' as const),
        ...size,
        classes,
        noise,
        turns: fc.double({ min: 1e-6, max: 10, noNaN: true }),
      }),
      fc.record({ kind: fc.constant('circles' as const), ...size, classes, noise }),
      fc.record({ kind: fc.constant('moons' as const), ...size, noise }),
      fc.record({ kind: fc.constant('xor' as const), ...size, dimensions: fc.integer({ min: 2, max: 20 }), noise }),
      fc.record({
        kind: fc.constant('gaussians' as const),
        ...size,
        classes: fc.integer({ min: 2, max: 100 }),
        dimensions: fc.integer({ min: 2, max: 100 }),
        separation: fc.double({ min: 0, max: 100, noNaN: true }),
      }),
      fc.record({ kind: fc.constant('digits' as const), ...size, noise }),
    );
    const seed = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(source, seed, (data, seed) => {
        made(data, seed);
      }),
      { numRuns: 400 },
    );
  });
});
