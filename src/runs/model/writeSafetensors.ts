/**
 * Writes the format safetensors as its reference implementation does, to the byte: tensors sorted by type and name, a compact
 * header, padded with spaces to a multiple of 8 bytes. See `safetensors.ts` for the format.
 */
import type { NumberType } from './tensor';
import { sizeOfShape } from './tensor';

/** Values of the types that are written. */
interface Arrays {
  I64: BigInt64Array;
  F32: Float32Array;
  I32: Int32Array;
  U8: Uint8Array;
}

export type WrittenType = keyof Arrays & NumberType;

/** A tensor to be written; its values are row-major. */
export type WrittenTensor = {
  [Type in WrittenType]: { name: string; type: Type; shape: readonly number[]; values: Arrays[Type] };
}[WrittenType];

/** The reference implementation writes larger types first, so that every tensor is aligned. */
const order: readonly WrittenType[] = ['I64', 'F32', 'I32', 'U8'];

/**
 * Returns the bytes of a file.
 * @param tensors With unique names.
 * @param metadata Text by name, e.g. where the tensors come from.
 */
export function safetensorsBytes(
  tensors: readonly WrittenTensor[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].sort(
    (a, b) => order.indexOf(a.type) - order.indexOf(b.type) || (a.name < b.name ? -1 : 1),
  );
  const fields = new Map<string, unknown>(metadata ? [['__metadata__', metadata]] : []);
  let end = 0;
  for (const { name, type, shape, values } of sorted) {
    if (values.length !== sizeOfShape(shape)) throw new Error(`${name} has ${values.length} values, not ${shape}.`);
    if (fields.has(name)) throw new Error(`Two tensors have the name ${name}.`);
    fields.set(name, { dtype: type, shape, data_offsets: [end, end + values.byteLength] });
    end += values.byteLength;
  }
  const header = new TextEncoder().encode(headerText(fields));
  const start = 8 + Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(start + end);
  bytes.fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(header, 8);
  let place = start;
  for (const { values } of sorted) {
    // All machines that this program runs on are little-endian, as the format is.
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), place);
    place += values.byteLength;
  }
  return bytes;
}

/** Unlike `JSON.stringify` of an object, keeps names such as `0` in their order. */
function headerText(fields: ReadonlyMap<string, unknown>): string {
  return `{${[...fields].map(([name, field]) => `${JSON.stringify(name)}:${JSON.stringify(field)}`).join()}}`;
}
