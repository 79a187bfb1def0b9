/** The loop that measures the peak rate of 128-bit SIMD on this machine. */
import code from './assembly.wasm';

export interface Ceiling {
  /** Runs this number of rounds of products and sums. The result only keeps the loop from being optimized away. */
  multiplyAndAdd(rounds: number, factor: number, term: number): number;
  /** Floating-point operations per round. */
  operations(): number;
}

export function makeCeiling(): Ceiling {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code as BufferSource), { env: { memory } });
  return instance.exports as unknown as Ceiling;
}
