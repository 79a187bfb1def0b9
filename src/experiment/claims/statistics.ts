/**
 * The statistics behind a verdict: an interval for the mean of paired differences, exact p-values without a normal distribution
 * anywhere, and Holm's correction where several claims are tested.
 */
import { streams } from '../../engine/random';

const resamples = 10_000;
/** What is left of a difference, as a share of it, when it was taken of numbers of a like size. */
const rounding = 1e-12;
/** Up to so many differences all 2ⁿ sign changes are counted; beyond, a random sample of them. */
const mostCounted = 20;
const sampledSigns = 200_000;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
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
 * same interval.
 * @param values At least 2.
 */
export function bootstrapInterval(values: readonly number[], level = 0.95): [low: number, high: number] {
  const centre = mean(values);
  const error = std(values) / Math.sqrt(values.length);
  // Differences of equal numbers that are apart by rounding alone have no spread to be measured by.
  if (error <= rounding * Math.max(...values.map(Math.abs))) return [centre, centre];
  const stream = streams(1)('bootstrap');
  const found = new Float64Array(resamples);
  let count = 0;
  const n = values.length;
  for (let round = 0; round < resamples; round++) {
    // Distances from the mean, so that the squares keep their digits.
    let sum = 0;
    let squares = 0;
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let k = 0; k < n; k++) {
      const distance = values[stream.integer(n)] - centre;
      sum += distance;
      squares += distance * distance;
      if (distance < least) least = distance;
      if (distance > most) most = distance;
    }
    // All the same value: nothing to measure its distance by.
    if (least === most) continue;
    const variance = (squares - (sum * sum) / n) / (n - 1);
    if (variance > 0) found[count++] = sum / n / Math.sqrt(variance / n);
  }
  const ratios = found.subarray(0, count).sort();
  const tail = (1 - level) / 2;
  return [centre - quantile(ratios, 1 - tail) * error, centre - quantile(ratios, tail) * error];
}

/** By linear interpolation between order statistics (Hyndman & Fan's type 7). */
function quantile(sorted: Float64Array, fraction: number): number {
  const at = fraction * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (at - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

export interface SignFlipP {
  /** That a mean as large or larger comes about when each difference could as well have had the other sign. */
  greater: number;
  less: number;
  twoSided: number;
}

/**
 * The sign-flip (Fisher's randomization) test of paired differences: under the hypothesis that they lie evenly around 0, each could
 * as well have had the other sign (Fisher 1935, §21). Exact up to 20 differences; beyond from a seeded sample, counted so
 * that it is never too small (Phipson & Smyth 2010).
 */
export function signFlipTest(differences: readonly number[]): SignFlipP {
  const sizes = Float64Array.from(differences, Math.abs);
  const observed = differences.reduce((sum, value) => sum + value, 0);
  // Sums that are equal on paper differ in their last digits.
  const slack = 1e-9 * sizes.reduce((sum, size) => sum + size, 0);
  const sums = sizes.length <= mostCounted ? countedSums(sizes) : sampledSums(sizes, observed);
  let greater = 0;
  let less = 0;
  let beyond = 0;
  for (let k = 0; k < sums.length; k++) {
    if (sums[k] >= observed - slack) greater++;
    if (sums[k] <= observed + slack) less++;
    if (Math.abs(sums[k]) >= Math.abs(observed) - slack) beyond++;
  }
  return { greater: greater / sums.length, less: less / sums.length, twoSided: beyond / sums.length };
}

/** The sums under all 2ⁿ sign changes: those of the first k numbers, once with the next one added and once without it. */
function countedSums(sizes: Float64Array): Float64Array {
  const sums = new Float64Array(2 ** sizes.length);
  for (let k = 0, known = 1; k < sizes.length; k++, known *= 2) {
    for (let j = 0; j < known; j++) {
      sums[known + j] = sums[j] - sizes[k];
      sums[j] += sizes[k];
    }
  }
  return sums;
}

/** The observed sum, and those under sign changes drawn at random. */
function sampledSums(sizes: Float64Array, observed: number): Float64Array {
  const sums = new Float64Array(sampledSigns + 1);
  sums[0] = observed;
  const stream = streams(1)('signs');
  for (let round = 1; round < sums.length; round++) {
    for (let k = 0, bits = 0; k < sizes.length; k++) {
      if (k % 32 === 0) bits = stream.nextUint32();
      sums[round] += bits & 1 ? sizes[k] : -sizes[k];
      bits >>>= 1;
    }
  }
  return sums;
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
