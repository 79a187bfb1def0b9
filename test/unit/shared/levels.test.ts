/** The byte that stores a share of a prediction. */
import assert from 'node:assert/strict';
import { levelIn, levelOf, shareOf, valueIn } from '../../../src/shared/levels';

const levels = Array.from({ length: 254 }, (_, k) => k + 1);

describe('a level', () => {
  it('shows whether a share is above a half, and is 0 for undefined values', () => {
    assert.deepEqual([0, 0.4999999, 0.5, 1, -3, 7].map(levelOf), [1, 127, 128, 254, 1, 254]);
    assert.equal(levelOf(Number.NaN), 0);
    for (const level of levels) assert.equal(levelOf((level - 0.5) / 254), level);
  });

  it('represents the middle of its shares, and certainty at both ends', () => {
    assert.deepEqual([1, 254].map(shareOf), [0, 1]);
    assert.equal(shareOf(128), 127.5 / 254);
    assert.ok(Number.isNaN(shareOf(0)));
    for (const level of levels) assert.equal(levelOf(shareOf(level)), level);
  });

  it('represents a value within a range in the same way', () => {
    assert.equal(levelIn([-2, 2], 1), levelOf(0.75));
    assert.deepEqual(
      [1, 254].map((level) => valueIn([-2, 2], level)),
      [-2, 2],
    );
    assert.ok(Number.isNaN(valueIn([-2, 2], 0)));
    for (const level of levels) assert.equal(levelIn([-3.7, 11.2], valueIn([-3.7, 11.2], level)), level);
  });
});
