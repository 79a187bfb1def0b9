/**
 * Normalization; `kernels.ts` has formulas and shapes. Statistics are [stretches × groups]: the rows fall into stretches of
 * `height` rows, the columns into groups of `width` columns. Where each column has its own statistic (`width` 1), sums are
 * taken column by column, else over the numbers of stretch and group.
 */
import { clearPadding, group, mask } from './panels';
import { Deviation } from './shared';
import { dataOf, Tensor } from './structures';
import { chunk, laneSum, sumRows, sumRowsBothWays, sumStretches } from './sums';

const halfPi: f32 = 1.5707963267948966;

@inline
function sign(v: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  return f32x4.sub(v128.and(f32x4.gt(v, zero), one), v128.and(f32x4.lt(v, zero), one));
}

/** All bits of the lanes of panel `p`, from lane `first` on, that hold columns `from` … `to − 1`. */
@inline
function between(from: i32, to: i32, p: i32, first: i32): v128 {
  return v128.andnot(mask(to - 8 * p, first), mask(from - 8 * p, first));
}

/** The statistics of four columns of a stretch, from lane `first` of panel `p` on. */
@inline
function lanes(s: usize, stride: usize, stretch: i32, p: i32, first: i32, width: i32, columns: i32): v128 {
  const row = s + <usize>stretch * group;
  if (width === 1) return v128.load(row + <usize>p * stride + (<usize>first << 2));
  if (width === columns) return v128.load32_splat(row);
  const begin = 8 * p + first;
  let v = f32x4.splat(0);
  for (let g = begin / width, end = min(begin + 3, columns - 1) / width; g <= end; g++) {
    const value = v128.load32_splat(row + <usize>(g >> 3) * stride + (<usize>(g & 7) << 2));
    v = v128.bitselect(value, v, between(g * width, (g + 1) * width, p, first));
  }
  return v;
}

@inline
function place(s: usize, stride: usize, stretch: i32, g: i32): usize {
  return s + <usize>(g >> 3) * stride + <usize>stretch * group + (<usize>(g & 7) << 2);
}

/**
 * Mean and variance of the numbers that share a statistic. The absolute deviation is implemented for single columns only.
 */
export function moments(x: Tensor, deviation: Deviation, mean: Tensor, variance: Tensor): void {
  const stretches = mean.rows, height = x.rows / stretches, columns = x.columns, width = columns / mean.columns;
  if (width === 1) {
    columnMoments(stretches, height, columns, x.data, x.stride, deviation, mean.data, variance.data, mean.stride);
  } else {
    groupMoments(stretches, height, columns, width, x.data, x.stride, deviation, mean.data, variance.data, mean.stride);
  }
}

/**
 * Mean and variance of each column in each stretch. Sums are of distances from the first row, so that a column of one
 * value has exactly this mean and no variance, and a small variance around a large mean keeps its digits.
 */
function columnMoments(
  stretches: i32, height: i32, columns: i32, x: usize, stride: usize,
  deviation: Deviation, mean: usize, variance: usize, statisticsStride: usize,
): void {
  const panels = (columns + 7) >> 3;
  const share = f32x4.splat(<f32>(1 / <f64>height));
  const zero = f32x4.splat(0);
  for (let stretch = 0; stretch < stretches; stretch++) {
    for (let p = 0; p < panels; p++) {
      const start = x + <usize>p * stride + <usize>stretch * <usize>height * group;
      const end = start + <usize>height * group;
      const at = <usize>p * statisticsStride + <usize>stretch * group;
      let first0 = zero, first1 = zero, off0 = zero, off1 = zero;
      if (deviation !== Deviation.squaresFromZero) {
        first0 = v128.load(start);
        first1 = v128.load(start, 16);
        let sum0 = zero, sum1 = zero;
        for (let k = start; k < end; ) {
          const stop = min(k + chunk, end);
          let part0 = zero, part1 = zero;
          for (; k < stop; k += group) {
            part0 = f32x4.add(part0, f32x4.sub(v128.load(k), first0));
            part1 = f32x4.add(part1, f32x4.sub(v128.load(k, 16), first1));
          }
          sum0 = f32x4.add(sum0, part0);
          sum1 = f32x4.add(sum1, part1);
        }
        // The mean's distance from the first row has more digits than the mean.
        off0 = f32x4.mul(sum0, share);
        off1 = f32x4.mul(sum1, share);
      }
      let sum0 = zero, sum1 = zero;
      for (let k = start; k < end; ) {
        const stop = min(k + chunk, end);
        let part0 = zero, part1 = zero;
        for (; k < stop; k += group) {
          const d0 = f32x4.sub(f32x4.sub(v128.load(k), first0), off0);
          const d1 = f32x4.sub(f32x4.sub(v128.load(k, 16), first1), off1);
          part0 = f32x4.add(part0, deviation === Deviation.absolute ? f32x4.abs(d0) : f32x4.mul(d0, d0));
          part1 = f32x4.add(part1, deviation === Deviation.absolute ? f32x4.abs(d1) : f32x4.mul(d1, d1));
        }
        sum0 = f32x4.add(sum0, part0);
        sum1 = f32x4.add(sum1, part1);
      }
      sum0 = f32x4.mul(sum0, share);
      sum1 = f32x4.mul(sum1, share);
      if (deviation === Deviation.absolute) {
        const factor = f32x4.splat(halfPi);
        sum0 = f32x4.mul(factor, f32x4.mul(sum0, sum0));
        sum1 = f32x4.mul(factor, f32x4.mul(sum1, sum1));
      }
      v128.store(mean + at, f32x4.add(first0, off0));
      v128.store(mean + at, f32x4.add(first1, off1), 16);
      v128.store(variance + at, sum0);
      v128.store(variance + at, sum1, 16);
    }
  }
}

/** Mean and variance of each group of columns in each stretch, by distances from the first number. */
function groupMoments(
  stretches: i32, height: i32, columns: i32, width: i32, x: usize, stride: usize,
  deviation: Deviation, mean: usize, variance: usize, statisticsStride: usize,
): void {
  const groups = columns / width;
  const count = <f64>height * <f64>width;
  const zero = f32x4.splat(0);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const rows = x + <usize>stretch * <usize>height * group;
    for (let g = 0; g < groups; g++) {
      const from = g * width, to = from + width;
      const firstPanel = from >> 3, lastPanel = (to - 1) >> 3;
      const first = load<f32>(rows + <usize>firstPanel * stride + (<usize>(from & 7) << 2));
      let m: f32 = 0;
      if (deviation !== Deviation.squaresFromZero) {
        const origin = f32x4.splat(first);
        let sum: f64 = 0;
        for (let p = firstPanel; p <= lastPanel; p++) {
          const start = rows + <usize>p * stride;
          const end = start + <usize>height * group;
          const low = between(from, to, p, 0), high = between(from, to, p, 4);
          for (let k = start; k < end; ) {
            const stop = min(k + chunk, end);
            let part = zero;
            for (; k < stop; k += group) {
              const d0 = v128.and(f32x4.sub(v128.load(k), origin), low);
              const d1 = v128.and(f32x4.sub(v128.load(k, 16), origin), high);
              part = f32x4.add(part, f32x4.add(d0, d1));
            }
            sum += laneSum(part);
          }
        }
        m = <f32>(<f64>first + sum / count);
      }
      const center = f32x4.splat(m);
      let sum: f64 = 0;
      for (let p = firstPanel; p <= lastPanel; p++) {
        const start = rows + <usize>p * stride;
        const end = start + <usize>height * group;
        const low = between(from, to, p, 0), high = between(from, to, p, 4);
        for (let k = start; k < end; ) {
          const stop = min(k + chunk, end);
          let part = zero;
          for (; k < stop; k += group) {
            const d0 = v128.and(f32x4.sub(v128.load(k), center), low);
            const d1 = v128.and(f32x4.sub(v128.load(k, 16), center), high);
            part = f32x4.add(part, f32x4.add(f32x4.mul(d0, d0), f32x4.mul(d1, d1)));
          }
          sum += laneSum(part);
        }
      }
      store<f32>(place(mean, statisticsStride, stretch, g), m);
      store<f32>(place(variance, statisticsStride, stretch, g), <f32>(sum / count));
    }
  }
}

/** inverseStd = 1 / √(correction · variance + epsilon) */
export function inverseStd(variance: Tensor, correction: f32, epsilon: f32, inverseStd: Tensor): void {
  const stretches = variance.rows, groups = variance.columns, panels = variance.panels, stride = variance.stride;
  const from = variance.data, out = inverseStd.data;
  const c = f32x4.splat(correction), e = f32x4.splat(epsilon), one = f32x4.splat(1);
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>stretches * group;
    for (let k = start; k < end; k += 16) {
      const v = f32x4.add(f32x4.mul(c, v128.load(from + k)), e);
      v128.store(out + k, f32x4.div(one, f32x4.sqrt(v)));
    }
  }
  clearPadding(out, stride, stretches, groups);
}

/** xHat = (x − mean) · inverseStd; y = xHat · scale + shift; a missing scale is 1, a missing shift 0. */
export function normalize(
  x: Tensor, mean: Tensor, inverseStd: Tensor, scale: Tensor | null, shift: Tensor | null, xHat: Tensor, y: Tensor,
): void {
  const columns = x.columns, panels = x.panels, stride = x.stride, from = x.data, hats = xHat.data, to = y.data;
  const stretches = mean.rows, height = x.rows / stretches, width = columns / mean.columns;
  const means = mean.data, inverses = inverseStd.data, statisticsStride = mean.stride;
  const scales = dataOf(scale), shifts = dataOf(shift);
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  for (let p = 0; p < panels; p++) {
    const at = <usize>p * group;
    const s0 = scales ? v128.load(scales + at) : one;
    const s1 = scales ? v128.load(scales + at, 16) : one;
    const t0 = shifts ? v128.load(shifts + at) : zero;
    const t1 = shifts ? v128.load(shifts + at, 16) : zero;
    for (let stretch = 0; stretch < stretches; stretch++) {
      const m0 = lanes(means, statisticsStride, stretch, p, 0, width, columns);
      const m1 = lanes(means, statisticsStride, stretch, p, 4, width, columns);
      const i0 = lanes(inverses, statisticsStride, stretch, p, 0, width, columns);
      const i1 = lanes(inverses, statisticsStride, stretch, p, 4, width, columns);
      const start = <usize>p * stride + <usize>stretch * <usize>height * group;
      const end = start + <usize>height * group;
      for (let k = start; k < end; k += group) {
        const h0 = f32x4.mul(f32x4.sub(v128.load(from + k), m0), i0);
        const h1 = f32x4.mul(f32x4.sub(v128.load(from + k, 16), m1), i1);
        const y0 = f32x4.add(f32x4.mul(h0, s0), t0);
        const y1 = f32x4.add(f32x4.mul(h1, s1), t1);
        v128.store(hats + k, h0);
        v128.store(hats + k, h1, 16);
        v128.store(to + k, y0);
        v128.store(to + k, y1, 16);
      }
    }
  }
  if (width > 1) {
    clearPadding(hats, stride, stretches * height, columns);
    clearPadding(to, stride, stretches * height, columns);
  }
}

/**
 * Gradients of x, scale and shift; `kernels.ts` has the formulas.
 * @param scratch Room for two tensors of statistics.
 */
export function normalizeGradient(
  dy: Tensor, xHat: Tensor, inverseStd: Tensor, scale: Tensor | null,
  throughStatistics: bool, correction: f32, deviation: Deviation,
  dx: Tensor, dScale: Tensor | null, dShift: Tensor | null, scratch: usize,
): void {
  if (dScale && dShift) {
    sumRowsBothWays(dy, xHat, dShift, dScale);
  } else {
    if (dScale) sumRows(dy, xHat, dScale);
    if (dShift) sumRows(dy, null, dShift);
  }
  const columns = dy.columns, panels = dy.panels, stride = dy.stride, gradients = dy.data, hats = xHat.data, to = dx.data;
  const stretches = inverseStd.rows, height = dy.rows / stretches, width = columns / inverseStd.columns;
  const inverses = inverseStd.data, statisticsStride = inverseStd.stride, scales = dataOf(scale);
  if (!throughStatistics) {
    detachedGradient(
      stretches, height, columns, width, stride, gradients, inverses, statisticsStride, scales, to,
    );
    return;
  }
  let dySums = scratch, dyXHatSums = scratch + inverseStd.bytes;
  if (width > 1) {
    groupGradient(
      stretches, height, columns, width, stride, gradients, hats, inverses, dySums, dyXHatSums, statisticsStride,
      scales, correction, deviation, to,
    );
    return;
  }
  // Where all rows are one stretch, the sums needed for dx are the gradients of scale and shift.
  if (stretches === 1 && dShift) dySums = dShift.data;
  else sumStretches(stretches, height, panels, stride, gradients, 0, dySums, statisticsStride);
  if (stretches === 1 && dScale) dyXHatSums = dScale.data;
  else sumStretches(stretches, height, panels, stride, gradients, hats, dyXHatSums, statisticsStride);
  columnGradient(
    stretches, height, columns, stride, gradients, hats, inverses, dySums, dyXHatSums, statisticsStride,
    scales, correction, deviation, to,
  );
}

/** dx where each column has its own statistics, from the sums of dy and of dy · xHat over the rows of each stretch. */
function columnGradient(
  stretches: i32, height: i32, columns: i32, stride: usize, dy: usize, xHat: usize,
  inverseStd: usize, dySums: usize, dyXHatSums: usize, statisticsStride: usize,
  scale: usize, correction: f32, deviation: Deviation, dx: usize,
): void {
  const panels = (columns + 7) >> 3;
  const one = f32x4.splat(1);
  const share = f32x4.splat(<f32>(1 / <f64>height));
  const correctedShare = f32x4.splat(<f32>(<f64>correction / <f64>height));
  for (let p = 0; p < panels; p++) {
    const s0 = scale ? v128.load(scale + <usize>p * group) : one;
    const s1 = scale ? v128.load(scale + <usize>p * group, 16) : one;
    for (let stretch = 0; stretch < stretches; stretch++) {
      const at = <usize>p * statisticsStride + <usize>stretch * group;
      // The scale is the same for all that shares a statistic, and can be taken out of the sums.
      const f0 = f32x4.mul(v128.load(inverseStd + at), s0);
      const f1 = f32x4.mul(v128.load(inverseStd + at, 16), s1);
      let m0 = f32x4.mul(v128.load(dySums + at), share), m1 = f32x4.mul(v128.load(dySums + at, 16), share);
      let q0 = f32x4.mul(v128.load(dyXHatSums + at), correctedShare);
      let q1 = f32x4.mul(v128.load(dyXHatSums + at, 16), correctedShare);
      const start = <usize>p * stride + <usize>stretch * <usize>height * group;
      const end = start + <usize>height * group;
      if (deviation === Deviation.squaresFromZero) {
        m0 = f32x4.splat(0);
        m1 = m0;
      }
      if (deviation === Deviation.absolute) {
        let size0 = f32x4.splat(0), size1 = size0, signs0 = size0, signs1 = size0;
        for (let k = start; k < end; k += group) {
          const h0 = v128.load(xHat + k), h1 = v128.load(xHat + k, 16);
          size0 = f32x4.add(size0, f32x4.abs(h0));
          size1 = f32x4.add(size1, f32x4.abs(h1));
          signs0 = f32x4.add(signs0, sign(h0));
          signs1 = f32x4.add(signs1, sign(h1));
        }
        const factor = f32x4.mul(share, f32x4.splat(halfPi));
        q0 = f32x4.mul(q0, f32x4.mul(size0, factor));
        q1 = f32x4.mul(q1, f32x4.mul(size1, factor));
        m0 = f32x4.sub(m0, f32x4.mul(q0, f32x4.mul(signs0, share)));
        m1 = f32x4.sub(m1, f32x4.mul(q1, f32x4.mul(signs1, share)));
        for (let k = start; k < end; k += group) {
          const d0 = f32x4.sub(f32x4.sub(v128.load(dy + k), m0), f32x4.mul(sign(v128.load(xHat + k)), q0));
          const d1 = f32x4.sub(f32x4.sub(v128.load(dy + k, 16), m1), f32x4.mul(sign(v128.load(xHat + k, 16)), q1));
          v128.store(dx + k, f32x4.mul(f0, d0));
          v128.store(dx + k, f32x4.mul(f1, d1), 16);
        }
        continue;
      }
      for (let k = start; k < end; k += group) {
        const d0 = f32x4.sub(f32x4.sub(v128.load(dy + k), m0), f32x4.mul(v128.load(xHat + k), q0));
        const d1 = f32x4.sub(f32x4.sub(v128.load(dy + k, 16), m1), f32x4.mul(v128.load(xHat + k, 16), q1));
        v128.store(dx + k, f32x4.mul(f0, d0));
        v128.store(dx + k, f32x4.mul(f1, d1), 16);
      }
    }
  }
}

/** dx where groups of columns share statistics; `sums` and `products` have room for as many statistics. */
function groupGradient(
  stretches: i32, height: i32, columns: i32, width: i32, stride: usize, dy: usize, xHat: usize,
  inverseStd: usize, sums: usize, products: usize, statisticsStride: usize,
  scale: usize, correction: f32, deviation: Deviation, dx: usize,
): void {
  const panels = (columns + 7) >> 3;
  const groups = columns / width;
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  const count = <f64>height * <f64>width;
  for (let stretch = 0; stretch < stretches; stretch++) {
    const offset = <usize>stretch * <usize>height * group;
    for (let g = 0; g < groups; g++) {
      const from = g * width, to = from + width;
      let sum: f64 = 0, product: f64 = 0;
      for (let p = from >> 3; p <= (to - 1) >> 3; p++) {
        const s0 = v128.and(scale ? v128.load(scale + <usize>p * group) : one, between(from, to, p, 0));
        const s1 = v128.and(scale ? v128.load(scale + <usize>p * group, 16) : one, between(from, to, p, 4));
        const start = <usize>p * stride + offset;
        const end = start + <usize>height * group;
        for (let k = start; k < end; ) {
          const stop = min(k + chunk, end);
          let plain = zero, along = zero;
          for (; k < stop; k += group) {
            const g0 = f32x4.mul(v128.load(dy + k), s0);
            const g1 = f32x4.mul(v128.load(dy + k, 16), s1);
            plain = f32x4.add(plain, f32x4.add(g0, g1));
            along = f32x4.add(along, f32x4.add(f32x4.mul(g0, v128.load(xHat + k)), f32x4.mul(g1, v128.load(xHat + k, 16))));
          }
          sum += laneSum(plain);
          product += laneSum(along);
        }
      }
      store<f32>(place(sums, statisticsStride, stretch, g), deviation === Deviation.squaresFromZero ? 0 : <f32>(sum / count));
      store<f32>(place(products, statisticsStride, stretch, g), <f32>((<f64>correction * product) / count));
    }
    for (let p = 0; p < panels; p++) {
      const s0 = scale ? v128.load(scale + <usize>p * group) : one;
      const s1 = scale ? v128.load(scale + <usize>p * group, 16) : one;
      const f0 = lanes(inverseStd, statisticsStride, stretch, p, 0, width, columns);
      const f1 = lanes(inverseStd, statisticsStride, stretch, p, 4, width, columns);
      const m0 = lanes(sums, statisticsStride, stretch, p, 0, width, columns);
      const m1 = lanes(sums, statisticsStride, stretch, p, 4, width, columns);
      const q0 = lanes(products, statisticsStride, stretch, p, 0, width, columns);
      const q1 = lanes(products, statisticsStride, stretch, p, 4, width, columns);
      const start = <usize>p * stride + offset;
      const end = start + <usize>height * group;
      for (let k = start; k < end; k += group) {
        const d0 = f32x4.sub(f32x4.sub(f32x4.mul(v128.load(dy + k), s0), m0), f32x4.mul(v128.load(xHat + k), q0));
        const d1 = f32x4.sub(f32x4.sub(f32x4.mul(v128.load(dy + k, 16), s1), m1), f32x4.mul(v128.load(xHat + k, 16), q1));
        v128.store(dx + k, f32x4.mul(f0, d0));
        v128.store(dx + k, f32x4.mul(f1, d1), 16);
      }
    }
  }
  clearPadding(dx, stride, stretches * height, columns);
}

/** dx = inverseStd · scale · dy, with the statistics as constants. */
function detachedGradient(
  stretches: i32, height: i32, columns: i32, width: i32, stride: usize, dy: usize,
  inverseStd: usize, statisticsStride: usize, scale: usize, dx: usize,
): void {
  const panels = (columns + 7) >> 3;
  const one = f32x4.splat(1);
  for (let p = 0; p < panels; p++) {
    const s0 = scale ? v128.load(scale + <usize>p * group) : one;
    const s1 = scale ? v128.load(scale + <usize>p * group, 16) : one;
    for (let stretch = 0; stretch < stretches; stretch++) {
      const f0 = f32x4.mul(lanes(inverseStd, statisticsStride, stretch, p, 0, width, columns), s0);
      const f1 = f32x4.mul(lanes(inverseStd, statisticsStride, stretch, p, 4, width, columns), s1);
      const start = <usize>p * stride + <usize>stretch * <usize>height * group;
      const end = start + <usize>height * group;
      for (let k = start; k < end; k += group) {
        v128.store(dx + k, f32x4.mul(f0, v128.load(dy + k)));
        v128.store(dx + k, f32x4.mul(f1, v128.load(dy + k, 16)), 16);
      }
    }
  }
}

/** running = (1 − momentum) · running + momentum · factor · batch, for each row of `batch` in turn. */
export function updateRunning(running: Tensor, batch: Tensor, momentum: f64, factor: f64): void {
  const stretches = batch.rows, panels = batch.panels, stride = batch.stride, from = batch.data;
  const runningStride = running.stride, data = running.data;
  const a = f32x4.splat(<f32>(1 - momentum)), b = f32x4.splat(<f32>(momentum * factor));
  for (let p = 0; p < panels; p++) {
    const to = data + <usize>p * runningStride;
    for (let half: usize = 0; half < group; half += 16) {
      let v = v128.load(to + half);
      const start = from + <usize>p * stride + half;
      for (let k = start; k < start + <usize>stretches * group; k += group) {
        v = f32x4.add(f32x4.mul(a, v), f32x4.mul(b, v128.load(k)));
      }
      v128.store(to + half, v);
    }
  }
}
