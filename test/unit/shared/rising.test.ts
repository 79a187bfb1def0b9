/** Search in rising numbers, against a count of each. */
import assert from 'node:assert/strict';
import { countUpTo } from '../../../src/shared/rising';

describe('countUpTo', () => {
  it('counts the numbers up to a limit, of all or of the first', () => {
    const numbers = [-1, 0, 0, 3, 7, 7, 7, 12];
    for (const count of [0, 1, 4, numbers.length]) {
      for (const limit of [-2, -1, 0, 1, 3, 6.5, 7, 12, 13, Number.POSITIVE_INFINITY]) {
        const expected = numbers.slice(0, count).filter((value) => value <= limit).length;
        assert.equal(countUpTo(numbers, limit, count), expected, `${limit} of ${count}`);
      }
    }
    assert.equal(countUpTo(numbers, 7), 7);
  });
});
