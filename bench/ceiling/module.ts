/** The loops that measure the peak rate of this machine without a fused multiply-add. */
import type { Registers } from '../../src/engine/kernels/simd/registers';
import code from './assembly.wasm';

interface Exports extends Record<Registers, (rounds: number, at: number) => void> {
  operations(): number;
}

export interface Ceiling {
  /** Runs this number of rounds of products and sums. */
  multiplyAndAdd(rounds: number): void;
  /** Floating-point operations per round. */
  operations: number;
}

/** First address that the loops use. */
const start = 4096;

/** @param registers The process has been started for them. */
export function makeCeiling(registers: Registers): Ceiling {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code as BufferSource), { env: { memory } });
  const exports = instance.exports as unknown as Exports;
  const numbers = new Float32Array(memory.buffer, start, 512);
  return {
    multiplyAndAdd(rounds) {
      // From small numbers on: sums neither grow without limit nor become denormal.
      numbers.fill(1e-3);
      exports[registers](rounds, start);
    },
    operations: exports.operations() * (registers === 'wide' ? 2 : 1),
  };
}
