/** What the kernels have to know of the JavaScript engine, and cannot ask themselves. */

/**
 * Whether WebAssembly has registers enough for the larger tiles of `SimdKernels`: V8's register allocator keeps ten sums
 * and their operands in registers from version 13 on (Node 24), and spills them before (measured on Node 20 and 22).
 */
export function hasWideTiles(v8: string): boolean {
  return Number.parseInt(v8, 10) >= 13;
}
