/**
 * TFRecord framing, the envelope of every record of a TensorBoard event file:
 * length (8 bytes, little-endian), masked CRC-32C of these 8 bytes, the record, masked CRC-32C of the record.
 */
import * as l10n from '@vscode/l10n';
import { crc32c } from './checksum';

export const lengthBytes = 8;
export const checksumBytes = 4;
export const headerBytes = lengthBytes + checksumBytes;

/** Far above the length of any record of the lab: a longer record has a damaged length. */
const longestRecord = 1 << 28;

/**
 * CRC-32C of the bytes from `start` up to `end`, rotated and shifted as in TFRecord files, so that checksums of data with
 * checksums stay reliable.
 */
export function maskedChecksum(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const checksum = crc32c(bytes, start, end);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

export function framed(record: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + record.length + checksumBytes);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(record.length), true);
  view.setUint32(lengthBytes, maskedChecksum(bytes.subarray(0, lengthBytes)), true);
  bytes.set(record, headerBytes);
  view.setUint32(headerBytes + record.length, maskedChecksum(record), true);
  return bytes;
}

/** Bytes of a file, on disk or in memory. */
export interface ByteSource {
  /** Name for messages. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Returns exactly `length` bytes, which the caller may change. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/** How a file of records ends. `offset` is where its last whole record ends, in bytes. */
export type RecordsEnd =
  | { kind: 'whole'; offset: number }
  /** The file stops within a record, as when its writer was killed. */
  | { kind: 'torn'; offset: number }
  /** A checksum is wrong: the bytes after it are not used. */
  | { kind: 'corrupt'; offset: number; problem: string };

/** Yields the complete records of a file, one in memory at a time; returns how the file ends. */
export function* readRecords(source: ByteSource): Generator<Uint8Array, RecordsEnd> {
  const { size } = source;
  let offset = 0;
  while (offset < size) {
    if (size - offset < headerBytes) return { kind: 'torn', offset };
    const header = source.read(offset, headerBytes);
    const view = new DataView(header.buffer, header.byteOffset);
    if (view.getUint32(lengthBytes, true) !== maskedChecksum(header.subarray(0, lengthBytes))) {
      return { kind: 'corrupt', offset, problem: l10n.t('the checksum of a record’s length is wrong') };
    }
    const length = Number(view.getBigUint64(0, true));
    if (length > longestRecord) return { kind: 'corrupt', offset, problem: l10n.t`a record is ${length} bytes long` };
    if (size - offset < headerBytes + length + checksumBytes) return { kind: 'torn', offset };
    const body = source.read(offset + headerBytes, length + checksumBytes);
    const record = body.subarray(0, length);
    if (new DataView(body.buffer, body.byteOffset).getUint32(length, true) !== maskedChecksum(record)) {
      return { kind: 'corrupt', offset, problem: l10n.t('the checksum of a record is wrong') };
    }
    yield record;
    offset += headerBytes + length + checksumBytes;
  }
  return { kind: 'whole', offset };
}
