/** Tensors of model files, whose values are read when they are needed. */
import * as l10n from '@vscode/l10n';
import { count } from '../../shared/counts';

/** A model file, or a part of it, cannot be read. The message is a sentence with the place and a remedy. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}

/** Types of numbers, by the names that safetensors gives them. */
export type NumberType = keyof typeof readers;

export interface Tensor {
  readonly name: string;
  readonly type: NumberType;
  readonly shape: readonly number[];
  /**
   * Reads all values.
   * @throws ModelFileError if they cannot be read.
   */
  values(): Float64Array;
}

/** Maximum number of values that are read of one tensor; a normalization has one per feature. */
export const mostValues = 1 << 24;

const readers = {
  F64: reader(8, (view, at) => view.getFloat64(at, true)),
  F32: reader(4, (view, at) => view.getFloat32(at, true)),
  F16: reader(2, (view, at) => halfToNumber(view.getUint16(at, true))),
  // The upper half of a float32.
  BF16: reader(2, (view, at) => upperHalf(view.getUint16(at, true))),
  I64: reader(8, (view, at) => Number(view.getBigInt64(at, true))),
  I32: reader(4, (view, at) => view.getInt32(at, true)),
  I16: reader(2, (view, at) => view.getInt16(at, true)),
  I8: reader(1, (view, at) => view.getInt8(at)),
  U64: reader(8, (view, at) => Number(view.getBigUint64(at, true))),
  U32: reader(4, (view, at) => view.getUint32(at, true)),
  U16: reader(2, (view, at) => view.getUint16(at, true)),
  U8: reader(1, (view, at) => view.getUint8(at)),
  BOOL: reader(1, (view, at) => view.getUint8(at)),
};

function reader(size: number, read: (view: DataView, at: number) => number) {
  return { size, read };
}

export function isNumberType(type: string): type is NumberType {
  return Object.hasOwn(readers, type);
}

/** Bytes per value. */
export function sizeOfType(type: NumberType): number {
  return readers[type].size;
}

/** Reads little-endian values. */
export function numbersIn(bytes: Uint8Array, type: NumberType): Float64Array {
  const { size, read } = readers[type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: Math.floor(bytes.length / size) }, (_, k) => read(view, k * size));
}

/** Number of values of a shape; 1 for a single number. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** @throws ModelFileError for a tensor that is too large, by default for the parameters of a normalization. */
export function checkSize(name: string, shape: readonly number[], most = mostValues): void {
  const size = sizeOfShape(shape);
  if (size > most)
    throw new ModelFileError(l10n.t`${name} has ${count(size, 'value')}; at most ${count(most, 'value')} are read`);
}

/** IEEE 754 binary16: 1 sign bit, 5 bits of exponent, 10 bits of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const single = new DataView(new ArrayBuffer(4));
function upperHalf(bits: number): number {
  single.setUint32(0, bits << 16);
  return single.getFloat32(0);
}
