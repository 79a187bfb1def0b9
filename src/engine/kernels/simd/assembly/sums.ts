/** Parts of sums that several kernels need. */
import { group } from './panels';
import { dataOf, Tensor } from './structures';

/** Bytes of 128 rows, which are summed separately: a float32 sum that has grown large would lose small terms. */
export const chunk: usize = 128 * group;

@inline
export function laneSum(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1) +
    (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
  );
}

/** out[s][c] = Σ a[r][c] · b[r][c] over the rows r of stretch s, one stretch for each row of `out`; a missing b is 1. */
export function sumRows(a: Tensor, b: Tensor | null, out: Tensor): void {
  sumStretches(out.rows, a.rows / out.rows, a.panels, a.stride, a.data, dataOf(b), out.data, out.stride);
}

/** The same for `out` at an address. */
export function sumStretches(
  stretches: i32, height: i32, panels: i32, stride: usize, a: usize, b: usize, out: usize, outStride: usize,
): void {
  const zero = f32x4.splat(0);
  for (let stretch = 0; stretch < stretches; stretch++) {
    for (let p = 0; p < panels; p++) {
      const start = <usize>p * stride + <usize>stretch * <usize>height * group;
      const end = start + <usize>height * group;
      let sum0 = zero, sum1 = zero;
      for (let k = start; k < end; ) {
        const stop = min(k + chunk, end);
        let part0 = zero, part1 = zero;
        if (b) {
          for (; k < stop; k += group) {
            part0 = f32x4.add(part0, f32x4.mul(v128.load(a + k), v128.load(b + k)));
            part1 = f32x4.add(part1, f32x4.mul(v128.load(a + k, 16), v128.load(b + k, 16)));
          }
        } else {
          for (; k < stop; k += group) {
            part0 = f32x4.add(part0, v128.load(a + k));
            part1 = f32x4.add(part1, v128.load(a + k, 16));
          }
        }
        sum0 = f32x4.add(sum0, part0);
        sum1 = f32x4.add(sum1, part1);
      }
      const to = out + <usize>p * outStride + <usize>stretch * group;
      v128.store(to, sum0);
      v128.store(to, sum1, 16);
    }
  }
}

/** plain[c] = Σ a[r][c] and products[c] = Σ a[r][c] · b[r][c] over all rows, in one pass and with the bits of `sumRows`. */
export function sumRowsBothWays(a: Tensor, b: Tensor, plain: Tensor, products: Tensor): void {
  const zero = f32x4.splat(0);
  const panels = a.panels, stride = a.stride, first = a.data, bytes = <usize>a.rows * group;
  const second = b.data - first;
  let toPlain = plain.data, toProducts = products.data;
  for (let p = 0; p < panels; p++) {
    const start = first + <usize>p * stride;
    const end = start + bytes;
    let sum0 = zero, sum1 = zero, product0 = zero, product1 = zero;
    for (let k = start; k < end; ) {
      const stop = min(k + chunk, end);
      let part0 = zero, part1 = zero, along0 = zero, along1 = zero;
      for (; k < stop; k += group) {
        const v0 = v128.load(k), v1 = v128.load(k, 16);
        part0 = f32x4.add(part0, v0);
        part1 = f32x4.add(part1, v1);
        along0 = f32x4.add(along0, f32x4.mul(v0, v128.load(k + second)));
        along1 = f32x4.add(along1, f32x4.mul(v1, v128.load(k + second, 16)));
      }
      sum0 = f32x4.add(sum0, part0);
      sum1 = f32x4.add(sum1, part1);
      product0 = f32x4.add(product0, along0);
      product1 = f32x4.add(product1, along1);
    }
    v128.store(toPlain, sum0);
    v128.store(toPlain, sum1, 16);
    v128.store(toProducts, product0);
    v128.store(toProducts, product1, 16);
    toPlain += plain.stride;
    toProducts += products.stride;
  }
}
