/** A suite that passes: the control for the suites that fail. */
import assert from 'node:assert/strict';

describe('a suite that passes', () => {
  it('passes', () => {
    assert.equal(1 + 1, 2);
  });
});
