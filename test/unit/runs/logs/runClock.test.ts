/** The clock of a run's records. */
import assert from 'node:assert/strict';
import { RunClock } from '../../../../src/runs/log/foreign/runClock';

describe('the clock of a logged run', () => {
  const follow = (...records: [time: number, step: number, file?: number][]) => {
    const clock = new RunClock();
    for (const [time, step, file = 0] of records) clock.follow(time, step, file);
    return clock;
  };

  it('has the first and the latest time, and none without times', () => {
    assert.deepEqual(follow([100, 0], [90, 1], [120, 2], [119, 3]).range, { first: 100, latest: 120 });
    assert.equal(follow([0, 0], [Number.NaN, 1], [Number.POSITIVE_INFINITY, 2]).range, null);
  });

  it('reports the largest jump in each direction', () => {
    const clock = follow([1e6, 0], [9e5, 1], [1e6, 2], [9.5e5, 3], [2e6, 4]);
    assert.deepEqual(clock.back, { seconds: 1e5, step: 1 });
    assert.deepEqual(clock.ahead, { seconds: 1.05e6, step: 4 });
  });

  it('reports nothing of threads that write in slightly wrong order, and of files that were written at the same time', () => {
    const clock = follow([1e6, 0], [1e6 - 50, 1], [1e6 + 80_000, 2], [1e6 - 5000, 3, 1], [1e6 + 80_010, 4, 1]);
    assert.deepEqual([clock.back, clock.ahead], [null, null]);
  });
});
