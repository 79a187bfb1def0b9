/** Bytes of numbers, and numbers of bytes. All machines that this program runs on are little-endian, as the log is. */
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';

export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Writes a whole number below 2^32 as a varint. Returns the offset after it. */
export function putVarint(bytes: Uint8Array, offset: number, number: number): number {
  let end = offset;
  let rest = number;
  for (; rest > 127; rest >>>= 7) bytes[end++] = rest | 128;
  bytes[end++] = rest;
  return end;
}

export function lengthOfVarint(number: number): number {
  // Seven bits in each byte; 0 has one byte, too.
  return Math.ceil((32 - Math.clz32(number | 1)) / 7);
}

/** Encodes whole numbers below 2^32: small ones in one byte. */
export function varints(numbers: Iterable<number>): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  for (const number of numbers) writer.uint32(number);
  return writer.finish();
}

export function fromVarints(bytes: Uint8Array): number[] {
  const reader = new BinaryReader(bytes);
  const numbers: number[] = [];
  while (reader.pos < reader.len) numbers.push(reader.uint32());
  return numbers;
}

/** Maps small negative and positive numbers to small numbers from 0: 0, −1, 1, −2, … */
export function zigzag(difference: number): number {
  return ((difference << 1) ^ (difference >> 31)) >>> 0;
}

export function fromZigzag(number: number): number {
  return (number >>> 1) ^ -(number & 1);
}
