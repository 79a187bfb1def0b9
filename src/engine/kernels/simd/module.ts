/** The WebAssembly module of the SIMD kernels, compiled from `assembly/` by the build. */
import code from './assembly.wasm';
import type { SimdExports } from './exports';

let compiled: WebAssembly.Module | null = null;

/** Whether this machine's WebAssembly has SIMD. */
export function simdSupported(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(code);
}

export function instantiate(memory: WebAssembly.Memory): SimdExports {
  compiled ??= new WebAssembly.Module(code);
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports as unknown as SimdExports;
}
