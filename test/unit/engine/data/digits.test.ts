/** Digits drawn from strokes: their pixels, and how hard they are to classify. */
import assert from 'node:assert/strict';
import type { Dataset } from '../../../../src/engine/data/dataset';
import { draw, pathOf } from '../../../../src/engine/data/digits/draw';
import { glyphs } from '../../../../src/engine/data/digits/strokes';
import { makeDataset } from '../../../../src/engine/data/make';
import { SimdKernels } from '../../../../src/engine/kernels/simd/simdKernels';
import type { LayerSpecification } from '../../../../src/engine/specification';
import { runOf, trained } from '../support/datasets';
import { batch, layer } from '../support/networks';
import { deviation, mean, rowOf } from './support';

function digits(train: number, test: number, noise: number): Dataset {
  return makeDataset({ kind: 'digits', train, test, noise }, 1, {});
}

/** Accuracy on the test examples after training with Adam at a rate that falls to 0. */
function accuracy(dataset: Dataset, layers: LayerSpecification[], steps: number, learningRate: number): number {
  const training = {
    optimizer: { kind: 'adam', learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    schedule: { kind: 'cosine', warmUp: 0, every: 1, factor: 1, floor: 0 },
    batchSize: 40,
    steps,
  } as const;
  const watch = { every: steps, evaluateEvery: steps, layers: [], taps: [] };
  const { trainer } = trained(runOf({ layers, training, watch }), dataset, new SimdKernels());
  return trainer.finalResults().testAccuracy!;
}

describe('digits', () => {
  it('are 28×28 pixels from black to white', () => {
    const dataset = digits(500, 20, 0);
    assert.deepEqual(dataset.image, { width: 28, height: 28, channels: 1 });
    assert.equal(dataset.featureCount, 784);
    assert.deepEqual(dataset.classNames, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    assert.ok(dataset.train.features.every((value) => value >= 0 && value <= 1));
    for (let k = 0; k < dataset.train.count; k++) {
      const row = rowOf(dataset.train, k);
      assert.ok(Math.max(...row) > 0.6, `digit ${k} is faint`);
      const lit = row.filter((value) => value > 0.3).length;
      assert.ok(lit >= 15 && lit <= 280, `digit ${k} has ${lit} lit pixels`);
    }
  });

  it('stay within the image, except for an occasional pixel of ink', () => {
    const { features, count } = digits(1000, 10, 0).train;
    let border = 0;
    for (let k = 0; k < features.length; k++) {
      const [y, x] = [Math.floor((k % 784) / 28), k % 28];
      if (x === 0 || y === 0 || x === 27 || y === 27) border += features[k];
    }
    assert.ok(border / count < 0.5, `${border / count} a picture`);
  });

  it('have noise of the requested standard deviation on every pixel', () => {
    const [still, noisy] = [digits(40, 10, 0).train.features, digits(40, 10, 0.2).train.features];
    // Only the first image is the same with and without noise: noise uses draws in between.
    const noise = noisy.subarray(0, 784).map((value, k) => value - still[k]);
    assert.ok(Math.abs(mean(noise)) < 0.03 && Math.abs(deviation(noise) - 0.2) < 0.02);
  });

  it('have several styles each, within their box', () => {
    assert.equal(glyphs.length, 10);
    for (const [digit, styles] of glyphs.entries()) {
      assert.ok(styles.length >= 2);
      for (const path of styles.flatMap((glyph) => glyph.map(pathOf))) {
        assert.ok(
          path.every((value) => value > -0.15 && value < 1.15),
          `${digit}`,
        );
      }
    }
  });

  it('are drawn by a round pen with a soft edge', () => {
    const pixels = new Float32Array(49);
    draw([1, 3, 5, 3], 1, 0.8, pixels, 7);
    const column = (x: number) => Array.from({ length: 7 }, (_, y) => Math.round(100 * pixels[7 * y + x]) / 100);
    // At distance 0 and 1 from a line of radius 1 with an edge of one pixel: full ink, and half of it.
    assert.deepEqual(column(3), [0, 0, 0.4, 0.8, 0.4, 0, 0]);
    assert.deepEqual(column(0), [0, 0, 0.07, 0.4, 0.07, 0, 0]);
    draw([3, 0, 3, 6], 1, 0.8, pixels, 7);
    assert.ok(Math.max(...pixels) <= Math.fround(0.8));
  });

  it('are curved between knots and sharp at corners', () => {
    const knot = (x: number, y: number, corner: boolean) => ({ x, y, corner });
    assert.deepEqual(pathOf([knot(0, 0, true), knot(1, 0, true), knot(1, 1, true)]), [0, 0, 1, 0, 1, 1]);
    // A Catmull–Rom spline half-way between two knots: (−a + 9b + 9c − d) / 16, with the end knots repeated.
    const path = pathOf([knot(0, 0, false), knot(1, 2, false), knot(2, 0, false)]);
    assert.equal(path.length, 2 * 11);
    assert.deepEqual(path.slice(10, 12), [1, 2]);
    assert.ok(path.every((value, k) => k % 2 === 0 || value <= 2 + 1e-12));
  });

  describe('with 10,000 examples', () => {
    let dataset: Dataset;
    before(() => {
      dataset = digits(10_000, 1000, 0.1);
    });

    it('are classified by a small network with at least 98 % accuracy', function () {
      this.timeout(0);
      const hidden = (name: string) => layer(name, 100, { bias: false, normalization: batch() });
      const reached = accuracy(dataset, [hidden('hidden1'), hidden('hidden2'), layer('output', null)], 600, 0.005);
      assert.ok(reached >= 0.98, `${reached}`);
    });

    it('are classified by a linear network with less than 95 % accuracy', function () {
      this.timeout(0);
      const linear = layer('output', null, { initialization: { kind: 'zeros' } });
      const reached = accuracy(dataset, [linear], 3000, 0.003);
      assert.ok(reached > 0.8 && reached < 0.95, `${reached}`);
    });
  });
});
