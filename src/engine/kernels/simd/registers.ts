/**
 * What the kernels have to know of the JavaScript engine they run in, and cannot ask themselves. It moves the speed
 * alone, and no bit of the results.
 *
 * - `few`: what any engine has: eight sums of four numbers stay in registers.
 * - `many`: ten of them do.
 * - `wide`: the engine puts two neighbouring operations on 128 bits into one on 256, and twelve sums of eight numbers stay
 *   in registers.
 */
export type Registers = 'few' | 'many' | 'wide';

/** Rows of a tile of a product, as `assembly/products.ts` knows them. */
export const tileRows: Record<Registers, number> = { few: 4, many: 5, wide: 12 };
