/** A suite with a failing test: the run must fail. */
import assert from 'node:assert/strict';

describe('a suite that fails', () => {
  it('passes one test', () => {
    assert.equal(1 + 1, 2);
  });
  it('fails another', () => {
    assert.equal(1 + 1, 3);
  });
});
