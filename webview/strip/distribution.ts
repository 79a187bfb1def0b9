/** What can be read from a histogram's shares: quantiles, and the density that a violin draws. */

/** A histogram's shares, bin by bin. The middle bin around 0 is separate, because values that are exactly 0 have no density. */
export interface Distribution {
  shares: Uint16Array;
  /** One element more than `shares`, ascending from −∞ to ∞. */
  edges: Float64Array;
}

/** Edges limited to the drawable range: the outermost bins end at twice their inner edge. */
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

/** Quantiles for ascending shares (0 to 1), with values spread evenly within a bin; NaN for an empty histogram. */
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

/** Share (0 to 1) of the values in the bin around 0, e.g. the zeros of a ReLU. */
export function shareAtZero({ shares, edges }: Distribution): number {
  const middle = (shares.length - 1) / 2;
  const total = totalOf(shares);
  return total > 0 && isAroundZero(edges, middle) ? shares[middle] / total : 0;
}

function isAroundZero(edges: Float64Array, bin: number): boolean {
  return edges[bin] < 0 && edges[bin + 1] > 0;
}

/**
 * Density per unit of value in each interval between ascending limits, for values other than 0, relative to the largest density;
 * all 0 if no value differs from 0.
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

/** Smooths over adjacent rows, so that a few isolated values do not look like a shape. */
function smoothed(values: Float64Array): Float64Array {
  return values.map((value, k) => ((values[k - 1] ?? 0) + 2 * value + (values[k + 1] ?? 0)) / 4);
}

function peaked(values: Float64Array): Float64Array {
  const peak = values.reduce((most, value) => Math.max(most, value), 0);
  return peak > 0 ? values.map((value) => value / peak) : values;
}
