/** Histograms of other programs, as rows of edges and counts. */
import { binCount, binEdges } from '../../../engine/bins';
import type { HistogramProto } from '../event_pb';
import type { Tensor } from './tensor';

/** Bucket k has `counts[k]` numbers between `edges[k]` and `edges[k + 1]`. Edges rise; the outermost may be infinite. */
export interface Buckets {
  /** One more than counts; none if nothing was counted. */
  edges: Float32Array;
  counts: Float32Array;
}

/** Represents ∞ in files of TensorFlow. */
const unlimited = Number.MAX_VALUE;

/** Shares of the range and of all numbers up to which neighbouring buckets are joined, so that at most 258 are left. */
const finestShare = 1 / 64;

/** Histograms with fewer buckets are stored as they are. */
const joinedAbove = 128;

/**
 * The histogram of TensorFlow 1 and of PyTorch: bucket k has the numbers above `bucketLimit[k - 1]` and up to `bucketLimit[k]`. The
 * first bucket has no left edge: an empty one carries the edge of the second, as PyTorch writes it. Otherwise the edge is the minimum.
 * @returns Null if the histogram is not valid.
 */
export function bucketsOfHistogram({ min, max, bucketLimit, bucket }: HistogramProto): Buckets | null {
  const size = Math.min(bucketLimit.length, bucket.length);
  if (size === 0) return null;
  const carriesEdge = size > 1 && bucket[0] === 0;
  const edges: number[] = [];
  const counts: number[] = [];
  if (!carriesEdge) edges.push(min <= bucketLimit[0] ? min : -unlimited);
  for (let k = 0; k < size; k++) {
    // The last limit is often ∞, and the maximum is nearer.
    const limit = k === size - 1 && k > 0 && max > bucketLimit[k - 1] ? Math.min(bucketLimit[k], max) : bucketLimit[k];
    edges.push(limit);
    if (k > 0 || !carriesEdge) counts.push(bucket[k]);
  }
  return joined(edges, counts);
}

/**
 * The histogram of TensorFlow 2: a tensor [buckets, 3] of left edge, right edge and count.
 * @returns Null if the tensor has a different shape or is not valid.
 */
export function bucketsOfTensor(tensor: Tensor): Buckets | null {
  const [size, columns] = tensor.shape;
  if (tensor.shape.length !== 2 || columns !== 3 || tensor.stored !== size * 3) return null;
  const edges: number[] = [];
  const counts: number[] = [];
  for (let k = 0; k < size; k++) {
    const [left, right, count] = [tensor.at(3 * k), tensor.at(3 * k + 1), tensor.at(3 * k + 2)];
    if (k === 0) edges.push(left);
    else if (left > edges[k]) {
      // A gap between buckets.
      edges.push(left);
      counts.push(0);
    }
    edges.push(right);
    counts.push(count);
  }
  return joined(edges, counts);
}

/** Joins buckets that are too fine to be seen; PyTorch writes up to 1,500 of them. Null if edges fall or counts are not counts. */
function joined(edges: readonly number[], counts: readonly number[]): Buckets | null {
  let total = 0;
  for (let k = 0; k < counts.length; k++) {
    if (!(edges[k] <= edges[k + 1] && counts[k] >= 0 && counts[k] <= unlimited)) return null;
    total += counts[k];
  }
  const finite = edges.filter((edge) => Math.abs(edge) < unlimited);
  const width = finite.length > 1 ? (finite[finite.length - 1] - finite[0]) * finestShare : 0;
  const most = total * finestShare;
  const outEdges: number[] = edges.length > 0 ? [edges[0]] : [];
  const outCounts: number[] = [];
  let start = 0;
  for (let k = 0; k < counts.length; k++) {
    const canJoin =
      counts.length > joinedAbove &&
      k > start &&
      edges[k + 1] - edges[start] <= width &&
      outCounts[outCounts.length - 1] + counts[k] <= most;
    if (canJoin) {
      outCounts[outCounts.length - 1] += counts[k];
      outEdges[outEdges.length - 1] = edges[k + 1];
      continue;
    }
    start = k;
    outCounts.push(counts[k]);
    outEdges.push(edges[k + 1]);
  }
  // A float32 beyond its range is infinite, which is what the largest double represents.
  return { edges: Float32Array.from(outEdges), counts: Float32Array.from(outCounts) };
}

/**
 * Spreads buckets over the lab's own bins, so that they can be drawn beside histograms of its runs: the numbers of a bucket are
 * taken to be spread evenly between its edges. An infinite edge counts as the finite edge of the same bucket.
 * @returns Numbers per bin [binCount], not whole.
 */
export function inOwnBins({ edges, counts }: Buckets): Float64Array {
  const bins = new Float64Array(binCount);
  let bin = 0;
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] === 0) continue;
    const low = Number.isFinite(edges[k]) ? edges[k] : edges[k + 1];
    const high = Number.isFinite(edges[k + 1]) ? edges[k + 1] : edges[k];
    if (!(Number.isFinite(low) && Number.isFinite(high))) continue;
    while (bin < binCount - 1 && binEdges[bin + 1] <= low) bin++;
    if (high <= low) {
      bins[bin] += counts[k];
      continue;
    }
    for (let other = bin; other < binCount && binEdges[other] < high; other++) {
      const overlap = Math.min(high, binEdges[other + 1]) - Math.max(low, binEdges[other]);
      bins[other] += (counts[k] * overlap) / (high - low);
    }
  }
  return bins;
}
