/** The WebAssembly memory of the SIMD kernels. Parts of it are allocated one after the other and freed all at once. */
import type { Address, MemoryViews } from './exports';

const pageBytes = 65536;
/** Allocations start at a multiple of this, two cache lines. */
const alignment = 128;

interface Scratch {
  address: Address;
  bytes: number;
}

export class LinearMemory {
  /** Replaced when the memory grows: read it again after each allocation. */
  views: MemoryViews;
  private end: Address;
  private readonly scratches = new Map<string, Scratch>();

  /** @param start First address that may be allocated; never 0, which represents a missing tensor. */
  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly start: Address,
  ) {
    this.end = start;
    this.views = viewsOf(memory);
  }

  /** Frees all allocations. The memory keeps its size. */
  release(): void {
    this.views.floats.fill(0, Math.ceil(this.start / 4), Math.ceil(this.end / 4));
    this.end = this.start;
    this.scratches.clear();
  }

  /** Allocates bytes that are zero. @throws RangeError when the memory cannot grow any more. */
  allocate(bytes: number): Address {
    const address = Math.ceil(this.end / alignment) * alignment;
    const missing = address + bytes - this.views.floats.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / pageBytes));
      this.views = viewsOf(this.memory);
    }
    this.end = address + bytes;
    return address;
  }

  /** Memory for temporary values. The same memory, with what was last written to it, for every call with this name. */
  scratch(name: string, bytes: number): Address {
    const known = this.scratches.get(name);
    if (known && known.bytes >= bytes) return known.address;
    const made = { address: this.allocate(bytes), bytes };
    this.scratches.set(name, made);
    return made.address;
  }
}

function viewsOf({ buffer }: WebAssembly.Memory): MemoryViews {
  return {
    bytes: new Uint8Array(buffer),
    words: new Uint32Array(buffer),
    floats: new Float32Array(buffer),
    doubles: new Float64Array(buffer),
  };
}
