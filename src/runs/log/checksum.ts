/** CRC-32C (Castagnoli), reflected, as in TFRecord files: sixteen bytes per round. */

/** 0x1EDC6F41 with its bits reversed. */
const polynomial = 0x82f63b78;

/** `tables[256 k + b]` is the checksum of byte b followed by k zeros. */
const tables = new Int32Array(16 * 256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  tables[byte] = value;
}
for (let k = 256; k < tables.length; k++) {
  const before = tables[k - 256];
  tables[k] = (before >>> 8) ^ tables[before & 255];
}

/** Checksum of the bytes from `start` up to `end`, as a signed number. A range, because a view of each record costs more than its checksum. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let at = start;
  for (; at + 16 <= end; at += 16) {
    crc =
      tables[0xf00 | (bytes[at] ^ (crc & 255))] ^
      tables[0xe00 | (bytes[at + 1] ^ ((crc >>> 8) & 255))] ^
      tables[0xd00 | (bytes[at + 2] ^ ((crc >>> 16) & 255))] ^
      tables[0xc00 | (bytes[at + 3] ^ (crc >>> 24))] ^
      tables[0xb00 | bytes[at + 4]] ^
      tables[0xa00 | bytes[at + 5]] ^
      tables[0x900 | bytes[at + 6]] ^
      tables[0x800 | bytes[at + 7]] ^
      tables[0x700 | bytes[at + 8]] ^
      tables[0x600 | bytes[at + 9]] ^
      tables[0x500 | bytes[at + 10]] ^
      tables[0x400 | bytes[at + 11]] ^
      tables[0x300 | bytes[at + 12]] ^
      tables[0x200 | bytes[at + 13]] ^
      tables[0x100 | bytes[at + 14]] ^
      tables[bytes[at + 15]];
  }
  if (at + 8 <= end) {
    crc =
      tables[0x700 | (bytes[at] ^ (crc & 255))] ^
      tables[0x600 | (bytes[at + 1] ^ ((crc >>> 8) & 255))] ^
      tables[0x500 | (bytes[at + 2] ^ ((crc >>> 16) & 255))] ^
      tables[0x400 | (bytes[at + 3] ^ (crc >>> 24))] ^
      tables[0x300 | bytes[at + 4]] ^
      tables[0x200 | bytes[at + 5]] ^
      tables[0x100 | bytes[at + 6]] ^
      tables[bytes[at + 7]];
    at += 8;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ tables[(crc ^ bytes[at]) & 255];
  return ~crc;
}
