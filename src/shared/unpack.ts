/** Decodes the layout that `src/runs/export/pack.ts` describes. */

const arrays = { Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array };

/** @returns The messages of the file, in their order. */
export function unpack(packed: Uint8Array): unknown[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const start = 4 + view.getUint32(0, true);
  const { message, parts } = JSON.parse(new TextDecoder().decode(packed.subarray(4, start)));
  for (const [path, what, at, length] of parts as [string[], string, number, number][]) {
    const Type = arrays[what as keyof typeof arrays];
    const value = Type ? fromPlanes(Type, packed.subarray(start + at), length) : Number(what);
    const owner = path.slice(0, -1).reduce(ownProperty, message);
    const last = path[path.length - 1];
    ownProperty(owner, last);
    owner[last] = value;
  }
  return message;
}

// biome-ignore lint/suspicious/noExplicitAny: a message may contain anything.
function ownProperty(object: any, key: string): any {
  // A file that was not written by this program may name a prototype.
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, key))
    throw new Error('a part has no place');
  return object[key];
}

function fromPlanes(Type: (typeof arrays)[keyof typeof arrays], planes: Uint8Array, length: number) {
  const size = Type.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(length * size);
  for (let plane = 0; plane < size; plane++) {
    for (let k = 0; k < length; k++) bytes[k * size + plane] = planes[plane * length + k];
  }
  return new Type(bytes.buffer);
}
