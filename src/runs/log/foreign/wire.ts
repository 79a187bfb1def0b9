/**
 * Reads protobuf's wire format from a part of a larger buffer, without making objects: the logs of other programs can have
 * millions of records, whose decoding by generated code would take longer than their reading.
 */
import * as l10n from '@vscode/l10n';

/** A record that is not valid protobuf, or that has a field which ends beyond the record. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Wire types, the lower three bits of a field's key. */
const varintType = 0;
const bits64Type = 1;
const bytesType = 2;
const bits32Type = 5;

/** Key of a field: its number and its wire type. */
export const varintKey = (field: number): number => (field << 3) | varintType;
export const doubleKey = (field: number): number => (field << 3) | bits64Type;
export const bytesKey = (field: number): number => (field << 3) | bytesType;
export const floatKey = (field: number): number => (field << 3) | bits32Type;

/** Weight of the tenth byte of a varint, whose lowest bit is the sign of an int64. */
const weightOfSign = 2 ** 63;

/** A place in a buffer that moves on as fields are read. */
export class Cursor {
  at = 0;
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);

  /** Changes the buffer. It may be refilled before the next field is read. */
  useBuffer(bytes: Uint8Array): void {
    if (this.bytes === bytes) return;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Key of the next field. */
  key(end: number): number {
    return this.varint(end);
  }

  /** A varint as a signed int64, exact up to 2^53. */
  varint(end: number): number {
    const { bytes } = this;
    let byte = this.next(end);
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let weight = 128; weight <= weightOfSign; weight *= 128) {
      byte = bytes[this.at++];
      if (this.at > end) break;
      if (weight === weightOfSign) {
        // The sum of a negative number would be rounded: its low bits are taken from its complement.
        return byte & 1 ? this.negative(this.at - 10) : value;
      }
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
    throw new WireError(l10n.t('a number does not end'));
  }

  /** Position after the bytes of a field, which start at `at` after the call. */
  bytesEnd(end: number): number {
    const length = this.varint(end);
    if (!(length >= 0 && length <= end - this.at)) throw new WireError(l10n.t('a field ends after its record'));
    return this.at + length;
  }

  double(end: number): number {
    this.at += 8;
    if (this.at > end) throw new WireError(l10n.t('a number ends after its record'));
    return this.view.getFloat64(this.at - 8, true);
  }

  float(end: number): number {
    this.at += 4;
    if (this.at > end) throw new WireError(l10n.t('a number ends after its record'));
    return this.view.getFloat32(this.at - 4, true);
  }

  /** Skips the value of a field. */
  skip(key: number, end: number): void {
    switch (key & 7) {
      case varintType:
        this.varint(end);
        break;
      case bits64Type:
        this.at += 8;
        break;
      case bytesType:
        this.at = this.bytesEnd(end);
        break;
      case bits32Type:
        this.at += 4;
        break;
      default:
        throw new WireError(l10n.t`a field has the unknown type ${key & 7}`);
    }
    if (this.at > end || key < 8) throw new WireError(l10n.t('a field ends after its record'));
  }

  /** Decodes UTF-8; invalid bytes become U+FFFD. */
  text(start: number, end: number): string {
    return decoder.decode(this.bytes.subarray(start, end));
  }

  private next(end: number): number {
    if (this.at >= end) throw new WireError(l10n.t('a field ends after its record'));
    return this.bytes[this.at++];
  }

  /** The negative int64 in the ten bytes from `start`. */
  private negative(start: number): number {
    let complement = 0;
    for (let k = 0, weight = 1; k < 9; k++, weight *= 128) complement += (~this.bytes[start + k] & 127) * weight;
    return -(complement + 1);
  }
}

const decoder = new TextDecoder();
