/** A suite that passes, beside which the others' failures mean something. */
import assert from 'node:assert/strict';

describe('a suite that passes', () => {
  it('passes', () => {
    assert.equal(1 + 1, 2);
  });
});
