/** The text of a CSV file, from its bytes. */
import { DataError } from '../dataset';
import type { DataFile } from '../files';

/** Larger tables would not fit into memory with all their fields apart. */
const mostBytes = 2 ** 27;

/** Line ends are all `\n`, and a byte order mark is gone. @throws DataError when the file is no text. */
export function textOf({ path, bytes }: DataFile): string {
  if (bytes.length === 0) throw new DataError(`${path} is empty: give a table with a header line and rows`, 'path');
  if (bytes.length > mostBytes) {
    throw new DataError(
      `${path} has ${Math.round(bytes.length / 1e6)} MB, and a table here may have ${Math.floor(mostBytes / 1e6)} MB: take a part of its rows`,
      'path',
    );
  }
  if (startsWith(bytes, 0x50, 0x4b)) {
    throw new DataError(`${path} is an Excel or ZIP file: save the table as CSV, and name that file`, 'path');
  }
  if (startsWith(bytes, 0x1f, 0x8b)) {
    throw new DataError(`${path} is gzipped twice, or damaged: unpack it once with gunzip`, 'path');
  }
  const text = decoded(bytes);
  if (text.includes('\0')) throw new DataError(`${path} is not a text file: give a table as CSV`, 'path');
  return text.replace(/\r\n?/g, '\n');
}

function startsWith(bytes: Uint8Array, ...start: number[]): boolean {
  return start.every((byte, k) => bytes[k] === byte);
}

/** Spreadsheets write UTF-8, UTF-16 with a byte order mark, or their country's code page; the latter is taken for the western one. */
function decoded(bytes: Uint8Array): string {
  // Not every decoder takes bytes that are shared between threads.
  const own = bytes.slice();
  if (startsWith(bytes, 0xff, 0xfe)) return new TextDecoder('utf-16le').decode(own);
  if (startsWith(bytes, 0xfe, 0xff)) return new TextDecoder('utf-16be').decode(own);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(own);
  } catch {
    return new TextDecoder('windows-1252').decode(own);
  }
}
