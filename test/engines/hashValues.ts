/** Hashes of numbers of any kind, to the last bit. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * SHA-256, in hexadecimal, of the numbers as little-endian float64, which holds every float32 and 32-bit integer.
 * −0 differs from 0. All NaN have one hash, because JavaScript cannot distinguish them.
 */
export function hashValues(values: Iterable<number>): string {
  const hash = sha256.create();
  const block = new DataView(new ArrayBuffer(8 * 1024));
  let count = 0;
  const flush = () => {
    hash.update(new Uint8Array(block.buffer, 0, 8 * count));
    count = 0;
  };
  for (const value of values) {
    if (Number.isNaN(value)) block.setBigUint64(8 * count, 0x7ff8000000000000n, true);
    else block.setFloat64(8 * count, value, true);
    if (++count === 1024) flush();
  }
  flush();
  return bytesToHex(hash.digest());
}
