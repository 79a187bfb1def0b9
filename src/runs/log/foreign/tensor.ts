/** Numbers and strings of TensorFlow's `TensorProto`, in every form that TensorFlow, Keras and PyTorch write. */

import * as l10n from '@vscode/l10n';
import { TensorProto_Shape_DimSchema, TensorProto_ShapeSchema, TensorProtoSchema } from '../event_pb';
import { bytesKey, type Cursor, doubleKey, floatKey, varintKey, WireError } from './wire';

/** Values of TensorFlow's enumeration `DataType`. */
const types = {
  float: 1,
  double: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  string: 7,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  half: 19,
  uint32: 22,
  uint64: 23,
} as const;

/** Reads one number of `tensor_content`, whose bytes are little-endian. */
type ReadNumber = (view: DataView, at: number) => number;

const contents: Record<number, { size: number; read: ReadNumber } | undefined> = {
  [types.float]: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  [types.double]: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  [types.int32]: { size: 4, read: (view, at) => view.getInt32(at, true) },
  [types.uint8]: { size: 1, read: (view, at) => view.getUint8(at) },
  [types.int16]: { size: 2, read: (view, at) => view.getInt16(at, true) },
  [types.int8]: { size: 1, read: (view, at) => view.getInt8(at) },
  [types.int64]: { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  [types.bool]: { size: 1, read: (view, at) => view.getUint8(at) },
  [types.bfloat16]: { size: 2, read: (view, at) => bfloat16(view.getUint16(at, true)) },
  [types.uint16]: { size: 2, read: (view, at) => view.getUint16(at, true) },
  [types.half]: { size: 2, read: (view, at) => half(view.getUint16(at, true)) },
  [types.uint32]: { size: 4, read: (view, at) => view.getUint32(at, true) },
  [types.uint64]: { size: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
};

const word = new DataView(new ArrayBuffer(4));

/** A bfloat16 is the upper half of a float32. */
function bfloat16(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

/** An IEEE 754 half: sign, 5 bits of exponent, 10 of mantissa. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
}

/** Most numbers of a tensor that are read. A histogram has 90 of them. */
const mostNumbers = 1 << 20;
/** Most strings that are read: an image has its width, its height and itself. */
const mostStrings = 8;
/** TensorFlow's limit is 254. */
const mostDimensions = 254;

const fields = TensorProtoSchema.field;
const dtypeKey = varintKey(fields.dtype.number);
const shapeKey = bytesKey(fields.tensorShape.number);
const contentKey = bytesKey(fields.tensorContent.number);
const stringKey = bytesKey(fields.stringVal.number);
const dimKey = bytesKey(TensorProto_ShapeSchema.field.dim.number);
const sizeKey = varintKey(TensorProto_Shape_DimSchema.field.size.number);

/** How a repeated field of numbers stores each: packed into bytes, or one per key. */
type ListKind = 'float' | 'double' | 'varint' | 'half';
const lists = new Map<number, ListKind>();
for (const [field, kind] of [
  [fields.floatVal, 'float'],
  [fields.doubleVal, 'double'],
  [fields.halfVal, 'half'],
  [fields.intVal, 'varint'],
  [fields.int64Val, 'varint'],
  [fields.boolVal, 'varint'],
  [fields.uint32Val, 'varint'],
  [fields.uint64Val, 'varint'],
] as const) {
  const single = { float: floatKey, double: doubleKey, varint: varintKey, half: varintKey }[kind];
  lists.set(single(field.number), kind);
  lists.set(bytesKey(field.number), kind);
}

/** The tensor that was read last. One object is reused for all, because a log can have millions of tensors with one number. */
export class Tensor {
  /** Sizes of its dimensions; none for a single number. */
  readonly shape: number[] = [];
  /** Start and end of its strings in the buffer. */
  readonly strings: [start: number, end: number][] = [];
  private dtype = 0;
  private readonly numbers: number[] = [];

  get isText(): boolean {
    return this.dtype === types.string;
  }

  /** Number of elements by its shape. */
  get size(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /** Number of elements that are stored. */
  get stored(): number {
    return this.numbers.length;
  }

  /** The k-th number. A tensor may store fewer than it has: the last one is then repeated. NaN if it stores none. */
  at(k: number): number {
    const { numbers } = this;
    return numbers.length === 0 ? Number.NaN : numbers[Math.min(k, numbers.length - 1)];
  }

  /** Reads the tensor from the cursor up to `end`. @throws WireError */
  read(cursor: Cursor, end: number): void {
    this.shape.length = 0;
    this.strings.length = 0;
    this.numbers.length = 0;
    this.dtype = 0;
    let [content, contentEnd] = [0, 0];
    while (cursor.at < end) {
      const key = cursor.key(end);
      const list = lists.get(key);
      if (list !== undefined) this.readList(cursor, (key & 7) === 2 ? cursor.bytesEnd(end) : 0, end, list);
      else if (key === dtypeKey) this.dtype = cursor.varint(end);
      else if (key === shapeKey) this.readShape(cursor, cursor.bytesEnd(end));
      else if (key === contentKey) {
        contentEnd = cursor.bytesEnd(end);
        content = cursor.at;
        cursor.at = contentEnd;
      } else if (key === stringKey) {
        const stringEnd = cursor.bytesEnd(end);
        if (this.strings.length < mostStrings) this.strings.push([cursor.at, stringEnd]);
        cursor.at = stringEnd;
      } else cursor.skip(key, end);
    }
    const kind = contents[this.dtype];
    if (!kind) return;
    for (let at = content; at + kind.size <= contentEnd && this.numbers.length < mostNumbers; at += kind.size) {
      this.numbers.push(kind.read(cursor.view, at));
    }
  }

  private readShape(cursor: Cursor, end: number): void {
    while (cursor.at < end) {
      const key = cursor.key(end);
      if (key !== dimKey) {
        cursor.skip(key, end);
        continue;
      }
      const dimEnd = cursor.bytesEnd(end);
      let size = 0;
      while (cursor.at < dimEnd) {
        const inner = cursor.key(dimEnd);
        if (inner === sizeKey) size = cursor.varint(dimEnd);
        else cursor.skip(inner, dimEnd);
      }
      if (this.shape.length === mostDimensions) throw new WireError(l10n.t('a tensor has too many dimensions'));
      this.shape.push(size);
    }
  }

  /** @param packedEnd End of packed numbers, or 0 if only one follows. */
  private readList(cursor: Cursor, packedEnd: number, end: number, kind: ListKind): void {
    do {
      const number = this.readNumber(cursor, packedEnd || end, kind);
      if (this.numbers.length === mostNumbers) throw new WireError(l10n.t('a tensor has too many numbers'));
      this.numbers.push(number);
    } while (cursor.at < packedEnd);
  }

  private readNumber(cursor: Cursor, end: number, kind: ListKind): number {
    switch (kind) {
      case 'float':
        return cursor.float(end);
      case 'double':
        return cursor.double(end);
      case 'half': {
        const bits = cursor.varint(end) & 0xffff;
        return this.dtype === types.bfloat16 ? bfloat16(bits) : half(bits);
      }
      default: {
        const value = cursor.varint(end);
        // A uint64 above 2^63 is written like a negative int64.
        return this.dtype === types.uint64 && value < 0 ? value + 2 ** 64 : value;
      }
    }
  }
}
