/** Element-wise arithmetic. Sums and products of zeros are zero, so the padding stays zero. */
import { group } from './panels';
import { dataOf, Tensor } from './structures';

/** out = a + b */
export function add(a: Tensor, b: Tensor, out: Tensor): void {
  const rows = a.rows, panels = a.panels, stride = a.stride;
  const from = a.data, other = b.data, to = out.data;
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += 16) v128.store(to + k, f32x4.add(v128.load(from + k), v128.load(other + k)));
  }
}

/** out = x · factor + offset; a missing offset is 0. */
export function scaleAndAdd(x: Tensor, factor: Tensor, offset: Tensor | null, out: Tensor): void {
  const rows = x.rows, panels = x.panels, stride = x.stride;
  const from = x.data, factors = factor.data, offsets = dataOf(offset), to = out.data;
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    if (offsets) {
      for (let k = start; k < end; k += 16) {
        const product = f32x4.mul(v128.load(from + k), v128.load(factors + k));
        v128.store(to + k, f32x4.add(product, v128.load(offsets + k)));
      }
    } else {
      for (let k = start; k < end; k += 16) {
        v128.store(to + k, f32x4.mul(v128.load(from + k), v128.load(factors + k)));
      }
    }
  }
}

/** out = factor · x, for tensors made alike, weights too. */
export function scale(x: Tensor, factor: f32, out: Tensor): void {
  const bytes = x.bytes, from = x.data, to = out.data;
  const f = f32x4.splat(factor);
  for (let k: usize = 0; k < bytes; k += 16) v128.store(to + k, f32x4.mul(f, v128.load(from + k)));
}
