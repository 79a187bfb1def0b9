/** The loop that measures what 128-bit SIMD can do at most on this machine. */
import code from './assembly.wasm';

export interface Ceiling {
  /** So many rounds of products and sums; what it returns is of no interest. */
  multiplyAndAdd(rounds: number, factor: number, term: number): number;
  /** Floating-point operations in a round. */
  operations(): number;
}

export function makeCeiling(): Ceiling {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code as BufferSource), { env: { memory } });
  return instance.exports as unknown as Ceiling;
}
