/** Products and sums at the peak rate of a core, with 128-bit SIMD and no fused multiply-add. */

/** Independent chains: with the factor and the addend they take fourteen of the sixteen registers of x64. */
const chains = 12;

/**
 * @param rounds Each round does one product and one sum of four numbers in every chain.
 * @param by The factor and the addend are parameters, because a compiler may rebuild constants in each round.
 * @returns A number that depends on all chains, so that none can be optimized away.
 */
export function multiplyAndAdd(rounds: i32, by: f32, plus: f32): f32 {
  const factor = f32x4.splat(by);
  const term = f32x4.splat(plus);
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(1);
  let a2 = f32x4.splat(2);
  let a3 = f32x4.splat(3);
  let a4 = f32x4.splat(4);
  let a5 = f32x4.splat(5);
  let a6 = f32x4.splat(6);
  let a7 = f32x4.splat(7);
  let a8 = f32x4.splat(8);
  let a9 = f32x4.splat(9);
  let a10 = f32x4.splat(10);
  let a11 = f32x4.splat(11);
  for (let k = 0; k < rounds; k++) {
    a0 = f32x4.add(f32x4.mul(a0, factor), term);
    a1 = f32x4.add(f32x4.mul(a1, factor), term);
    a2 = f32x4.add(f32x4.mul(a2, factor), term);
    a3 = f32x4.add(f32x4.mul(a3, factor), term);
    a4 = f32x4.add(f32x4.mul(a4, factor), term);
    a5 = f32x4.add(f32x4.mul(a5, factor), term);
    a6 = f32x4.add(f32x4.mul(a6, factor), term);
    a7 = f32x4.add(f32x4.mul(a7, factor), term);
    a8 = f32x4.add(f32x4.mul(a8, factor), term);
    a9 = f32x4.add(f32x4.mul(a9, factor), term);
    a10 = f32x4.add(f32x4.mul(a10, factor), term);
    a11 = f32x4.add(f32x4.mul(a11, factor), term);
  }
  let sum = f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3));
  sum = f32x4.add(sum, f32x4.add(f32x4.add(a4, a5), f32x4.add(a6, a7)));
  sum = f32x4.add(sum, f32x4.add(f32x4.add(a8, a9), f32x4.add(a10, a11)));
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    f32x4.extract_lane(sum, 2) +
    f32x4.extract_lane(sum, 3)
  );
}

/** Floating-point operations per round. */
export function operations(): i32 {
  return chains * 2 * 4;
}
