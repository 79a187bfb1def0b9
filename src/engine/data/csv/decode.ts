/** The text of a CSV file, decoded piece by piece from its bytes. */
import * as l10n from '@vscode/l10n';
import { DataError } from '../dataset';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Starts reading a file's bytes from their beginning, in pieces of any size. */
export type OpenBytes = () => Iterable<Uint8Array>;

/** Bytes of a file that is not in memory as a table; larger ones are refused. */
const mostBytes = 2 ** 27;
const pieceSize = 2 ** 19;

/** The bytes of a file that is in memory. */
export function piecesOf(bytes: Uint8Array): OpenBytes {
  return function* () {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
  };
}

/** Thrown where the bytes are not UTF-8. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

/**
 * The encoding that the first bytes show: UTF-16 by its byte order mark or its zero bytes, otherwise UTF-8.
 * @throws DataError when the file is no text.
 */
export function encodingOf(path: string, open: OpenBytes): Encoding {
  let head = new Uint8Array(0);
  for (const piece of open()) {
    head = new Uint8Array(piece.subarray(0, 4096));
    if (head.length > 0) break;
  }
  if (head.length === 0)
    throw new DataError(l10n.t`${path} is empty: give a table with a header line and rows`, 'path');
  const other = otherFormat(head);
  if (other) throw new DataError(`${path} ${other}`, 'path');
  if (startsWith(head, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(head, 0xfe, 0xff)) return 'utf-16be';
  // Latin text in UTF-16 has a zero in every other byte.
  const zeros = [0, 0];
  head.forEach((byte, k) => {
    if (byte === 0) zeros[k % 2]++;
  });
  const half = head.length / 2;
  if (head.length >= 8 && zeros[1] > 0.7 * half && zeros[0] < 0.1 * half) return 'utf-16le';
  if (head.length >= 8 && zeros[0] > 0.7 * half && zeros[1] < 0.1 * half) return 'utf-16be';
  return 'utf-8';
}

function startsWith(bytes: Uint8Array, ...start: number[]): boolean {
  return start.every((byte, k) => bytes[k] === byte);
}

/** What a file is instead of a table, with the remedy; null where nothing speaks against a table. */
function otherFormat(head: Uint8Array): string | null {
  if (startsWith(head, 0x50, 0x4b) || startsWith(head, 0xd0, 0xcf, 0x11, 0xe0)) {
    return l10n.t('is an Excel or ZIP file: save the table as CSV, and name that file');
  }
  if (startsWith(head, 0x1f, 0x8b)) return l10n.t('is gzipped twice, or damaged: unpack it once with gunzip');
  if (startsWith(head, 0x50, 0x41, 0x52, 0x31))
    return l10n.t('is a Parquet file: save the table as CSV, and name that file');
  if (startsWith(head, 0x25, 0x50, 0x44, 0x46))
    return l10n.t('is a PDF file: save the table as CSV, and name that file');
  return null;
}

/**
 * The text in pieces, with `\n` for every line end and without a byte order mark.
 * @throws EncodingError when the bytes are not UTF-8 although `encoding` says so, DataError when the file is too large
 * or no text.
 */
export function* textOf(path: string, open: OpenBytes, encoding: Encoding): Iterable<string> {
  const decoder = new TextDecoder(encoding, { fatal: encoding === 'utf-8' });
  let bytes = 0;
  let endsInReturn = false;
  const decoded = (piece?: Uint8Array) => {
    try {
      // Not every decoder takes bytes that are shared between threads.
      const own = piece && piece.buffer instanceof ArrayBuffer ? piece : piece?.slice();
      return own ? decoder.decode(own, { stream: true }) : decoder.decode();
    } catch {
      throw new EncodingError();
    }
  };
  const lines = (text: string) => {
    if (text.includes('\0')) throw new DataError(l10n.t`${path} is not a text file: give a table as CSV`, 'path');
    let whole = endsInReturn ? `\r${text}` : text;
    // Whether a line feed follows is known with the next piece.
    endsInReturn = whole.endsWith('\r');
    if (endsInReturn) whole = whole.slice(0, -1);
    return whole.includes('\r') ? whole.replace(/\r\n?/g, '\n') : whole;
  };
  const pieces = encoding === 'utf-8' || encoding === 'windows-1252' ? wholeLines(open()) : open();
  for (const piece of pieces) {
    bytes += piece.length;
    if (bytes > mostBytes) {
      throw new DataError(
        l10n.t`${path} has more than ${Math.floor(mostBytes / 1e6)} MB, and a table here may have that much: take a part of its rows`,
        'path',
      );
    }
    yield lines(decoded(piece));
  }
  yield lines(decoded());
  if (endsInReturn) yield '\n';
}

/** A line longer than this is decoded in parts. */
const longLine = 2 ** 23;

/**
 * The same bytes in pieces that mostly end with a line feed: their text is then read as it was decoded, which is faster than
 * a string that is put together of two.
 */
function* wholeLines(pieces: Iterable<Uint8Array>): Iterable<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for (const piece of pieces) {
    const end = piece.lastIndexOf(10) + 1;
    if (end === 0 && rest.length + piece.length < longLine) {
      rest = joined(rest, piece);
    } else {
      yield joined(rest, piece.subarray(0, end));
      // A copy, as whoever reads the file uses the buffer again.
      rest = new Uint8Array(piece.subarray(end));
    }
  }
  if (rest.length > 0) yield rest;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
