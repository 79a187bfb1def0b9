/**
 * What the kernels have to know of the JavaScript engine they run in, and cannot ask themselves. It moves the speed
 * alone, and no bit of the results.
 *
 * - `narrow`: what any engine has: eight sums of four numbers stay in registers.
 * - `wide`: the engine puts two neighbouring operations on 128 bits into one on 256, and eight sums of eight numbers stay
 *   in registers.
 */
export type Registers = 'narrow' | 'wide';
