/** The fingerprint of a trained network. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Bits that replace all NaNs, whose bit pattern depends on the processor and engine. */
const nanBits = 0x7fc00000;

/**
 * SHA-256, in hexadecimal, of the given tensors one after another as little-endian float32. Two runs with the same
 * fingerprint have learned the same network to the last bit.
 */
export function parametersHash(tensors: Iterable<Float32Array>): string {
  const hash = sha256.create();
  for (const tensor of tensors) {
    const bytes = new DataView(new ArrayBuffer(4 * tensor.length));
    tensor.forEach((value, k) => {
      if (Number.isNaN(value)) bytes.setUint32(4 * k, nanBits, true);
      else bytes.setFloat32(4 * k, value, true);
    });
    hash.update(new Uint8Array(bytes.buffer));
  }
  return bytesToHex(hash.digest());
}
