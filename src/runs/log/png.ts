/** PNG images of 8 bits per channel, grey or red, green and blue, for the run log (W3C PNG, third edition). */
import { deflateSync, inflateSync } from 'node:zlib';

/** `channels` numbers per pixel, 1 or 3, row by row from the top. */
export interface Picture {
  width: number;
  height: number;
  channels: number;
  bytes: Uint8Array;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Colour types of the format, by numbers per pixel. */
const colourTypes: Record<number, number> = { 1: 0, 3: 2 };

/** CRC-32 of ISO 3309, which the format requires. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = (rest >>> 8) ^ table[(rest ^ byte) & 0xff];
  return ~rest >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([ends.subarray(0, 4), typed, ends.subarray(4)]);
}

export function encodePng({ width, height, channels, bytes }: Picture): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = colourTypes[channels];
  const row = width * channels;
  // Each row begins with the number of its filter: none.
  const rows = Buffer.alloc(height * (row + 1));
  for (let y = 0; y < height; y++) rows.set(bytes.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  const data = deflateSync(rows, { level: 6 });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** Decodes an image of `encodePng`; null for any other. */
export function decodePng(png: Uint8Array): Picture | null {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  // Signature, then the header's chunk: 8 + 4 + 4 + 13 + 4.
  if (bytes.length < 45 || !bytes.subarray(0, 8).equals(signature)) return null;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const channels = bytes[25] === colourTypes[1] ? 1 : bytes[25] === colourTypes[3] ? 3 : 0;
  const length = bytes.readUInt32BE(33);
  if (channels === 0 || bytes[24] !== 8 || bytes.toString('latin1', 37, 41) !== 'IDAT') return null;
  const row = width * channels;
  let rows: Buffer;
  try {
    rows = inflateSync(bytes.subarray(41, 41 + length), { maxOutputLength: Math.max(1, height * (row + 1)) });
  } catch {
    // An image of a different program, or an incomplete one.
    return null;
  }
  if (rows.length !== height * (row + 1)) return null;
  const picture: Picture = { width, height, channels, bytes: new Uint8Array(height * row) };
  for (let y = 0; y < height; y++) {
    if (rows[y * (row + 1)] !== 0) return null;
    picture.bytes.set(rows.subarray(y * (row + 1) + 1, (y + 1) * (row + 1)), y * row);
  }
  return picture;
}
