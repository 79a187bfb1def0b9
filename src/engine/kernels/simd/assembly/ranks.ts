/**
 * Order statistics of a sample. Its numbers are counted into bins of equal width, and only the bin in which a rank falls is
 * looked at closer. Everything is compared as integers of the same order, so that whatever the bins, the result is exact.
 */

import { Tensor } from './structures';

/** Bins between the least and the largest number. */
const bins: i32 = 256;
/** What falls into one bin is sorted if it is no more than this, and halved in otherwise. */
const few: i32 = 48;
/** What fills the sample up to a multiple of 16: larger than all numbers. */
const filling: i32 = i32.MAX_VALUE;

/** Keys of the infinities: all numbers lie between them, and NaN beyond. */
const negativeInfinity: i32 = 0x807fffff;
const infinity: i32 = 0x7f800000;

/** Where the sample of the newest call lies: its keys, the bin of each in a byte, and how many are in each bin or below. */
let keys: usize = 0;
let places: usize = 0;
let counts: usize = 0;
let size: i32 = 0;
/** The numbers of one bin, −1 for none: sorted where they are few, and else with their range. */
let cached: usize = 0;
let cachedBin: i32 = -1;
let cachedSize: i32 = 0;
let cachedLeast: i32 = 0;
let cachedMost: i32 = 0;

/** A float32 as an integer of the same order, and back: the bits of negative ones are turned round. */
@inline
function key(v: v128): v128 {
  return v128.xor(v, i32x4.shr_u(i32x4.shr_s(v, 31), 1));
}

@inline
function numberOf(key: i32): f32 {
  return reinterpret<f32>(key ^ ((key >> 31) >>> 1));
}

/** Bytes that `orderStatistics` needs as scratch for a sample of `count` numbers, padding included. */
export function orderStatisticsScratch(count: i32): usize {
  return (<usize>count << 2) + (<usize>bins << 2) + (<usize>count << 2) + <usize>count;
}

/**
 * The numbers of three ranks, each followed by the next larger one, as six float32 to `out`. A NaN ranks above or below all
 * numbers.
 * @param offsets Bytes from the first number of `t` to each number of the sample; their count is a multiple of 16.
 * @param padding Count of offsets at the end that do not belong to the sample.
 */
export function orderStatistics(
  t: Tensor, offsets: usize, count: i32, padding: i32, scratch: usize, low: i32, middle: i32, high: i32, out: usize,
): void {
  const x = t.data;
  size = count;
  keys = scratch;
  counts = keys + (<usize>count << 2);
  cached = counts + (<usize>bins << 2);
  places = cached + (<usize>count << 2);
  const bytes = <usize>count << 2;
  for (let k: usize = 0; k < bytes; k += 16) {
    let v = v128.load32_splat(x + <usize>load<u32>(offsets + k));
    v = f32x4.replace_lane(v, 1, load<f32>(x + <usize>load<u32>(offsets + k, 4)));
    v = f32x4.replace_lane(v, 2, load<f32>(x + <usize>load<u32>(offsets + k, 8)));
    v = f32x4.replace_lane(v, 3, load<f32>(x + <usize>load<u32>(offsets + k, 12)));
    v128.store(keys + k, key(v));
  }
  for (let k = count - padding; k < count; k++) store<i32>(keys + (<usize>k << 2), filling);
  sort(padding);
  const last = count - padding - 1;
  store<f32>(out, numberOf(ofRank(low)));
  store<f32>(out, numberOf(ofRank(min(low + 1, last))), 4);
  store<f32>(out, numberOf(ofRank(middle)), 8);
  store<f32>(out, numberOf(ofRank(min(middle + 1, last))), 12);
  store<f32>(out, numberOf(ofRank(high)), 16);
  store<f32>(out, numberOf(ofRank(min(high + 1, last))), 20);
}

/** Counts the sample into bins. With a NaN or an infinity in it all goes into one. */
function sort(padding: i32): void {
  const end = keys + (<usize>size << 2);
  const fill = i32x4.splat(filling);
  let low = fill, high = i32x4.splat(i32.MIN_VALUE);
  for (let k = keys; k < end; k += 16) {
    const v = v128.load(k);
    low = i32x4.min_s(low, v);
    high = i32x4.max_s(high, v128.bitselect(i32x4.splat(i32.MIN_VALUE), v, i32x4.eq(v, fill)));
  }
  const least = min(min(i32x4.extract_lane(low, 0), i32x4.extract_lane(low, 1)), min(i32x4.extract_lane(low, 2), i32x4.extract_lane(low, 3)));
  const most = max(max(i32x4.extract_lane(high, 0), i32x4.extract_lane(high, 1)), max(i32x4.extract_lane(high, 2), i32x4.extract_lane(high, 3)));
  const origin = numberOf(least);
  const sound = least > negativeInfinity && most < infinity;
  // Where the width is 0 or too large for a float32 the factor is infinite, no number, or 0: the order of the bins stays right.
  const factor = f32x4.splat(sound ? <f32>bins / (numberOf(most) - origin) : 0);
  const from = f32x4.splat(sound ? origin : 0);
  const highest = i32x4.splat(bins - 1), none = i32x4.splat(0);
  memory.fill(counts, 0, <usize>bins << 2);
  let place = places;
  for (let k = keys; k < end; k += 64) {
    const b0 = binsOf(v128.load(k), from, factor, highest, none);
    const b1 = binsOf(v128.load(k, 16), from, factor, highest, none);
    const b2 = binsOf(v128.load(k, 32), from, factor, highest, none);
    const b3 = binsOf(v128.load(k, 48), from, factor, highest, none);
    const low = i16x8.narrow_i32x4_u(b0, b1), high = i16x8.narrow_i32x4_u(b2, b3);
    v128.store(place, i8x16.narrow_i16x8_u(low, high));
    place += 16;
  }
  const numbers = size - padding;
  for (let k = 0; k < numbers; k++) {
    const count = counts + (<usize>load<u8>(places + <usize>k) << 2);
    store<i32>(count, load<i32>(count) + 1);
  }
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) {
    sum += load<i32>(counts + (<usize>bin << 2));
    store<i32>(counts + (<usize>bin << 2), sum);
  }
  cachedBin = -1;
}

@inline
function binsOf(k: v128, from: v128, factor: v128, highest: v128, none: v128): v128 {
  const distance = f32x4.mul(f32x4.sub(key(k), from), factor);
  return i32x4.max_s(none, i32x4.min_s(highest, i32x4.trunc_sat_f32x4_s(distance)));
}

/** The key of a rank, counted from 0. */
function ofRank(rank: i32): i32 {
  let bin = 0;
  for (let step = bins >> 1; step > 0; step >>= 1) {
    if (load<i32>(counts + (<usize>(bin + step - 1) << 2)) <= rank) bin += step;
  }
  if (bin !== cachedBin) cacheBin(bin);
  const below = bin > 0 ? load<i32>(counts + (<usize>(bin - 1) << 2)) : 0;
  return cachedSize > few ? halved(rank - below) : load<i32>(cached + (<usize>(rank - below) << 2));
}

/** Extracts the numbers of a bin from the sample, followed by padding, which is only in the last bin. */
function cacheBin(bin: i32): void {
  cachedBin = bin;
  const wanted = i8x16.splat(<i8>bin);
  let to = cached;
  for (let k = 0; k < size; k += 16) {
    const from = keys + (<usize>k << 2);
    for (let found = i8x16.bitmask(i8x16.eq(v128.load(places + <usize>k), wanted)); found !== 0; found &= found - 1) {
      store<i32>(to, load<i32>(from + (<usize>ctz(found) << 2)));
      to += 4;
    }
  }
  cachedSize = <i32>((to - cached) >> 2);
  if (cachedSize > few) {
    cachedLeast = cachedMost = load<i32>(cached);
    for (let k = cached; k < to; k += 4) {
      const v = load<i32>(k);
      cachedLeast = min(cachedLeast, v);
      cachedMost = max(cachedMost, v);
    }
    return;
  }
  for (let k = cached + 4; k < to; k += 4) {
    const v = load<i32>(k);
    let hole = k;
    while (hole > cached && load<i32>(hole - 4) > v) {
      store<i32>(hole, load<i32>(hole - 4));
      hole -= 4;
    }
    store<i32>(hole, v);
  }
}

/** The same among many: the least number that as many are not larger than, one bit after the other. */
function halved(rank: i32): i32 {
  const end = cached + (<usize>(cachedSize & ~3) << 2), last = cached + (<usize>cachedSize << 2);
  let low = cachedLeast, high = cachedMost;
  while (low < high) {
    // The middle, rounded down, without overflow.
    const middle = (low & high) + ((low ^ high) >> 1);
    const limit = i32x4.splat(middle);
    let sums = i32x4.splat(0);
    for (let k = cached; k < end; k += 16) sums = i32x4.sub(sums, i32x4.le_s(v128.load(k), limit));
    let count =
      i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) +
      (i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3));
    for (let k = end; k < last; k += 4) count += i32(load<i32>(k) <= middle);
    if (count > rank) high = middle;
    else low = middle + 1;
  }
  return low;
}
