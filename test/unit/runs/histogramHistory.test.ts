/** Histograms of a run in memory: bounded in number, with the first and the latest; shares of nonzero counts are nonzero. */
import assert from 'node:assert/strict';
import { binCount } from '../../../src/engine/bins';
import { HistogramHistory, joinHistograms, sharesOf, wholeShare } from '../../../src/runs/session/histogramHistory';

describe('the histograms of a run', () => {
  const filled = (count: number, most: number) => {
    const history = new HistogramHistory(3, most);
    for (let k = 0; k < count; k++) history.append(10 * k, Uint16Array.of(k, k + 1, k + 2));
    return history.block();
  };

  it('are all in memory while there is room', () => {
    const { steps, shares } = filled(8, 8);
    assert.deepEqual([...steps], [0, 10, 20, 30, 40, 50, 60, 70]);
    assert.deepEqual([...shares.subarray(21)], [7, 8, 9]);
  });

  it('are thinned evenly beyond that, with the first and the latest', () => {
    for (const count of [9, 10, 31, 32, 33, 1000, 4097]) {
      const { steps, shares } = filled(count, 8);
      assert.ok(steps.length <= 9, `${steps.length} of ${count}`);
      assert.equal(steps[0], 0);
      assert.equal(steps.at(-1), 10 * (count - 1));
      const gaps = [...steps].slice(1, -1).map((step, k) => step - steps[k]);
      assert.equal(new Set(gaps).size, 1, `${count}: ${gaps}`);
      steps.forEach((step, k) => {
        assert.equal(shares[3 * k], (step / 10) & 0xffff);
      });
    }
  });

  it('of no places are empty', () => {
    const history = new HistogramHistory(0);
    history.append(0, new Uint16Array(0));
    assert.deepEqual(history.block(), joinHistograms([]));
  });

  it('are shares of a whole, at least 1 for a nonzero count', () => {
    const counts = new Uint32Array(2 * binCount);
    counts.set([1, 3_000_000, 1_000_000], 4);
    const shares = sharesOf(counts);
    assert.deepEqual(
      [...shares.subarray(3, 8)],
      [0, 1, Math.round(0.75 * wholeShare), Math.round(0.25 * wholeShare), 0],
    );
    assert.ok(shares.subarray(binCount).every((share) => share === 0));
  });
});
