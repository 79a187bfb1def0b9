/** Statistics beyond the comparison with NumPy in `oracle/`: percentiles from a sample, and NaN and infinity. */
import assert from 'node:assert/strict';
import { percentileSample, percentiles, share, spread } from '../../../src/engine/spread';
import { draws } from './support/draws';

const fractions = [0.15, 0.5, 0.85];

/** Share of all numbers below a value. */
function rankOf(values: Float32Array, value: number): number {
  return values.filter((v) => v < value).length / values.length;
}

describe('percentiles from a sample', () => {
  // Standard error in rank of a percentile q from a sample of n: √(q (1 − q) / n), .8 % for the median at 4096; four of these.
  const tolerance = 0.03;

  for (const count of [percentileSample + 1, 3 * percentileSample, 200 * 784]) {
    it(`of ${count} normal numbers are accurate to ${tolerance} in rank`, () => {
      const values = draws(count).normals(count);
      percentiles(values, fractions).forEach((value, k) => {
        assert.ok(Math.abs(rankOf(values, value) - fractions[k]) < tolerance);
      });
    });
  }

  for (const columns of [2, 8, 64, 100, 128, 4096]) {
    it(`are unbiased for rows of ${columns} numbers`, () => {
      // Every column is a different constant, so that a skipped column shows.
      // As many rows as the sample has numbers is the worst case for a sample of equal strides.
      for (const rows of [Math.ceil(40_000 / columns), Math.min(percentileSample, Math.ceil(400_000 / columns))]) {
        const values = new Float32Array(columns * rows).map((_, k) => (k % columns) / columns);
        percentiles(values, fractions).forEach((value, k) => {
          assert.ok(Math.abs(value - fractions[k]) < tolerance + 1 / columns, `${value} for ${fractions[k]}`);
        });
      }
    });
  }

  it('do not reorder the numbers', () => {
    const values = Float32Array.of(3, 1, 2);
    percentiles(values, fractions);
    assert.deepEqual(values, Float32Array.of(3, 1, 2));
  });

  it('sort by numeric value, not by digits', () => {
    assert.deepEqual(percentiles(Float32Array.of(10, 9, -1, -10, 100), [0, 0.5, 1]), [-10, 9, 100]);
  });
});

describe('spread', () => {
  it('is NaN throughout if a number is NaN', () => {
    for (const values of [
      [Number.NaN, 1],
      [1, Number.NaN],
      [1, 2, Number.NaN, 4],
    ]) {
      assert.deepEqual(Object.values(spread(values)).map(Number.isNaN), Array(5).fill(true));
    }
  });

  it('preserves an infinity', () => {
    const { max, mean, min } = spread([1, Number.POSITIVE_INFINITY]);
    assert.deepEqual([min, max, mean], [1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it('has no variance for a constant', () => {
    assert.deepEqual(spread(new Float32Array(100).fill(0.1)).variance, 0);
  });
});

describe('share', () => {
  it('counts the numbers that qualify', () => {
    assert.equal(
      share(Float32Array.of(0, 1, 0, -0), (v) => v === 0),
      0.75,
    );
  });
});
