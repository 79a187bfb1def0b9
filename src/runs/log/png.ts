/** PNG images of 8 bits per channel, grey or red, green and blue, for the run log (W3C PNG, third edition). */
import { unzlibSync } from 'fflate';
import { joinedBytes } from './bytes';
import { type Deflate, deflateAnywhere } from './deflate';

/** `channels` numbers per pixel, 1 or 3, row by row from the top. */
export interface Picture {
  width: number;
  height: number;
  channels: number;
  bytes: Uint8Array;
}

const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of the largest image that is decoded, far above those of the lab. */
const mostBytes = 1 << 26;
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

/** First bytes of a zlib stream (RFC 1950): deflate with a window of 32 KiB, at the usual level. */
const zlibHeader = Uint8Array.of(0x78, 0x9c);

/** Checksum of RFC 1950, which follows a zlib stream. */
function adler32(bytes: Uint8Array): number {
  let [sum, sums] = [1, 0];
  for (const byte of bytes) {
    sum = (sum + byte) % 65521;
    sums = (sums + sum) % 65521;
  }
  return ((sums << 16) | sum) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const typed = joinedBytes([new TextEncoder().encode(type), data]);
  return joinedBytes([number(data.length), typed, number(crc32(typed))]);
}

/** Four bytes, the highest first. */
function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function encodePng({ width, height, channels, bytes }: Picture, deflate: Deflate = deflateAnywhere): Uint8Array {
  const header = joinedBytes([number(width), number(height), Uint8Array.of(8, colourTypes[channels], 0, 0, 0)]);
  const row = width * channels;
  // Each row begins with the number of its filter: none.
  const rows = new Uint8Array(height * (row + 1));
  for (let y = 0; y < height; y++) rows.set(bytes.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  const data = joinedBytes([zlibHeader, deflate(rows), number(adler32(rows))]);
  return joinedBytes([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))]);
}

/** Decodes an image of `encodePng`; null for any other. */
export function decodePng(png: Uint8Array): Picture | null {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  // Signature, then the header's chunk: 8 + 4 + 4 + 13 + 4.
  if (png.length < 45 || !signature.every((byte, k) => png[k] === byte)) return null;
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const channels = png[25] === colourTypes[1] ? 1 : png[25] === colourTypes[3] ? 3 : 0;
  const length = view.getUint32(33);
  if (channels === 0 || png[24] !== 8 || new TextDecoder().decode(png.subarray(37, 41)) !== 'IDAT') return null;
  const row = width * channels;
  if (height * (row + 1) > mostBytes || png.length < 45 + length) return null;
  if (view.getUint32(41 + length) !== crc32(png.subarray(37, 41 + length))) return null;
  let rows: Uint8Array;
  try {
    rows = unzlibSync(png.subarray(41, 41 + length), { out: new Uint8Array(height * (row + 1)) });
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
