/**
 * Pixels of PNG files, as bytes. Only what is needed of a file reaches the decoder: text, colour profiles and animations are left
 * out, and the pixels are unpacked here first, to the length that the header states, because a damaged file could unpack to any
 * length.
 */
import { inflateSync } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { decode } from 'fast-png';
import { formatCount } from '../shared/numbers';

/** A file that cannot be used. The message is a clause whose subject is the file. */
export class PngError extends Error {
  override readonly name = 'PngError';
}

export interface PngHeading {
  width: number;
  height: number;
  /** 1 for grey values, 3 for red, green and blue. */
  channels: 1 | 3;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Maximum pixels of an image. */
const mostPixels = 2 ** 24;
/** Chunks that the pixels depend on. */
const neededChunks = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

/** Numbers of the header, by their places in the file. */
const types: Readonly<Record<number, { channels: 1 | 3; stored: number }>> = {
  0: { channels: 1, stored: 1 },
  2: { channels: 3, stored: 3 },
  3: { channels: 3, stored: 1 },
  4: { channels: 1, stored: 2 },
  6: { channels: 3, stored: 4 },
};

/** @throws PngError if the file is not a PNG, or one of a kind that is not read. */
export function pngHeading(bytes: Uint8Array): PngHeading {
  if (signature.some((byte, k) => bytes[k] !== byte)) {
    const known = otherFormat(bytes);
    throw new PngError(
      known === null
        ? l10n.t('is not a PNG file, though its name says so: copy it again, or convert it')
        : l10n.t`is a ${known} file, though its name says PNG: convert it`,
    );
  }
  const { width, height, depth, type } = headerOf(bytes);
  const kind = types[type];
  if (!kind || width === 0 || height === 0)
    throw new PngError(l10n.t('is damaged: its header is wrong. Copy it again'));
  if (depth === 16) {
    throw new PngError(l10n.t('has 16 bits per channel, and images with up to 8 are read: convert it to 8 bits'));
  }
  if (width * height > mostPixels) {
    throw new PngError(
      l10n.t`has ${height}×${width} pixels, and an image may have at most ${formatCount(mostPixels)}: scale it down`,
    );
  }
  return { width, height, channels: kind.channels };
}

function otherFormat(bytes: Uint8Array): string | null {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith('\xff\xd8\xff')) return 'JPEG';
  if (start.startsWith('GIF8')) return 'GIF';
  if (start.startsWith('BM')) return 'BMP';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'WebP';
  return null;
}

interface Header {
  width: number;
  height: number;
  /** Bits of a stored number. */
  depth: number;
  /** Colour type. */
  type: number;
  interlaced: boolean;
}

function headerOf(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) {
    throw new PngError(l10n.t('is damaged: it has no header. Copy it again'));
  }
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: bytes[24],
    type: bytes[25],
    interlaced: bytes[28] === 1,
  };
}

/**
 * Decodes a PNG file to [height × width × channels].
 * @param heading Heading of the same file.
 * @throws PngError
 */
export function decodePng(bytes: Uint8Array, { width, height, channels }: PngHeading): Uint8Array {
  const header = headerOf(bytes);
  if (header.interlaced && header.depth < 8) {
    throw new PngError(
      l10n.t('is interlaced with fewer than 8 bits per pixel, which is not read: save it without interlacing'),
    );
  }
  const needed = essentials(bytes);
  requireUnpacked(needed.pixels, header);
  let decoded: ReturnType<typeof decode>;
  try {
    decoded = decode(needed.file, { checkCrc: true });
  } catch {
    // The decoder's own words are of no use to a reader: a checksum, or a filter that does not exist.
    throw new PngError(l10n.t('is damaged: it cannot be decoded. Copy it again'));
  }
  const { palette, transparency } = decoded;
  if (transparency) throw transparent();
  const { stored } = types[header.type];
  const values = eachPixel(decoded.data as Uint8Array, header, stored);
  const out = new Uint8Array(width * height * channels);
  const most = 2 ** header.depth - 1;
  for (let p = 0; p < width * height; p++) {
    if (palette) {
      const colour = palette[values[p]];
      if (!colour)
        throw new PngError(l10n.t('is damaged: a pixel has a colour that is not in the palette. Copy it again'));
      if ((colour[3] ?? 255) !== 255) throw transparent();
      for (let c = 0; c < 3; c++) out[3 * p + c] = colour[c];
      continue;
    }
    const at = p * stored;
    if (stored !== channels && values[at + channels] !== 255) throw transparent();
    for (let c = 0; c < channels; c++) out[p * channels + c] = Math.round((values[at + c] * 255) / most);
  }
  return out;
}

function transparent(): PngError {
  return new PngError(l10n.t('has transparent pixels, whose colour is unknown: save it without transparency'));
}

/** One number in each byte, where several are in one. */
function eachPixel(data: Uint8Array, { width, height, depth }: Header, stored: number): Uint8Array {
  if (depth === 8) return data;
  const perByte = 8 / depth;
  const line = Math.ceil((width * stored) / perByte);
  const values = new Uint8Array(width * height * stored);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * stored; x++) {
      const byte = data[y * line + Math.floor(x / perByte)];
      values[y * width * stored + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & (2 ** depth - 1);
    }
  }
  return values;
}

/** The chunks that the pixels depend on, as a file, and the packed pixels. @throws PngError for a file that was cut short. */
function essentials(bytes: Uint8Array): { file: Uint8Array; pixels: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = [bytes.subarray(0, 8)];
  const pixels: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (neededChunks.has(type)) chunks.push(bytes.subarray(at, end));
    if (type === 'IDAT') pixels.push(bytes.subarray(at + 8, end - 4));
    if (type === 'IEND') return { file: joined(chunks), pixels: joined(pixels) };
    at = end;
  }
  throw new PngError(l10n.t('was cut short: its end is missing. Copy it again'));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @throws PngError if the packed pixels are not those of the header. */
function requireUnpacked(pixels: Uint8Array, header: Header): void {
  const expected = unpackedLength(header);
  try {
    if (inflateSync(pixels, { maxOutputLength: expected }).length === expected) return;
  } catch {
    // Reported below.
  }
  throw new PngError(l10n.t('is damaged: its pixels cannot be unpacked. Copy it again'));
}

/** Each line has one byte more, for its filter; an interlaced image is seven images. */
function unpackedLength({ width, height, depth, type, interlaced }: Header): number {
  const bytes = (columns: number, rows: number) =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * types[type].stored * depth) / 8));
  if (!interlaced) return bytes(width, height);
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  const count = (size: number, first: number, step: number) => Math.max(0, Math.ceil((size - first) / step));
  return passes.reduce((sum, [x, y, right, down]) => sum + bytes(count(width, x, right), count(height, y, down)), 0);
}
