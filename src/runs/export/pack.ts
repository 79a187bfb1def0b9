/**
 * Packs a message and its typed arrays as bytes, for exported HTML files, where structured cloning is not available. Layout,
 * little-endian: the length of the JSON in bytes (uint32), the JSON, then the arrays. The JSON is
 * `{ message, parts: [path, what, start, length][] }`: the message contains null at each path, which replaces an array (`what` is
 * its type's name, `start` counts from the end of the JSON) or for a number that JSON does not have (`what` is its name).
 * `shared/unpack.ts` unpacks it.
 *
 * The bytes of an array are ordered plane by plane (all lowest bytes first, and so on), because neighbouring numbers differ
 * least in their highest bytes. The file then compresses better.
 */

type Path = (string | number)[];
type Part = [path: Path, what: string, start: number, length: number];

export function pack(message: object): Uint8Array {
  const parts: Part[] = [];
  const planes: Uint8Array[] = [];
  let bytes = 0;
  const plain = (value: unknown, path: Path): unknown => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      parts.push([path, String(value), 0, 0]);
      return null;
    }
    if (ArrayBuffer.isView(value)) {
      const array = value as ArrayBufferView & { length: number; BYTES_PER_ELEMENT: number };
      parts.push([path, array.constructor.name, bytes, array.length]);
      planes.push(byPlanes(array));
      bytes += array.byteLength;
      return null;
    }
    if (Array.isArray(value)) return value.map((item, k) => plain(item, [...path, k]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, [...path, key])]));
  };
  const json = new TextEncoder().encode(JSON.stringify({ message: plain(message, []), parts }));
  const packed = new Uint8Array(4 + json.length + bytes);
  new DataView(packed.buffer).setUint32(0, json.length, true);
  packed.set(json, 4);
  let at = 4 + json.length;
  for (const plane of planes) {
    packed.set(plane, at);
    at += plane.length;
  }
  return packed;
}

function byPlanes(array: ArrayBufferView & { length: number; BYTES_PER_ELEMENT: number }): Uint8Array {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const { length, BYTES_PER_ELEMENT: size } = array;
  const planes = new Uint8Array(bytes.length);
  for (let plane = 0; plane < size; plane++) {
    for (let k = 0; k < length; k++) planes[plane * length + k] = bytes[k * size + plane];
  }
  return planes;
}
