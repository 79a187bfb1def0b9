/**
 * Walks through Protocol Buffers messages in a file without reading what is skipped, so that a model of any size needs little memory.
 * See https://protobuf.dev/programming-guides/encoding.
 */
import * as l10n from '@vscode/l10n';
import { formatCount } from '../../shared/numbers';
import type { ByteSource } from '../log/records';
import { ModelFileError } from './tensor';

/** Maximum length of a string in bytes. */
const longestText = 1 << 16;

/** A field of a message. */
export interface Field {
  number: number;
  /** Whether it is a string, a message or a packed list. */
  isBytes: boolean;
  /** Value of a varint, as a signed 64-bit number. */
  varint: bigint;
  /** Offsets of the content: a string, a message, a packed list, or a number of fixed size. */
  from: number;
  to: number;
}

const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** @throws ModelFileError if the bytes are not a message. */
export function* fieldsOf(source: ByteSource, from = 0, to = source.size): Generator<Field> {
  let at = from;
  while (at < to) {
    const key = varintAt(source, at, to);
    const number = Number(key.value >> 3n);
    const wire = Number(key.value & 7n);
    at = key.end;
    const field: Field = { number, isBytes: wire === wireTypes.bytes, varint: 0n, from: at, to: at };
    if (wire === wireTypes.varint) {
      const { value, end } = varintAt(source, at, to);
      field.varint = BigInt.asIntN(64, value);
      field.to = end;
    } else if (wire === wireTypes.bytes) {
      const { value, end } = varintAt(source, at, to);
      field.from = end;
      field.to = end + Number(value);
    } else if (wire === wireTypes.fixed64 || wire === wireTypes.fixed32) {
      field.to = at + (wire === wireTypes.fixed64 ? 8 : 4);
    } else {
      throw damaged(at);
    }
    if (number === 0 || field.to > to) throw damaged(at);
    at = field.to;
    yield field;
  }
}

function varintAt(source: ByteSource, at: number, limit: number): { value: bigint; end: number } {
  const bytes = source.read(at, Math.min(10, limit - at));
  let value = 0n;
  for (let k = 0; k < bytes.length; k++) {
    value |= BigInt(bytes[k] & 0x7f) << BigInt(7 * k);
    if (bytes[k] < 0x80) return { value, end: at + k + 1 };
  }
  throw damaged(at);
}

function damaged(at: number): ModelFileError {
  return new ModelFileError(
    l10n.t`The file is damaged or of a different format: no field of a message begins at byte ${formatCount(at)}.`,
  );
}

export function textOf(source: ByteSource, { from, to }: Field): string {
  return new TextDecoder().decode(source.read(from, Math.min(to - from, longestText)));
}

export function float32Of(source: ByteSource, { from }: Field): number {
  const bytes = source.read(from, 4);
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
}

/** The numbers of a repeated varint: one, or a packed list. */
export function* varintsOf(source: ByteSource, { isBytes, varint, from, to }: Field): Generator<bigint> {
  if (!isBytes) {
    yield varint;
    return;
  }
  for (let at = from; at < to; ) {
    const { value, end } = varintAt(source, at, to);
    yield BigInt.asIntN(64, value);
    at = end;
  }
}
