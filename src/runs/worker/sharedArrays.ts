/**
 * Sends arrays in shared memory to a different process: the bytes are sent once, messages contain references to them, and the
 * receiver copies them into its own shared memory, for all of its threads.
 */

/** Represents a shared array in a message. */
interface Reference {
  sharedArray: number;
  type: string;
  byteOffset: number;
  length: number;
}

const types = { Uint8Array, Int32Array, Uint32Array, Float32Array, Float64Array, Uint16Array, Int8Array, Int16Array };
type ArrayType = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => ArrayBufferView;

function isReference(value: object): value is Reference {
  return 'sharedArray' in value && typeof value.sharedArray === 'number';
}

/** Replaces every array in shared memory by a reference. */
export class SharedArraySender {
  private readonly ids = new Map<ArrayBufferLike, number>();

  /** @param send Sends the bytes of a buffer, before the first message that refers to it. */
  constructor(private readonly send: (id: number, bytes: Uint8Array) => void) {}

  /** A copy of the value with references in place of its shared arrays. */
  referring<T>(value: T): T {
    return replaced(value, (array) => {
      if (!ArrayBuffer.isView(array) || !(array.buffer instanceof SharedArrayBuffer)) return array;
      let id = this.ids.get(array.buffer);
      if (id === undefined) {
        id = this.ids.size;
        this.ids.set(array.buffer, id);
        this.send(id, new Uint8Array(array.buffer).slice());
      }
      const { byteOffset } = array;
      const { name: type, BYTES_PER_ELEMENT } = array.constructor as Uint8ArrayConstructor;
      return { sharedArray: id, type, byteOffset, length: array.byteLength / BYTES_PER_ELEMENT } satisfies Reference;
    }) as T;
  }
}

/** Puts the arrays back. */
export class SharedArrays {
  private readonly buffers = new Map<number, SharedArrayBuffer>();

  add(id: number, bytes: Uint8Array): void {
    const buffer = new SharedArrayBuffer(bytes.length);
    new Uint8Array(buffer).set(bytes);
    this.buffers.set(id, buffer);
  }

  /** A copy of the value with shared arrays in place of references. */
  restored<T>(value: T): T {
    return replaced(value, (part) => {
      if (ArrayBuffer.isView(part) || !isReference(part)) return part;
      const { sharedArray, type, byteOffset, length } = part;
      const buffer = this.buffers.get(sharedArray);
      if (!buffer) throw new Error(`shared array ${sharedArray} was not sent`);
      return new (types[type as keyof typeof types] as ArrayType)(buffer, byteOffset, length);
    }) as T;
  }
}

/** Rebuilds plain objects and lists, and lets `replace` exchange arrays of numbers and objects. */
function replaced(value: unknown, replace: (part: object) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaced(item, replace));
  const other = replace(value);
  if (other !== value) return other;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, replace)]));
}
