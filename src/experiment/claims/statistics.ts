/**
 * The statistics behind a verdict: an interval for the mean of paired differences, exact p-values without a normal distribution
 * anywhere, and Holm's correction where several claims are tested.
 */
import { streams } from '../../engine/random';

const resamples = 10_000;
/** What is left of a difference, as a share of it, when it was taken of numbers of a like size. */
const rounding = 1e-12;
/** Below, resamples are too few and too much alike for an interval. */
const fewestForInterval = 4;
/** Of so many values all lie on one side of their mean in 1 of 512 samples. */
const fewestInRange = 10;
/** Up to so many differences all 2ⁿ sign changes are counted; beyond, a random sample of them. */
const mostCounted = 20;
const sampledSigns = 200_000;

/** Overflows only where the mean itself does. */
export function mean(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (Number.isFinite(sum)) return sum / values.length;
  return values.reduce((total, value) => total + value / values.length, 0);
}

/** Of a sample: divided by n − 1. */
export function std(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/**
 * The studentized bootstrap interval of the mean (Efron & Tibshirani 1993, §12.5): with t* = (mean* − mean) / se* over
 * resamples, mean − t*(1 − α/2) · se to mean − t*(α/2) · se. It covers the mean as often as it says from some ten values on,
 * skewed ones included, where the plain percentile interval is too narrow. The resamples are seeded: the same values give the
 * same interval. One value far from all others makes resamples without it all but equal, and their t* without measure: so the
 * interval ends, from ten values on, at the least and the largest of them. That a mean around which values lie evenly has
 * all of n on one side happens in 2¹⁻ⁿ of samples.
 *
 * A resample of one value repeated has no spread: its t* is infinite unless its mean is the mean of all. Where more than
 * α/2 of the resamples are such, an end is infinite: the values are too much alike to bound their mean on that side.
 * @returns Null below four values: two give an interval without width, three one that can end at their mean. Null also
 * where an end is infinite and there are fewer than ten values.
 */
export function bootstrapInterval(values: readonly number[], level = 0.95): [low: number, high: number] | null {
  const n = values.length;
  if (n < fewestForInterval) return null;
  const unit = scaleOf(values);
  // Squares of what is scaled neither overflow nor vanish; the unit is a power of two, so that no digit changes.
  const scaled = values.map((value) => value / unit);
  const centre = mean(scaled);
  const error = std(scaled) / Math.sqrt(n);
  // Differences of equal numbers that are apart by rounding alone have no spread to be measured by.
  if (error <= rounding * Math.max(...scaled.map(Math.abs))) return [centre * unit, centre * unit];
  const stream = streams(1)('bootstrap');
  const ratios = new Float64Array(resamples);
  for (let round = 0; round < resamples; round++) {
    // Distances from the mean, so that the squares keep their digits.
    let sum = 0;
    let squares = 0;
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let k = 0; k < n; k++) {
      const distance = scaled[stream.integer(n)] - centre;
      sum += distance;
      squares += distance * distance;
      if (distance < least) least = distance;
      if (distance > most) most = distance;
    }
    const variance = least === most ? 0 : (squares - (sum * sum) / n) / (n - 1);
    // Distances that are equal but for rounding: their sum says no more than on which side they are.
    const spread = variance > 0 ? Math.sqrt(variance / n) : 0;
    if (spread > 0) ratios[round] = sum / n / spread;
    else ratios[round] = Math.abs(sum) <= rounding ? 0 : sum > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
  ratios.sort();
  const tail = (1 - level) / 2;
  const ends = [centre - quantile(ratios, 1 - tail) * error, centre - quantile(ratios, tail) * error];
  const [low, high] = ends.map((end) => end * unit);
  if (n < fewestInRange) return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null;
  return [Math.max(low, Math.min(...values)), Math.min(high, Math.max(...values))];
}

/** The power of two just below the largest size; 1 where all are 0. */
function scaleOf(values: readonly number[]): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return 1;
  // Not beyond what a power of two and its inverse can be.
  return 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
}

/** By linear interpolation between order statistics (Hyndman & Fan's type 7). */
function quantile(sorted: Float64Array, fraction: number): number {
  const at = fraction * (sorted.length - 1);
  const below = Math.floor(at);
  const above = sorted[below + 1] ?? sorted[below];
  if (at === below || sorted[below] === above || sorted[below] === Number.NEGATIVE_INFINITY) return sorted[below];
  return sorted[below] + (at - below) * (above - sorted[below]);
}

export interface SignFlipP {
  /** That a mean as large or larger comes about when each difference could as well have had the other sign. */
  greater: number;
  less: number;
  twoSided: number;
}

/** Half a unit in the last place of numbers around 1. */
const unitRoundoff = 2 ** -53;

/**
 * The sign-flip (Fisher's randomization) test of paired differences: under the hypothesis that they lie evenly around 0, each could
 * as well have had the other sign (Fisher 1935, §21). Exact up to 20 differences; beyond from a seeded sample, counted so
 * that it is never too small (Phipson & Smyth 2010).
 *
 * Changing the signs of a subset F takes 2 Σ_F d from the sum, so the sum is then as large as the observed one exactly where
 * Σ_F d ≤ 0, and, of a positive sum, as far on the other side where the sum over all others is ≤ 0: twice as many in all. Sums
 * that are equal on paper differ in their last digits, and a tie has to count. The slack for that bounds the rounding in F
 * alone, so that one difference, however large, hides nothing in the subsets without it: the result is never below the exact
 * p, and it is the exact p unless some Σ_F d is not 0, but within a few units in the last place of its largest member.
 * @param sizes Of the numbers that each difference was taken of, where they are larger than the difference: 0.93 − 0.92 has
 * the rounding of 0.93.
 */
export function signFlipTest(differences: readonly number[], sizes: readonly number[] = []): SignFlipP {
  const all = differences.map((value, k) => Math.max(Math.abs(value), sizes[k] ?? 0));
  const unit = scaleOf(all);
  const scaled = Float64Array.from(differences, (value) => value / unit);
  // Each number and each operation on it is rounded once; so is each addition to a sum.
  const slack = Float64Array.from(
    scaled,
    (value, k) => unitRoundoff * (8 * (all[k] / unit) + differences.length * Math.abs(value)),
  );
  const greater = upperTail(scaled, slack);
  const less = upperTail(
    scaled.map((value) => -value),
    slack,
  );
  const isPositive = scaled.reduce((sum, value) => sum + value, 0) >= 0;
  return { greater: greater.one, less: less.one, twoSided: isPositive ? greater.both : less.both };
}

/** Share of the sign changes with a sum at least as large as the observed one; `both`: or as far below 0, where the observed one is above. */
function upperTail(values: Float64Array, slack: Float64Array): { one: number; both: number } {
  const least = values.map((value, k) => value - slack[k]);
  if (values.length > mostCounted) return sampledTail(least, values);
  const one = notPositive(least) / 2 ** values.length;
  // A sum that may be 0 is no further from 0 than any other.
  return { one, both: sum(least) > 0 ? Math.min(1, 2 * one) : 1 };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Number of subsets whose sum is at most 0: by the sums over either half of the numbers, in their order. */
function notPositive(values: Float64Array): number {
  const half = values.length >> 1;
  const [lower, upper] = [subsetSums(values.subarray(0, half)).sort(), subsetSums(values.subarray(half)).sort()];
  let count = 0;
  let fitting = upper.length;
  for (const low of lower) {
    while (fitting > 0 && low + upper[fitting - 1] > 0) fitting--;
    count += fitting;
  }
  return count;
}

/** Of all 2ⁿ subsets: those of the first k members, once without the next one and once with it. */
function subsetSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  for (let k = 0, known = 1; k < values.length; k++, known *= 2) {
    for (let j = 0; j < known; j++) sums[known + j] = sums[j] + values[k];
  }
  return sums;
}

/** Of what was observed, and of sign changes drawn at random. @param signs Of the differences: a draw gives each a sign. */
function sampledTail(least: Float64Array, signs: Float64Array): { one: number; both: number } {
  const stream = streams(1)('signs');
  // What was observed changes no sign.
  let one = 1;
  let both = 1;
  for (let round = 0; round < sampledSigns; round++) {
    let changed = 0;
    let others = 0;
    for (let k = 0, bits = 0; k < least.length; k++) {
      if (k % 32 === 0) bits = stream.nextUint32();
      if ((bits & 1) === 1 ? signs[k] < 0 : signs[k] > 0) changed += least[k];
      else others += least[k];
      bits >>>= 1;
    }
    if (changed <= 0) one++;
    if (changed <= 0 || others <= 0) both++;
  }
  return { one: one / (sampledSigns + 1), both: both / (sampledSigns + 1) };
}

/** The two-sided sign test: twice the probability that at least `here` of `all` fall on one side when either side is as likely. */
export function signTest(here: number, all: number): number {
  // In logarithms, as 2⁻ⁿ vanishes beyond a thousand.
  let logTerm = -all * Math.LN2;
  let sum = 0;
  for (let k = all; k >= here; k--) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(k / (all - k + 1));
  }
  return Math.min(1, 2 * sum);
}

/** p-values as they count when several claims are tested at once (Holm 1979); null for those that were not tested. */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const order = values.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const corrected = values.map((): number | null => null);
  let least = 0;
  order.forEach(({ p, index }, rank) => {
    least = Math.max(least, Math.min(1, p * (order.length - rank)));
    corrected[index] = least;
  });
  return corrected;
}
