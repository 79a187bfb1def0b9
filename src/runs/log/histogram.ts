/** Histograms as TensorBoard's event files have them. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { binCount, binEdges, binOf } from '../../engine/bins';
import { type HistogramProto, HistogramProtoSchema, Summary_ValueSchema, SummarySchema } from './event_pb';

/** Known statistics of the numbers, besides their bins. */
export interface HistogramMoments {
  min: number;
  max: number;
  mean: number;
  std: number;
}

/** Represents ∞, as in files of TensorFlow. */
const unlimited = Number.MAX_VALUE;

function limit(edge: number): number {
  return Number.isFinite(edge) ? edge : Math.sign(edge) * unlimited;
}

const limits = Float64Array.from(binEdges, limit);

/** TensorBoard draws about 30 intervals of equal width: bins that are far narrower are joined to one around 0. */
const finestShare = 1 / 32;

/** The limits on both sides of 0 between which bins are joined: a small share of the largest magnitude that occurs. */
function joinedWithin(counts: Uint32Array): number {
  let widest = 0;
  for (let bin = 0; bin < binCount; bin++) {
    if (counts[bin] === 0) continue;
    for (const edge of [limits[bin], limits[bin + 1]]) {
      if (Math.abs(edge) !== unlimited) widest = Math.max(widest, Math.abs(edge));
    }
  }
  return limits.findLast((edge) => edge <= widest * finestShare) ?? 0;
}

/** Bytes of the limits and counts of one histogram that are being filled: an empty bin may be added before each bin. */
const bucketLimit = new DataView(new ArrayBuffer(16 * binCount));
const bucket = new DataView(new ArrayBuffer(16 * binCount));
const fields = HistogramProtoSchema.field;

/**
 * Encodes a `HistogramProto`. A frame can have a hundred of them with a hundred numbers each: encoding objects would take
 * longer than the training.
 * @param moments NaN if unknown; they are then estimated from the bins.
 */
export function encodedHistogram(counts: Uint32Array, moments: HistogramMoments): Uint8Array {
  let filled = 0;
  let end = Number.NaN;
  const put = (limit: number, count: number) => {
    bucketLimit.setFloat64(filled, limit, true);
    bucket.setFloat64(filled, count, true);
    filled += 8;
    end = limit;
  };
  const estimate = { num: 0, sum: 0, sumSquares: 0, min: 0, max: 0 };
  const small = joinedWithin(counts);
  for (let bin = 0; bin < binCount; bin++) {
    let count = counts[bin];
    const below = limits[bin];
    while (below >= -small && limits[bin + 1] < small) count += counts[++bin];
    const above = limits[bin + 1];
    if (count === 0) continue;
    // Where the empty bins before it end.
    if (end !== below) put(below, 0);
    put(above, count);
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
  return new BinaryWriter()
    .tag(fields.min.number, WireType.Bit64)
    .double(Number.isFinite(min) ? min : estimate.min)
    .tag(fields.max.number, WireType.Bit64)
    .double(Number.isFinite(max) ? max : estimate.max)
    .tag(fields.num.number, WireType.Bit64)
    .double(num)
    .tag(fields.sum.number, WireType.Bit64)
    .double(known ? mean * num : estimate.sum)
    .tag(fields.sumSquares.number, WireType.Bit64)
    .double(known ? (std * std + mean * mean) * num : estimate.sumSquares)
    .tag(fields.bucketLimit.number, WireType.LengthDelimited)
    .bytes(new Uint8Array(bucketLimit.buffer, 0, filled))
    .tag(fields.bucket.number, WireType.LengthDelimited)
    .bytes(new Uint8Array(bucket.buffer, 0, filled))
    .finish();
}

/** Adds a histogram to a `Summary`, as one of its values. */
export function writeHistogram(summary: BinaryWriter, tag: string, histogram: Uint8Array): void {
  summary
    .tag(SummarySchema.field.value.number, WireType.LengthDelimited)
    .fork()
    .tag(Summary_ValueSchema.field.tag.number, WireType.LengthDelimited)
    .string(tag)
    .tag(Summary_ValueSchema.field.histo.number, WireType.LengthDelimited)
    .bytes(histogram)
    .join();
}

/** Restores the counts of an encoded histogram into `counts` [binCount]. Counts of different bins go to the bin of their middle. */
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
