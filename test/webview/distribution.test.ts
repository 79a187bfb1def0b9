/** What the strip reads from a histogram: quantiles and densities near those of the numbers behind it, and marks in words. */
import assert from 'node:assert/strict';
import { binCount, binEdges, countBins } from '../../src/engine/bins';
import { sharesOf } from '../../src/runs/session/histogramHistory';
import { type Distribution, density, quantiles, shareAtZero } from '../../webview/strip/distribution';
import { marksOf } from '../../webview/strip/marks';
import { gradientAxis, valueAxis } from '../../webview/strip/valueAxis';

function distributionOf(values: number[]): Distribution {
  const counts = new Uint32Array(binCount);
  countBins(Float32Array.from(values), counts);
  return { shares: sharesOf(counts), edges: Float64Array.from(binEdges) };
}

/** 10,000 evenly spread numbers from −1 to 3. */
const uniform = Array.from({ length: 10_000 }, (_, k) => -1 + (4 * (k + 0.5)) / 10_000);

describe('a distribution', () => {
  it('has the quantiles of its numbers, to the width of a bin', () => {
    const fractions = [0.05, 0.25, 0.5, 0.75, 0.95];
    quantiles(distributionOf(uniform), fractions).forEach((value, k) => {
      assert.ok(Math.abs(value - (-1 + 4 * fractions[k])) < 0.01, `${fractions[k]}: ${value}`);
    });
    assert.deepEqual(quantiles(distributionOf([0, 0, 0, 5]), [0.5]), [0]);
    assert.ok(quantiles(distributionOf([1e9, 1e9]), [0.5])[0] > 16_000);
    assert.ok(Number.isNaN(quantiles(distributionOf([]), [0.5])[0]));
  });

  it('knows the share of zeros', () => {
    assert.ok(Math.abs(shareAtZero(distributionOf([0, 0, 0, 5])) - 0.75) < 1e-4);
    assert.equal(shareAtZero(distributionOf([])), 0);
  });

  it('has the density of its numbers per unit of value, zeros left out', () => {
    const limits = Array.from({ length: 61 }, (_, k) => -2 + k / 10);
    const dense = density(distributionOf([...uniform, ...Array<number>(5000).fill(0)]), limits);
    limits.slice(0, -1).forEach((low, k) => {
      const inside = low > -0.85 && low < 2.75;
      const outside = low < -1.35 || low > 3.35;
      if (inside) assert.ok(dense[k] > 0.93, `${low}: ${dense[k]}`);
      if (outside) assert.equal(dense[k], 0, `${low}`);
    });
    assert.ok(density(distributionOf([]), limits).every((value) => value === 0));
  });
});

describe('the value axis', () => {
  for (const [name, axis, end] of [
    ['values', valueAxis, 10],
    ['gradients', gradientAxis, 1],
  ] as const) {
    it(`of ${name} goes from −${end} to ${end}, there and back`, () => {
      assert.deepEqual(
        [-end, 0, end].map((value) => axis.positionOf(value)),
        [0, 0.5, 1],
      );
      for (const value of [-0.7, -0.3, -0.001, 0.02, 0.4]) {
        assert.ok(Math.abs(axis.valueAtPosition(axis.positionOf(value)) - value) < 1e-12);
      }
    });
  }
});

describe('marks', () => {
  const sound = { std: 1, dead: 0, saturated: 0 };

  it('span layers beside each other, and say how bad it is at its worst', () => {
    const layers = [sound, { ...sound, std: 0.04 }, { ...sound, std: 0, dead: 0.38 }, { ...sound, dead: 0.31 }, sound];
    assert.deepEqual(marksOf(layers), [
      { kind: 'vanishing', first: 1, last: 2, words: 'vanishing' },
      { kind: 'dead', first: 2, last: 3, words: 'dead 38 %' },
    ]);
    assert.deepEqual(marksOf([{ ...sound, std: 12 }, sound, { std: 11, dead: 0, saturated: 1 }]), [
      { kind: 'exploding', first: 0, last: 0, words: 'exploding' },
      { kind: 'exploding', first: 2, last: 2, words: 'exploding' },
      { kind: 'saturated', first: 2, last: 2, words: 'saturated 100 %' },
    ]);
  });

  it('leave out what was not measured', () => {
    assert.deepEqual(marksOf([{ std: Number.NaN, dead: Number.NaN, saturated: Number.NaN }]), []);
  });
});
