import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { parametersHash } from '../../../src/runs/worker/parametersHash';

describe("the hash of a network's parameters", () => {
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

  it('of no parameters is the published one', () => {
    assert.equal(parametersHash([]), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('is the same for all NaN, because diverged runs must have the same hash in all engines', () => {
    const bits = [0x7fc00000, 0xffc00000, 0x7fc01234];
    const hashes = bits.map((pattern) => parametersHash([new Float32Array(Uint32Array.of(pattern).buffer)]));
    assert.equal(hashes[0], createHash('sha256').update(Buffer.from('0000c07f', 'hex')).digest('hex'));
    assert.equal(new Set(hashes).size, 1);
  });
});
