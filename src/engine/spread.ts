/** Descriptive statistics of the numbers in a tensor, for the probes. All variances are biased (÷ count). */

export interface Spread {
  mean: number;
  variance: number;
  std: number;
  min: number;
  max: number;
}

/** Computes mean, variance and range in two passes. Any NaN makes all of them NaN. */
export function spread(values: ArrayLike<number>): Spread {
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) {
    const v = values[k];
    sum += v;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  const mean = sum / values.length;
  if (Number.isNaN(mean)) return { mean, variance: mean, std: mean, min: mean, max: mean };
  let squares = 0;
  for (let k = 0; k < values.length; k++) squares += (values[k] - mean) * (values[k] - mean);
  const variance = squares / values.length;
  return { mean, variance, std: Math.sqrt(variance), min, max };
}

/** Maximum number of values for percentiles, evenly spread, so that a wide layer costs no more than a narrow one. */
export const percentileSample = 512;
/** (√5 − 1) / 2 */
const goldenFraction = 0.6180339887498949;

/**
 * The given percentiles (0 to 1), by linear interpolation between order statistics (Hyndman & Fan's type 7, as in
 * NumPy), of all numbers or of an even sample of them.
 */
export function percentiles(values: Float32Array, fractions: readonly number[]): number[] {
  const numbers =
    values.length <= percentileSample
      ? values.slice()
      : Float32Array.from(sampledIndices(values.length), (index) => values[index]);
  const last = numbers.length - 1;
  return fractions.map((fraction) => {
    const { below, weight } = rankOf(fraction, numbers.length);
    select(numbers, below);
    let above = numbers[below];
    // Later values are not smaller, so the next order statistic is their minimum.
    if (below < last) {
      above = numbers[below + 1];
      for (let k = below + 2; k <= last; k++) if (numbers[k] < above) above = numbers[k];
    }
    return numbers[below] + weight * (above - numbers[below]);
  });
}

/** The order statistic (from 0) at or below a percentile, and the fraction of the distance to the next one. */
export function rankOf(fraction: number, count: number): { below: number; weight: number } {
  const at = fraction * (count - 1);
  const below = Math.floor(at);
  return { below, weight: at - below };
}

/** Partially sorts the numbers: places the `rank`-th in order at its index, with no smaller one after it (Hoare's algorithm 65, 1961). */
function select(numbers: Float32Array, rank: number): void {
  let first = 0;
  let last = numbers.length - 1;
  while (first < last) {
    const pivot = numbers[rank];
    let i = first;
    let j = last;
    while (i <= j) {
      while (numbers[i] < pivot) i++;
      while (pivot < numbers[j]) j--;
      if (i <= j) {
        const moved = numbers[i];
        numbers[i] = numbers[j];
        numbers[j] = moved;
        i++;
        j--;
      }
    }
    if (j < rank) first = i;
    if (rank < i) last = j;
  }
}

/**
 * Indices of the sample of a given count of numbers: at most `percentileSample`, at the fractional parts of multiples of the golden ratio: they cover the array
 * evenly without falling in step with the rows of a matrix, so that no column is passed over.
 */
export function sampledIndices(count: number): Uint32Array {
  if (count <= percentileSample) return Uint32Array.from({ length: count }, (_, k) => k);
  return Uint32Array.from({ length: percentileSample }, (_, k) => Math.floor(((k * goldenFraction) % 1) * count));
}

/** Share of the numbers for which `test` holds, 0 to 1. */
export function share(values: Float32Array | Uint8Array, test: (value: number) => boolean): number {
  let count = 0;
  for (let k = 0; k < values.length; k++) if (test(values[k])) count++;
  return count / values.length;
}
