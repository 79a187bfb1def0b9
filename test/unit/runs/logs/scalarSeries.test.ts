/** Thinning of scalars: memory is bounded, and ends and extremes remain. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ScalarSeries } from '../../../../src/runs/log/foreign/scalarSeries';

function seriesOf(values: readonly number[], most: number, stepOf = (k: number) => k): ScalarSeries {
  const series = new ScalarSeries();
  values.forEach((value, k) => {
    series.append(stepOf(k), k, value, most);
  });
  return series;
}

describe('thinned scalars', () => {
  it('have their ends, their extremes and values that are not numbers, in bounded memory', () => {
    const value = fc.oneof(fc.float(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));
    const property = fc.property(
      fc.array(value, { minLength: 1, maxLength: 900 }),
      fc.constantFrom(32, 64, 128),
      (values, most) => {
        const series = seriesOf(values, most);
        assert.ok(series.count <= most && series.capacity <= most);
        const points = series.points();
        assert.equal(points.steps[0], 0);
        assert.equal(points.steps.at(-1), values.length - 1);
        // Points are values of the series at their steps, and rise.
        points.steps.forEach((step, k) => {
          assert.ok(Object.is(points.values[k], values[step]));
          assert.equal(points.wallTimes[k], step);
          assert.ok(k === 0 || step > points.steps[k - 1]);
        });
        const numbers = values.filter((each) => !Number.isNaN(each));
        for (const extreme of [Math.min, Math.max]) {
          const kept = [...points.values].filter((each) => !Number.isNaN(each));
          // Math.min and Math.max distinguish −0 and 0, which are equal values.
          assert.ok(numbers.length === 0 || extreme(...kept) === extreme(...numbers));
        }
        if (numbers.length < values.length) assert.ok(points.values.some((each) => Number.isNaN(each)));
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('have every spike of a long series, however steps jump', () => {
    const spikes = new Set([1, 17_003, 54_321, 99_998]);
    const values = Array.from({ length: 100_000 }, (_, k) => (spikes.has(k) ? 1000 + k : Math.sin(k)));
    const series = seriesOf(values, 2048, (k) => (k < 50_000 ? k : k * 1e9));
    const kept = [...series.points().values].filter((value) => value >= 1000);
    assert.deepEqual(kept, [1001, 18_003, 55_321, 100_998]);
    assert.ok(series.count > 500, String(series.count));
  });

  it('are even over the series, not finer at its end', () => {
    const series = seriesOf(
      Array.from({ length: 100_000 }, (_, k) => k % 7),
      256,
    );
    const { steps } = series.points();
    const half = steps.findIndex((step) => step >= 50_000);
    assert.ok(half > steps.length * 0.3, `${half} of ${steps.length} points are in the first half`);
  });

  it('end at the step before those that are removed', () => {
    const series = seriesOf([0, 1, 2, 3, 4], 32);
    const { generation } = series;
    series.removeFrom(5);
    assert.equal(series.generation, generation, 'nothing was removed');
    series.removeFrom(3);
    assert.deepEqual([...series.points().steps], [0, 1, 2]);
    assert.notEqual(series.generation, generation);
    assert.deepEqual([...series.points(2).values], [2]);
    series.removeFrom(-1);
    assert.equal(series.count, 0);
    assert.ok(Number.isNaN(series.lastStep));
  });

  it('fit a smaller bound later', () => {
    const series = seriesOf(
      Array.from({ length: 2000 }, (_, k) => k),
      2048,
    );
    series.limitTo(64);
    assert.ok(series.count <= 64 && series.capacity <= 64);
    assert.equal(series.firstStep, 0);
    assert.equal(series.lastStep, 1999);
  });
});
