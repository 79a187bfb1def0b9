/** Quantities of a tensor that are reported, and the search for infinities. */
import { group, mask } from './panels';
import { ActivationKind, infinityBits, lowestBits, mantissaShift, sideBins } from './shared';
import { Tensor } from './structures';
import { chunk, laneSum } from './sums';

/** Whether every number is finite: 0 · x is 0 for a finite x and NaN otherwise. */
export function allFinite(t: Tensor): bool {
  const rows = t.rows, panels = t.panels, stride = t.stride, x = t.data;
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

@inline
function least(v: v128): f32 {
  return min(
    min(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    min(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

@inline
function largest(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** Σ x² */
export function sumOfSquares(t: Tensor): f64 {
  const rows = t.rows, panels = t.panels, stride = t.stride, x = t.data;
  let sum: f64 = 0;
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; ) {
      const stop = min(k + chunk, end);
      let part0 = f32x4.splat(0),
        part1 = f32x4.splat(0);
      for (; k < stop; k += group) {
        const v0 = v128.load(k),
          v1 = v128.load(k, 16);
        part0 = f32x4.add(part0, f32x4.mul(v0, v0));
        part1 = f32x4.add(part1, f32x4.mul(v1, v1));
      }
      sum += laneSum(part0) + laneSum(part1);
    }
  }
  return sum;
}

/**
 * Mean, biased variance, least and largest number, as four float64 to `out`. With a NaN among the numbers the mean is NaN
 * and the others are undefined.
 */
export function spread(t: Tensor, out: usize): void {
  const rows = t.rows, columns = t.columns, panels = t.panels, stride = t.stride, x = t.data;
  const count = <f64>rows * <f64>columns;
  const first = v128.load32_splat(x);
  let low = first,
    high = first;
  let sum: f64 = 0;
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    const width = min(8, columns - 8 * p);
    const in0 = mask(width, 0),
      in1 = mask(width, 4);
    for (let k = start; k < end; ) {
      const stop = min(k + chunk, end);
      let part = f32x4.splat(0);
      for (; k < stop; k += group) {
        const v0 = v128.bitselect(v128.load(k), first, in0);
        const v1 = v128.bitselect(v128.load(k, 16), first, in1);
        // Distances from the first number keep the digits of a small spread around a large mean.
        part = f32x4.add(part, f32x4.add(f32x4.sub(v0, first), f32x4.sub(v1, first)));
        low = f32x4.pmin(low, f32x4.pmin(v0, v1));
        high = f32x4.pmax(high, f32x4.pmax(v0, v1));
      }
      sum += laneSum(part);
    }
  }
  // Near the mean already; the distances from there, which cancel, give the digits that are missing.
  const near = <f32>(<f64>load<f32>(x) + sum / count);
  const center = f32x4.splat(near);
  let rest: f64 = 0;
  let squares: f64 = 0;
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    const width = min(8, columns - 8 * p);
    const in0 = mask(width, 0),
      in1 = mask(width, 4);
    for (let k = start; k < end; ) {
      const stop = min(k + chunk, end);
      let part = f32x4.splat(0),
        plain = f32x4.splat(0);
      for (; k < stop; k += group) {
        const d0 = v128.and(f32x4.sub(v128.load(k), center), in0);
        const d1 = v128.and(f32x4.sub(v128.load(k, 16), center), in1);
        part = f32x4.add(part, f32x4.add(f32x4.mul(d0, d0), f32x4.mul(d1, d1)));
        plain = f32x4.add(plain, f32x4.add(d0, d1));
      }
      squares += laneSum(part);
      rest += laneSum(plain);
    }
  }
  const off = rest / count;
  store<f64>(out, <f64>near + off);
  store<f64>(out, max<f64>(0, squares / count - off * off), 8);
  store<f64>(out, <f64>least(low), 16);
  store<f64>(out, <f64>largest(high), 24);
}

/** Slope of an activation function that saturates, given its value y; see `saturation` of `activations.ts`. */
@inline
function slopeAt(kind: ActivationKind, y: v128): v128 {
  const one = f32x4.splat(1);
  return kind === ActivationKind.sigmoid ? f32x4.mul(y, f32x4.sub(one, y)) : f32x4.sub(one, f32x4.mul(y, y));
}

/**
 * Counts of numbers that are 0, of outputs of the activation function where its slope is below `flat`, and of columns that
 * are 0 throughout, as three float64 to `out`.
 * @param flat 0 for a function that does not saturate.
 */
export function shares(t: Tensor, kind: ActivationKind, flat: f32, out: usize): void {
  const rows = t.rows, columns = t.columns, panels = t.panels, stride = t.stride, x = t.data;
  const zero = f32x4.splat(0),
    limit = f32x4.splat(flat);
  let zeros = i32x4.splat(0),
    saturated = i32x4.splat(0),
    dead = i32x4.splat(0);
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    const width = min(8, columns - 8 * p);
    for (let half: usize = 0; half < group; half += 16) {
      const inside = mask(width, <i32>(half >> 2));
      let always = inside;
      for (let k = start + half; k < end; k += group) {
        const y = v128.load(k);
        const isZero = v128.and(f32x4.eq(y, zero), inside);
        // A mask is −1 where it holds.
        zeros = i32x4.sub(zeros, isZero);
        always = v128.and(always, isZero);
        if (flat > 0) saturated = i32x4.sub(saturated, v128.and(f32x4.lt(slopeAt(kind, y), limit), inside));
      }
      dead = i32x4.sub(dead, always);
    }
  }
  store<f64>(out, <f64>laneCount(zeros));
  store<f64>(out, <f64>laneCount(saturated), 8);
  store<f64>(out, <f64>laneCount(dead), 16);
}

@inline
function laneCount(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
  );
}

/**
 * Counts of numbers in each bin of `bins.ts`, padding included, as 2 · sideBins + 2 uint32 to `out`; the last count is of NaN
 * and infinities. A second table follows during the count: the same bin often occurs twice in a row, and the second count
 * would wait for the first.
 */
export function histogram(t: Tensor, out: usize): void {
  const rows = t.rows, panels = t.panels, stride = t.stride, x = t.data;
  const table = <usize>(2 * sideBins + 2) << 2;
  memory.fill(out, 0, 2 * table);
  const magnitudes = i32x4.splat((1 << (31 - mantissaShift)) - 1),
    shift = i32x4.splat(lowestBits - 1),
    most = i32x4.splat(sideBins),
    none = i32x4.splat(0),
    infinity = i32x4.splat(infinityBits),
    lost = i32x4.splat(2 * sideBins + 1);
  for (let p = 0; p < panels; p++) {
    const start = x + <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += 16) {
      const v = v128.load(k);
      const magnitude = v128.and(i32x4.shr_u(v, mantissaShift), magnitudes);
      const sign = i32x4.shr_s(v, 31);
      const distance = i32x4.max_s(none, i32x4.min_s(most, i32x4.sub(magnitude, shift)));
      const bin = i32x4.add(most, i32x4.sub(v128.xor(distance, sign), sign));
      const slot = i32x4.shl(v128.bitselect(bin, lost, i32x4.lt_s(magnitude, infinity)), 2);
      count(out + <usize>i32x4.extract_lane(slot, 0));
      count(out + table + <usize>i32x4.extract_lane(slot, 1));
      count(out + <usize>i32x4.extract_lane(slot, 2));
      count(out + table + <usize>i32x4.extract_lane(slot, 3));
    }
  }
  for (let k = out; k < out + table; k += 4) store<u32>(k, load<u32>(k) + load<u32>(k + table));
}

@inline
function count(place: usize): void {
  store<u32>(place, load<u32>(place) + 1);
}
