/**
 * What the kernels have to know of the JavaScript engine they run in, and cannot ask themselves. It moves the speed
 * alone, and no bit of the results.
 *
 * - `narrow`: what any engine has: eight sums of four numbers stay in registers. Ten do from V8 13 on, which gains a
 *   twentieth on an Intel Xeon of 2021 and loses a quarter on an AMD EPYC of 2024.
 * - `wide`: the engine puts two neighbouring operations on 128 bits into one on 256, and twelve sums of eight numbers stay
 *   in registers.
 */
export type Registers = 'narrow' | 'wide';

/** Rows of a tile of a product, as `assembly/products.ts` knows them. */
export const tileRows: Record<Registers, number> = { narrow: 4, wide: 12 };
