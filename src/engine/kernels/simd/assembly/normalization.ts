/** Batch normalization; formulas and shapes stand in `kernels.ts`. A statistic is one a feature, or one that all share. */
import { clearPadding, group, mask } from './panels';

@inline
function laneSum(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1) +
    (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
  );
}

/**
 * Mean and biased variance of each column. Sums are of distances from the first row, so that a column of one value has
 * exactly this mean and no variance, and a small variance around a large mean keeps its digits.
 */
export function columnMoments(rows: i32, columns: i32, x: usize, stride: usize, mean: usize, variance: usize): void {
  const panels = (columns + 7) >> 3;
  const share = f32x4.splat(<f32>(1 / <f64>rows));
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    const first0 = v128.load(start), first1 = v128.load(start, 16);
    let sum0 = f32x4.splat(0), sum1 = f32x4.splat(0);
    for (let k = start; k < end; k += group) {
      sum0 = f32x4.add(sum0, f32x4.sub(v128.load(k), first0));
      sum1 = f32x4.add(sum1, f32x4.sub(v128.load(k, 16), first1));
    }
    // The mean's distance from the first row has more digits than the mean.
    const off0 = f32x4.mul(sum0, share), off1 = f32x4.mul(sum1, share);
    sum0 = f32x4.splat(0);
    sum1 = f32x4.splat(0);
    for (let k = start; k < end; k += group) {
      const d0 = f32x4.sub(f32x4.sub(v128.load(k), first0), off0);
      const d1 = f32x4.sub(f32x4.sub(v128.load(k, 16), first1), off1);
      sum0 = f32x4.add(sum0, f32x4.mul(d0, d0));
      sum1 = f32x4.add(sum1, f32x4.mul(d1, d1));
    }
    const at = <usize>p * group;
    v128.store(mean + at, f32x4.add(first0, off0));
    v128.store(mean + at, f32x4.add(first1, off1), 16);
    v128.store(variance + at, f32x4.mul(sum0, share));
    v128.store(variance + at, f32x4.mul(sum1, share), 16);
  }
}

/** Mean and biased variance of all numbers, by distances from the first one. */
export function wholeMoments(rows: i32, columns: i32, x: usize, stride: usize, mean: usize, variance: usize): void {
  const panels = (columns + 7) >> 3;
  const count = <f64>rows * <f64>columns;
  const first = v128.load32_splat(x);
  let sum: f64 = 0;
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    const width = min(8, columns - 8 * p);
    const low = mask(width, 0), high = mask(width, 4);
    let part = f32x4.splat(0);
    for (let k = start; k < end; k += group) {
      const d0 = v128.and(f32x4.sub(v128.load(k), first), low);
      const d1 = v128.and(f32x4.sub(v128.load(k, 16), first), high);
      part = f32x4.add(part, f32x4.add(d0, d1));
    }
    sum += laneSum(part);
  }
  const m = <f32>(<f64>load<f32>(x) + sum / count);
  const center = f32x4.splat(m);
  sum = 0;
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    const width = min(8, columns - 8 * p);
    const low = mask(width, 0), high = mask(width, 4);
    let part = f32x4.splat(0);
    for (let k = start; k < end; k += group) {
      const d0 = v128.and(f32x4.sub(v128.load(k), center), low);
      const d1 = v128.and(f32x4.sub(v128.load(k, 16), center), high);
      part = f32x4.add(part, f32x4.add(f32x4.mul(d0, d0), f32x4.mul(d1, d1)));
    }
    sum += laneSum(part);
  }
  store<f32>(mean, m);
  store<f32>(variance, <f32>(sum / count));
}

/** out = 1 / √(correction · variance + epsilon) */
export function inverseStd(columns: i32, variance: usize, correction: f32, epsilon: f32, out: usize): void {
  const c = f32x4.splat(correction), e = f32x4.splat(epsilon), one = f32x4.splat(1);
  const end = <usize>((columns + 7) >> 3) * group;
  for (let k: usize = 0; k < end; k += 16) {
    const v = f32x4.add(f32x4.mul(c, v128.load(variance + k)), e);
    v128.store(out + k, f32x4.div(one, f32x4.sqrt(v)));
  }
  clearPadding(out, group, 1, columns);
}

/** xHat = (x − mean) · inverseStd; y = xHat · scale + shift; `scale` and `shift` 0 for none. */
export function normalize(
  rows: i32, columns: i32, stride: usize, x: usize,
  shared: bool, mean: usize, inverseStd: usize, scale: usize, shift: usize, xHat: usize, y: usize,
): void {
  const panels = (columns + 7) >> 3;
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  for (let p = 0; p < panels; p++) {
    const at = <usize>p * group;
    const m0 = shared ? v128.load32_splat(mean) : v128.load(mean + at);
    const m1 = shared ? m0 : v128.load(mean + at, 16);
    const i0 = shared ? v128.load32_splat(inverseStd) : v128.load(inverseStd + at);
    const i1 = shared ? i0 : v128.load(inverseStd + at, 16);
    const s0 = scale ? v128.load(scale + at) : one;
    const s1 = scale ? v128.load(scale + at, 16) : one;
    const t0 = shift ? v128.load(shift + at) : zero;
    const t1 = shift ? v128.load(shift + at, 16) : zero;
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += group) {
      const h0 = f32x4.mul(f32x4.sub(v128.load(x + k), m0), i0);
      const h1 = f32x4.mul(f32x4.sub(v128.load(x + k, 16), m1), i1);
      v128.store(xHat + k, h0);
      v128.store(xHat + k, h1, 16);
      v128.store(y + k, f32x4.add(f32x4.mul(h0, s0), t0));
      v128.store(y + k, f32x4.add(f32x4.mul(h1, s1), t1), 16);
    }
  }
  if (shared) {
    clearPadding(xHat, stride, rows, columns);
    clearPadding(y, stride, rows, columns);
  }
}

/** out[c] = Σ_r a[r][c] · b[r][c], or Σ_r a[r][c] where `b` is 0. */
export function sumRows(rows: i32, columns: i32, stride: usize, a: usize, b: usize, out: usize): void {
  const panels = (columns + 7) >> 3;
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    let sum0 = f32x4.splat(0), sum1 = f32x4.splat(0);
    if (b) {
      for (let k = start; k < end; k += group) {
        sum0 = f32x4.add(sum0, f32x4.mul(v128.load(a + k), v128.load(b + k)));
        sum1 = f32x4.add(sum1, f32x4.mul(v128.load(a + k, 16), v128.load(b + k, 16)));
      }
    } else {
      for (let k = start; k < end; k += group) {
        sum0 = f32x4.add(sum0, v128.load(a + k));
        sum1 = f32x4.add(sum1, v128.load(a + k, 16));
      }
    }
    v128.store(out + <usize>p * group, sum0);
    v128.store(out + <usize>p * group, sum1, 16);
  }
}

/** dx of a normalization by statistics of each column, from the sums of dy and of dy · xHat over the rows. */
export function columnGradient(
  rows: i32, columns: i32, stride: usize, dy: usize, xHat: usize, inverseStd: usize, scale: usize,
  correction: f32, dySums: usize, dyXHatSums: usize, dx: usize,
): void {
  const panels = (columns + 7) >> 3;
  const one = f32x4.splat(1);
  const share = f32x4.splat(<f32>(1 / <f64>rows));
  const correctedShare = f32x4.splat(<f32>(<f64>correction / <f64>rows));
  for (let p = 0; p < panels; p++) {
    const at = <usize>p * group;
    // The scale is the same for all that shares a statistic, and can be taken out of the sums.
    const f0 = f32x4.mul(v128.load(inverseStd + at), scale ? v128.load(scale + at) : one);
    const f1 = f32x4.mul(v128.load(inverseStd + at, 16), scale ? v128.load(scale + at, 16) : one);
    const m0 = f32x4.mul(v128.load(dySums + at), share), m1 = f32x4.mul(v128.load(dySums + at, 16), share);
    const q0 = f32x4.mul(v128.load(dyXHatSums + at), correctedShare);
    const q1 = f32x4.mul(v128.load(dyXHatSums + at, 16), correctedShare);
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += group) {
      const d0 = f32x4.sub(f32x4.sub(v128.load(dy + k), m0), f32x4.mul(v128.load(xHat + k), q0));
      const d1 = f32x4.sub(f32x4.sub(v128.load(dy + k, 16), m1), f32x4.mul(v128.load(xHat + k, 16), q1));
      v128.store(dx + k, f32x4.mul(f0, d0));
      v128.store(dx + k, f32x4.mul(f1, d1), 16);
    }
  }
}

/** dx of a normalization by one mean and variance of all numbers, from the sums over the rows as above. */
export function wholeGradient(
  rows: i32, columns: i32, stride: usize, dy: usize, xHat: usize, inverseStd: usize, scale: usize,
  correction: f32, dySums: usize, dyXHatSums: usize, dx: usize,
): void {
  const panels = (columns + 7) >> 3;
  const one = f32x4.splat(1);
  let sum: f64 = 0;
  let product: f64 = 0;
  for (let p = 0; p < panels; p++) {
    const at = <usize>p * group;
    const s0 = scale ? v128.load(scale + at) : one;
    const s1 = scale ? v128.load(scale + at, 16) : one;
    sum += laneSum(f32x4.mul(v128.load(dySums + at), s0)) + laneSum(f32x4.mul(v128.load(dySums + at, 16), s1));
    product += laneSum(f32x4.mul(v128.load(dyXHatSums + at), s0)) + laneSum(f32x4.mul(v128.load(dyXHatSums + at, 16), s1));
  }
  const count = <f64>rows * <f64>columns;
  const m = f32x4.splat(<f32>(sum / count));
  const q = f32x4.splat(<f32>((<f64>correction * product) / count));
  const f = v128.load32_splat(inverseStd);
  for (let p = 0; p < panels; p++) {
    const at = <usize>p * group;
    const s0 = scale ? v128.load(scale + at) : one;
    const s1 = scale ? v128.load(scale + at, 16) : one;
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += group) {
      const d0 = f32x4.sub(f32x4.sub(f32x4.mul(v128.load(dy + k), s0), m), f32x4.mul(v128.load(xHat + k), q));
      const d1 = f32x4.sub(f32x4.sub(f32x4.mul(v128.load(dy + k, 16), s1), m), f32x4.mul(v128.load(xHat + k, 16), q));
      v128.store(dx + k, f32x4.mul(f, d0));
      v128.store(dx + k, f32x4.mul(f, d1), 16);
    }
  }
  clearPadding(dx, stride, rows, columns);
}

/** dx = inverseStd · scale · dy, the statistics taken for constants. */
export function detachedGradient(
  rows: i32, columns: i32, stride: usize, dy: usize, shared: bool, inverseStd: usize, scale: usize, dx: usize,
): void {
  const panels = (columns + 7) >> 3;
  const one = f32x4.splat(1);
  for (let p = 0; p < panels; p++) {
    const at = <usize>p * group;
    const i0 = shared ? v128.load32_splat(inverseStd) : v128.load(inverseStd + at);
    const i1 = shared ? i0 : v128.load(inverseStd + at, 16);
    const f0 = f32x4.mul(i0, scale ? v128.load(scale + at) : one);
    const f1 = f32x4.mul(i1, scale ? v128.load(scale + at, 16) : one);
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += group) {
      v128.store(dx + k, f32x4.mul(f0, v128.load(dy + k)));
      v128.store(dx + k, f32x4.mul(f1, v128.load(dy + k, 16)), 16);
    }
  }
}

/** running = keep · running + take · batch */
export function updateRunning(columns: i32, running: usize, batch: usize, keep: f32, take: f32): void {
  const a = f32x4.splat(keep), b = f32x4.splat(take);
  const end = <usize>((columns + 7) >> 3) * group;
  for (let k: usize = 0; k < end; k += 16) {
    v128.store(running + k, f32x4.add(f32x4.mul(a, v128.load(running + k)), f32x4.mul(b, v128.load(batch + k))));
  }
}
