import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { parametersHash } from '../../../src/runs/parametersHash';

describe('the fingerprint of a network', () => {
  it('is the SHA-256 of its numbers as little-endian float32', () => {
    const tensors = [Float32Array.from([1, -2.5, 0]), Float32Array.from([Number.NaN, 1e-40])];
    const bytes = Buffer.concat(
      tensors.flatMap((tensor) =>
        [...tensor].map((value) => {
          const part = Buffer.alloc(4);
          part.writeFloatLE(value);
          return part;
        }),
      ),
    );
    assert.equal(parametersHash(tensors), createHash('sha256').update(bytes).digest('hex'));
  });

  it('of nothing is the published one', () => {
    assert.equal(parametersHash([]), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});
