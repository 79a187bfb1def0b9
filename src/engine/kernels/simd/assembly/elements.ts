/** Arithmetic element by element. The padding stays zero by itself. */
import { group } from './panels';

/** out = a + b */
export function add(rows: i32, panels: i32, stride: usize, a: usize, b: usize, out: usize): void {
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += 16) v128.store(out + k, f32x4.add(v128.load(a + k), v128.load(b + k)));
  }
}

/** out = x · factor + offset; `offset` 0 for none. */
export function scaleAndAdd(
  rows: i32, panels: i32, stride: usize, x: usize, factor: usize, offset: usize, out: usize,
): void {
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    if (offset) {
      for (let k = start; k < end; k += 16) {
        const product = f32x4.mul(v128.load(x + k), v128.load(factor + k));
        v128.store(out + k, f32x4.add(product, v128.load(offset + k)));
      }
    } else {
      for (let k = start; k < end; k += 16) {
        v128.store(out + k, f32x4.mul(v128.load(x + k), v128.load(factor + k)));
      }
    }
  }
}
