/** The fingerprint of a trained network. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * SHA-256, in hexadecimal, of the given tensors one after another as little-endian float32. Two runs with the same
 * fingerprint have learned the same network to the last bit.
 */
export function parametersHash(tensors: Iterable<Float32Array>): string {
  const hash = sha256.create();
  for (const tensor of tensors) {
    const bytes = new DataView(new ArrayBuffer(4 * tensor.length));
    tensor.forEach((value, k) => {
      bytes.setFloat32(4 * k, value, true);
    });
    hash.update(new Uint8Array(bytes.buffer));
  }
  return bytesToHex(hash.digest());
}
