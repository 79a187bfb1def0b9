/** The registers that V8 uses for WebAssembly, and asking it for wider ones. */
import { setFlagsFromString } from 'node:v8';
import type { Registers } from '../../engine/kernels/simd/registers';

/**
 * V8's register allocator keeps ten sums and their operands in registers from version 13 on (Node 24), and spills them
 * before (measured on Node 20 and 22). From then on it also can, on x64 with AVX2, put neighbouring operations on 128 bits
 * together, which is experimental there and has to be asked for.
 */
const firstWithMany = 13;

export function registersOf(v8: string, wide: boolean): Registers {
  if (Number.parseInt(v8, 10) < firstWithMany) return 'few';
  return wide ? 'wide' : 'many';
}

/** Whether this Node can be asked for wide registers. */
export function hasWideRegisters({ arch, versions }: Pick<NodeJS.Process, 'arch' | 'versions'>): boolean {
  return arch === 'x64' && registersOf(versions.v8, true) === 'wide';
}

/** Asks V8 for them, for all WebAssembly that this process compiles from now on. */
export function askForWideRegisters(): void {
  setFlagsFromString('--experimental-wasm-revectorize');
}
