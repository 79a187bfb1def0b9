/** Sums that watching and the search for infinities need. */
import { group } from './panels';

/** Whether every number is finite: 0 · x is 0 for a finite x and NaN otherwise. */
export function allFinite(rows: i32, panels: i32, stride: usize, x: usize): bool {
  const zero = f32x4.splat(0);
  let sum0 = zero,
    sum1 = zero;
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += group) {
      sum0 = f32x4.add(sum0, f32x4.mul(v128.load(k), zero));
      sum1 = f32x4.add(sum1, f32x4.mul(v128.load(k, 16), zero));
    }
  }
  return v128.all_true<i32>(f32x4.eq(f32x4.add(sum0, sum1), zero));
}

/** Σ x² */
export function sumOfSquares(rows: i32, panels: i32, stride: usize, x: usize): f64 {
  let sum: f64 = 0;
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += 16) {
      const v = v128.load(k);
      const low = f64x2.promote_low_f32x4(v);
      const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3));
      const square = f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high));
      sum += f64x2.extract_lane(square, 0) + f64x2.extract_lane(square, 1);
    }
  }
  return sum;
}
