/** Histograms as TensorBoard's event files have them. */
import { create } from '@bufbuild/protobuf';
import { binCount, binEdges, binOf } from '../../engine/bins';
import { type HistogramProto, HistogramProtoSchema } from './event_pb';

/** What is known of the numbers besides their bins. */
export interface HistogramMoments {
  min: number;
  max: number;
  mean: number;
  std: number;
}

/** Stands for ∞, as TensorFlow's own files have it. */
const unlimited = Number.MAX_VALUE;

function limit(edge: number): number {
  return Number.isFinite(edge) ? edge : Math.sign(edge) * unlimited;
}

/** @param moments NaN where unknown: they are then estimated from the bins. */
export function histogramProto(counts: Uint32Array, moments: HistogramMoments): HistogramProto {
  const bucketLimit: number[] = [];
  const bucket: number[] = [];
  const estimate = { num: 0, sum: 0, sumSquares: 0, min: 0, max: 0 };
  for (let bin = 0; bin < binCount; bin++) {
    const count = counts[bin];
    if (count === 0) continue;
    const [below, above] = [limit(binEdges[bin]), limit(binEdges[bin + 1])];
    if (bucketLimit.at(-1) !== below) {
      // Where the empty bins before it end.
      bucketLimit.push(below);
      bucket.push(0);
    }
    bucketLimit.push(above);
    bucket.push(count);
    const middle = Math.abs(below) === unlimited ? above : Math.abs(above) === unlimited ? below : (below + above) / 2;
    if (estimate.num === 0) estimate.min = middle;
    estimate.max = middle;
    estimate.num += count;
    estimate.sum += count * middle;
    estimate.sumSquares += count * middle * middle;
  }
  const { min, max, mean, std } = moments;
  const { num } = estimate;
  const known = Number.isFinite(mean) && Number.isFinite(std);
  return create(HistogramProtoSchema, {
    min: Number.isFinite(min) ? min : estimate.min,
    max: Number.isFinite(max) ? max : estimate.max,
    num,
    sum: known ? mean * num : estimate.sum,
    sumSquares: known ? (std * std + mean * mean) * num : estimate.sumSquares,
    bucketLimit,
    bucket,
  });
}

/** The counts behind a histogram of `histogramProto`, into `counts` [binCount]; one with other bins is put into these as well as it goes. */
export function countsOf({ bucketLimit, bucket }: HistogramProto, counts: Uint32Array): void {
  for (let k = 0; k < bucket.length; k++) {
    if (!(bucket[k] > 0)) continue;
    const above = bucketLimit[k];
    const below = k > 0 ? bucketLimit[k - 1] : above;
    const middle = Math.abs(below) === unlimited ? above : Math.abs(above) === unlimited ? below : (below + above) / 2;
    const bin = binOf(middle);
    if (bin >= 0) counts[bin] += bucket[k];
  }
}
