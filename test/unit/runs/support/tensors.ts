/** Reads safetensors files in memory. */
import { readSafetensors, type Safetensors } from '../../../../src/runs/model/safetensors';

export function tensorsIn(bytes: Uint8Array): Safetensors {
  const read = (start: number, length: number) => bytes.slice(start, start + length);
  return readSafetensors({ name: 'weights.safetensors', size: bytes.length, read });
}
