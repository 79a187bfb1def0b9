import assert from 'node:assert/strict';
import { joinArrays } from '../../../src/shared/joinArrays';

describe('joined arrays', () => {
  it('have all values in order, and share no memory with the parts', () => {
    const parts = [Float32Array.of(1, 2), new Float32Array(0), Float32Array.of(3)];
    const all = joinArrays(parts, Float32Array);
    parts[0][0] = 9;
    assert.deepEqual(all, Float32Array.of(1, 2, 3));
    assert.deepEqual(joinArrays([], Uint16Array), new Uint16Array(0));
  });
});
