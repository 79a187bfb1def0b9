/** What can be read from a histogram's shares: quantiles, and the density that a violin draws. */

/** A histogram's numbers, bin by bin; the middle one around 0 is held apart, as numbers that are exactly 0 have no density. */
export interface Distribution {
  shares: Uint16Array;
  /** One more than shares, rising from −∞ to ∞. */
  edges: Float64Array;
}

/** Edges as far as they can be drawn: the outermost bins are cut off at twice their inner edge. */
function bounds(edges: Float64Array, bin: number): [low: number, high: number] {
  const [low, high] = [edges[bin], edges[bin + 1]];
  if (low === Number.NEGATIVE_INFINITY) return [2 * high, high];
  if (high === Number.POSITIVE_INFINITY) return [low, 2 * low];
  return [low, high];
}

function totalOf(shares: Uint16Array): number {
  let total = 0;
  for (let bin = 0; bin < shares.length; bin++) total += shares[bin];
  return total;
}

/** The values below which the given shares (0 to 1, rising) of the numbers lie, evenly spread within a bin; NaN of an empty histogram. */
export function quantiles({ shares, edges }: Distribution, fractions: readonly number[]): number[] {
  const total = totalOf(shares);
  const found: number[] = [];
  let below = 0;
  for (let bin = 0; bin < shares.length && found.length < fractions.length; bin++) {
    const [low, high] = bounds(edges, bin);
    while (
      found.length < fractions.length &&
      fractions[found.length] * total <= below + shares[bin] &&
      shares[bin] > 0
    ) {
      const within = (fractions[found.length] * total - below) / shares[bin];
      found.push(isAroundZero(edges, bin) ? 0 : low + within * (high - low));
    }
    below += shares[bin];
  }
  while (found.length < fractions.length) found.push(Number.NaN);
  return found;
}

/** Share, 0 to 1, of the numbers in the bin around 0: what a ReLU makes zero. */
export function shareAtZero({ shares, edges }: Distribution): number {
  const middle = (shares.length - 1) / 2;
  const total = totalOf(shares);
  return total > 0 && isAroundZero(edges, middle) ? shares[middle] / total : 0;
}

function isAroundZero(edges: Float64Array, bin: number): boolean {
  return edges[bin] < 0 && edges[bin + 1] > 0;
}

/**
 * Density per unit of value in each of the intervals between rising limits, of the numbers that are not 0, as parts of the
 * largest; all 0 where there is none.
 */
export function density({ shares, edges }: Distribution, limits: readonly number[]): Float64Array {
  const dense = new Float64Array(limits.length - 1);
  let interval = 0;
  for (let bin = 0; bin < shares.length; bin++) {
    if (shares[bin] === 0 || isAroundZero(edges, bin)) continue;
    const [low, high] = bounds(edges, bin);
    while (interval < dense.length && limits[interval + 1] <= low) interval++;
    for (let k = interval; k < dense.length && limits[k] < high; k++) {
      const overlap = Math.min(high, limits[k + 1]) - Math.max(low, limits[k]);
      if (overlap > 0) dense[k] += (shares[bin] * overlap) / (high - low) / (limits[k + 1] - limits[k]);
    }
  }
  return peaked(smoothed(smoothed(dense)));
}

/** Two numbers of a hundred in one row and none in the next are no shape. */
function smoothed(values: Float64Array): Float64Array {
  return values.map((value, k) => ((values[k - 1] ?? 0) + 2 * value + (values[k + 1] ?? 0)) / 4);
}

function peaked(values: Float64Array): Float64Array {
  const peak = values.reduce((most, value) => Math.max(most, value), 0);
  return peak > 0 ? values.map((value) => value / peak) : values;
}
