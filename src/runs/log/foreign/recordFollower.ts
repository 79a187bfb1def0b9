/**
 * Reads the records of an event file that may still be written, that other programs wrote, and that may be damaged. Each record is
 * visited once. A record that is not complete yet is read when it is; after damage, reading goes on at the next record that is whole.
 */
import * as l10n from '@vscode/l10n';
import { checksumBytes, headerBytes, lengthBytes, maskedChecksum } from '../records';
import { WireError } from './wire';

/** A file that can grow between calls. */
export interface GrowingSource {
  /** Size in bytes. */
  readonly size: number;
  /** Fills the start of `target` with at most `length` bytes. @returns Number of bytes, 0 at the end of the file. */
  readInto(target: Uint8Array, offset: number, length: number): number;
}

/** A place in a file that could not be read. */
export interface Damage {
  /** Byte in the file. */
  offset: number;
  /** What is wrong, as a clause. */
  problem: string;
}

/** Receives the bytes of a record, from `start` up to `end`. They are overwritten after the call. @throws WireError */
export type VisitRecord = (bytes: Uint8Array, start: number, end: number) => void;

/** Longer records are passed over: they hold graphs or large media. */
export const longestRead = 1 << 26;

/** A record of a terabyte has a damaged length, although the checksum of its length is right. */
const longestRecord = 2 ** 40;

/** Places of damage per file that are stored; further ones are only counted. */
const mostDamage = 20;

const blockBytes = 1 << 20;

/** Buffer of the reading, shared by all files, because only one is read at a time. */
export class ReadBuffer {
  private readonly block = new Uint8Array(blockBytes);

  /** A buffer of at least this many bytes. A long one is not stored. */
  atLeast(length: number): Uint8Array {
    return length <= blockBytes ? this.block : new Uint8Array(length);
  }
}

/** Why the scan of a buffer stopped; `shorter` if the file lost bytes meanwhile. */
type Stop = 'more' | 'header' | 'body' | 'long' | 'shorter';

export class RecordFollower {
  /** Start of the next record, in bytes. */
  offset = 0;
  /** Number of records that were visited. */
  records = 0;
  /** Records that were longer than `longestRead`. */
  passedOver = 0;
  /** The first places of damage, in the order of the file. */
  readonly damage: Damage[] = [];
  damageCount = 0;

  /** Size of the file at the end of the last call. */
  private seen = 0;
  /** Where the search after damage goes on. Until a record is found, `offset` stays where the damage starts, in case it is still written. */
  private searched = 0;
  /** Start of the damage that was reported last. */
  private reported = -1;
  /** Length of the record where the scan stopped. */
  private length = 0;

  /** Bytes after the last record: of one that is not complete, or of damage up to the end. Only meaningful when all is read. */
  get rest(): number {
    return this.seen - this.offset;
  }

  /**
   * Reads on, up to about `most` bytes.
   * @returns Whether there is more to read now.
   */
  advance(source: GrowingSource, buffer: ReadBuffer, most: number, visit: VisitRecord): boolean {
    const { size } = source;
    this.seen = size;
    for (let left = most; left > 0; ) {
      const start = this.offset;
      if (size - start < headerBytes) return false;
      let stop = this.scanBlock(source, buffer, blockBytes, visit);
      // A record that is longer than a block. Its length is checked, and not more than the file has.
      if (stop === 'more' && this.offset === start && this.isWhole(size)) {
        stop = this.scanBlock(source, buffer, this.recordBytes, visit);
      }
      if (stop === 'shorter') return false;
      const canContinue = stop === 'more' && this.offset > start;
      if (!canContinue && !this.pass(stop, source, buffer)) return false;
      left -= Math.max(this.offset - start, blockBytes);
    }
    return this.offset < size;
  }

  /** Reads `length` bytes, or as many as the file has, and visits the whole records in them. */
  private scanBlock(source: GrowingSource, buffer: ReadBuffer, length: number, visit: VisitRecord): Stop {
    const bytes = buffer.atLeast(length);
    const wanted = Math.min(length, this.seen - this.offset);
    return source.readInto(bytes, this.offset, wanted) < wanted ? 'shorter' : this.scan(bytes, wanted, visit);
  }

  /** Bytes of the record where the scan stopped, with its envelope. */
  private get recordBytes(): number {
    return headerBytes + this.length + checksumBytes;
  }

  /** Whether the file has all of the record where the scan stopped. */
  private isWhole(size: number): boolean {
    return size - this.offset >= headerBytes && this.offset + this.recordBytes <= size;
  }

  /** Visits the whole records in the first `filled` bytes, which start at `offset`. */
  private scan(bytes: Uint8Array, filled: number, visit: VisitRecord): Stop {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    try {
      for (;;) {
        this.length = 0;
        if (filled - at < headerBytes) return 'more';
        if (view.getUint32(at + lengthBytes, true) !== maskedChecksum(bytes, at, at + lengthBytes)) return 'header';
        this.length = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
        if (this.length > longestRead) return 'long';
        const start = at + headerBytes;
        const end = start + this.length;
        if (end + checksumBytes > filled) return 'more';
        if (view.getUint32(end, true) !== maskedChecksum(bytes, start, end)) return 'body';
        try {
          visit(bytes, start, end);
          this.records++;
        } catch (cause) {
          if (!(cause instanceof WireError)) throw cause;
          this.report(this.offset + at, l10n.t`a record is not an event: ${cause.message}`);
        }
        at = end + checksumBytes;
      }
    } finally {
      this.offset += at;
    }
  }

  /** Moves on from the record where the scan stopped. @returns Whether that is possible now. */
  private pass(stop: Exclude<Stop, 'shorter'>, source: GrowingSource, buffer: ReadBuffer): boolean {
    switch (stop) {
      case 'long':
        if (this.length > longestRecord) {
          this.report(this.offset, l10n.t`the length of a record is ${this.length} bytes`);
          return this.search(source, buffer);
        }
        if (!this.isWhole(source.size)) return this.search(source, buffer);
        this.passedOver++;
        this.offset += this.recordBytes;
        return true;
      case 'body':
        this.report(this.offset, l10n.t('the checksum of a record is wrong'));
        // The length is right, unless the writer was killed within the record, and a different one went on.
        if (this.startsRecord(source, buffer, this.offset + this.recordBytes)) {
          this.offset += this.recordBytes;
          return true;
        }
        return this.search(source, buffer);
      case 'header':
        this.report(this.offset, l10n.t('the checksum of the length of a record is wrong'));
        return this.search(source, buffer);
      default:
        // The record may still be written, unless there are records after it.
        return this.search(source, buffer);
    }
  }

  /** Whether a record starts at `offset`, or the file ends there. */
  private startsRecord(source: GrowingSource, buffer: ReadBuffer, offset: number): boolean {
    if (source.size === offset) return true;
    const bytes = buffer.atLeast(headerBytes);
    return source.readInto(bytes, offset, headerBytes) === headerBytes && isHeader(bytes, 0);
  }

  /** Searches one block for the start of a record after `offset`. @returns Whether one was found, or there is more to search. */
  private search(source: GrowingSource, buffer: ReadBuffer): boolean {
    const from = Math.max(this.offset + 1, this.searched);
    const bytes = buffer.atLeast(0);
    const filled = source.readInto(bytes, from, Math.max(0, Math.min(bytes.length, source.size - from)));
    for (let at = 0; at + headerBytes <= filled; at++) {
      if (!isHeader(bytes, at)) continue;
      this.report(this.offset, l10n.t('a record is not complete'));
      this.offset = from + at;
      return true;
    }
    this.searched = Math.max(from, from + filled - headerBytes + 1);
    return filled === bytes.length;
  }

  private report(offset: number, problem: string): void {
    if (offset <= this.reported) return;
    this.reported = offset;
    this.damageCount++;
    if (this.damage.length < mostDamage) this.damage.push({ offset, problem });
  }
}

/** Whether a length and its checksum are at `at`. Most places are excluded by the high bytes of the length, which are 0. */
function isHeader(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 7] !== 0 || bytes[at + 6] !== 0 || bytes[at + 5] !== 0 || bytes[at + 4] !== 0 || bytes[at + 3] > 4)
    return false;
  // No event is empty, and zeros are what a crash leaves.
  if ((bytes[at] | bytes[at + 1] | bytes[at + 2] | bytes[at + 3]) === 0) return false;
  const checksum = (bytes[at + 8] | (bytes[at + 9] << 8) | (bytes[at + 10] << 16) | (bytes[at + 11] << 24)) >>> 0;
  return checksum === maskedChecksum(bytes, at, at + lengthBytes);
}
