/**
 * Packs frames, without loss: a third of their numbers' bytes and less. Neighbouring frames differ little, and deflate
 * finds that if numbers of one channel are beside each other, and bytes of one significance:
 *
 * - A value becomes the difference of its bits from an expected value: that of the frame before, or one that follows from
 *   other channels (`expectations`). Then channel after channel, the lowest bytes of all first.
 * - A count becomes the difference from the count of the same bin in the frame before, as a varint, bin after bin.
 * - A byte of the plane becomes the difference from what its neighbours in the plane let expect.
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import * as l10n from '@vscode/l10n';
import { inflateSync } from 'fflate';
import type { PredictionFrame } from '../../engine/predictionRecorder';
import type { Frame } from '../../engine/results';
import { bytesOf, fromVarints, fromZigzag, joinedBytes, putVarint, varints, zigzag } from './bytes';
import { type Deflate, deflateAnywhere } from './deflate';
import type { FrameShape, PredictionShape } from './frameRecord';

/** Maximum bytes of the numbers, and number of frames, of a packed block, so that a reader needs little memory and damage costs few frames. */
export const mostBlockBytes = 1 << 22;
export const mostBlockFrames = 128;

/** Bytes that the numbers of a frame use in memory. */
export function bytesOfFrame({ values, histograms, predictions }: Frame): number {
  const predicted = predictions
    ? predictions.surface.length + predictions.examples.length + predictions.confusion.byteLength
    : 0;
  return values.byteLength + (histograms?.byteLength ?? 0) + predicted;
}

const fields = {
  /** Varints: differences of the steps. */
  steps: 1,
  /** Varints, one per channel: how its values are expected. */
  expected: 2,
  values: 3,
  /** Varints: the frames with histograms, as differences of their indices. */
  counted: 4,
  counts: 5,
  /** Bytes of the counts before they are deflated. */
  countBytes: 6,
  /** The frames with predictions, likewise. */
  predicted: 7,
  predictions: 8,
};

/** @param channels Their names. */
export function packedFrames(
  frames: readonly Frame[],
  shape: FrameShape,
  channels: readonly string[],
  deflated: Deflate = deflateAnywhere,
): Uint8Array {
  const writer = new BinaryWriter();
  const put = (field: number, bytes: Uint8Array) => writer.tag(field, WireType.LengthDelimited).bytes(bytes);
  put(fields.steps, varints(differences(frames.map(({ step }) => step))));
  const columns = columnsOf(frames, channels.length);
  const ways = expectations(columns, channels);
  put(fields.expected, varints(ways));
  put(fields.values, deflated(packedValues(columns, channels, ways)));
  const counted = having(frames, ({ histograms }) => histograms);
  if (counted.rows.length > 0) {
    const counts = packedCounts(counted.parts);
    put(fields.counted, varints(differences(counted.rows)));
    put(fields.counts, deflated(counts));
    writer.tag(fields.countBytes, WireType.Varint).uint32(counts.length);
  }
  const predicted = having(frames, ({ predictions }) => predictions);
  if (predicted.rows.length > 0) {
    put(fields.predicted, varints(differences(predicted.rows)));
    put(fields.predictions, deflated(packedPredictions(predicted.parts, shape.predictions)));
  }
  return writer.finish();
}

function having<T>(frames: readonly Frame[], part: (frame: Frame) => T | null): { rows: number[]; parts: T[] } {
  const found = frames.flatMap((frame, row) => {
    const own = part(frame);
    return own === null ? [] : [{ row, own }];
  });
  return { rows: found.map(({ row }) => row), parts: found.map(({ own }) => own) };
}

function differences(rising: readonly number[]): number[] {
  return rising.map((number, k) => (k === 0 ? number : number - rising[k - 1]));
}

function sums(differences: readonly number[]): number[] {
  let sum = 0;
  return differences.map((difference) => {
    sum += difference;
    return sum;
  });
}

//#region Values

/** The values channel by channel. */
function columnsOf(frames: readonly Frame[], channels: number): Float32Array[] {
  const columns = Array.from({ length: channels }, () => new Float32Array(frames.length));
  frames.forEach(({ values }, frame) => {
    for (let channel = 0; channel < channels; channel++) columns[channel][frame] = values[channel];
  });
  return columns;
}

/** How the values of a channel are expected. A larger number N + `ofNorm`: of N numbers, from their std and mean. */
const asBefore = 0;
const asRoot = 1;
const ofNorm = 2;
const mostNumbers = 2 ** 31;

/** Places of the channels that the expected values follow from, by quantity. */
interface Siblings {
  variance: number;
  std: number;
  mean: number;
}

function siblingsOf(channel: string, places: ReadonlyMap<string, number>): Siblings {
  const tap = channel.slice(0, channel.lastIndexOf('/') + 1);
  const place = (quantity: string) => places.get(`${tap}${quantity}`) ?? -1;
  return { variance: place('variance'), std: place('std'), mean: place('mean') };
}

/** The expected values; null for those of the frame before. Not finite ones are 0, because NaN has many representations. */
function expectedBy(
  way: number,
  { variance, std, mean }: Siblings,
  columns: readonly Float32Array[],
): Float32Array | null {
  if (way === asBefore) return null;
  const finite = (value: number) => (Number.isFinite(value) ? value : 0);
  if (way === asRoot) return columns[variance]?.map((value) => finite(Math.sqrt(value))) ?? null;
  const [deviations, means] = [columns[std], columns[mean]];
  if (!deviations || !means) return null;
  return deviations.map((value, k) => finite(Math.sqrt((way - ofNorm) * (value * value + means[k] * means[k]))));
}

/** Finds for each channel the way that leaves the smallest differences. */
function expectations(columns: readonly Float32Array[], channels: readonly string[]): number[] {
  const places = new Map(channels.map((name, place) => [name, place]));
  return channels.map((name, channel) => {
    const quantity = name.slice(name.lastIndexOf('/') + 1);
    if (quantity !== 'std' && quantity !== 'norm') return asBefore;
    const siblings = siblingsOf(name, places);
    const way =
      quantity === 'std' && siblings.variance >= 0
        ? asRoot
        : quantity === 'norm' && siblings.std >= 0 && siblings.mean >= 0
          ? ofNorm + numbersOf(columns[channel], columns[siblings.std], columns[siblings.mean])
          : asBefore;
    if (way === asBefore || way === ofNorm) return asBefore;
    const expected = expectedBy(way, siblings, columns);
    return bitsLeft(columns[channel], expected) < bitsLeft(columns[channel], null) ? way : asBefore;
  });
}

/** Number N of the numbers of a norm: norm² = N (std² + mean²). 0 if it is unknown. */
function numbersOf(norms: Float32Array, deviations: Float32Array, means: Float32Array): number {
  for (let k = 0; k < norms.length; k++) {
    const numbers = Math.round(norms[k] ** 2 / (deviations[k] ** 2 + means[k] ** 2));
    if (numbers > 0 && numbers < mostNumbers) return numbers;
  }
  return 0;
}

function bitsLeft(column: Float32Array, expected: Float32Array | null): number {
  const differences = differencesFrom(column, expected);
  let bits = 0;
  for (let k = 0; k < differences.length; k++) bits += 32 - Math.clz32(differences[k]);
  return bits;
}

function differencesFrom(column: Float32Array, expected: Float32Array | null): Uint32Array {
  const bits = bitsOf(column);
  const others = expected && bitsOf(expected);
  const differences = new Uint32Array(bits.length);
  let before = 0;
  for (let k = 0; k < bits.length; k++) {
    differences[k] = zigzag((bits[k] - (others ? others[k] : before)) | 0);
    before = bits[k];
  }
  return differences;
}

function bitsOf({ buffer, byteOffset, length }: Float32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}

function packedValues(
  columns: readonly Float32Array[],
  channels: readonly string[],
  ways: readonly number[],
): Uint8Array {
  const places = new Map(channels.map((name, place) => [name, place]));
  const frames = columns[0]?.length ?? 0;
  const all = columns.length * frames;
  const planes = new Uint8Array(4 * all);
  columns.forEach((column, channel) => {
    const way = ways[channel];
    const expected = way === asBefore ? null : expectedBy(way, siblingsOf(channels[channel], places), columns);
    const differences = differencesFrom(column, expected);
    for (let frame = 0; frame < frames; frame++) {
      const at = channel * frames + frame;
      const difference = differences[frame];
      planes[at] = difference;
      planes[all + at] = difference >>> 8;
      planes[2 * all + at] = difference >>> 16;
      planes[3 * all + at] = difference >>> 24;
    }
  });
  return planes;
}

function unpackedValues(
  planes: Uint8Array,
  frames: number,
  channels: readonly string[],
  ways: readonly number[],
): Float32Array[] {
  const places = new Map(channels.map((name, place) => [name, place]));
  const all = channels.length * frames;
  const columns = channels.map(() => new Float32Array(frames));
  // In the order in which they follow from each other.
  const order = channels
    .map((_, channel) => channel)
    .sort((a, b) => Math.min(ways[a], ofNorm) - Math.min(ways[b], ofNorm));
  for (const channel of order) {
    const bits = new Uint32Array(columns[channel].buffer);
    const expected = expectedBy(ways[channel], siblingsOf(channels[channel], places), columns);
    const others = expected && new Uint32Array(expected.buffer);
    let before = 0;
    for (let frame = 0; frame < frames; frame++) {
      const at = channel * frames + frame;
      const difference =
        planes[at] | (planes[all + at] << 8) | (planes[2 * all + at] << 16) | (planes[3 * all + at] << 24);
      before = ((others ? others[frame] : before) + fromZigzag(difference >>> 0)) >>> 0;
      bits[frame] = before;
    }
  }
  return columns;
}

//#endregion

//#region Histograms and predictions

function packedCounts(rows: readonly Uint32Array[]): Uint8Array {
  const width = rows[0].length;
  const filled = filledBins(rows);
  // Varints of at most five bytes. Most counts are 0.
  let bytes = new Uint8Array(rows.length * width + 1024);
  let end = 0;
  for (let bin = 0; bin < width; bin++) {
    if (end + 5 * rows.length > bytes.length) {
      const larger = new Uint8Array(2 * bytes.length + 5 * rows.length);
      larger.set(bytes);
      bytes = larger;
    }
    if (filled[bin] === 0) {
      end += rows.length;
      continue;
    }
    let before = 0;
    for (const row of rows) {
      end = putVarint(bytes, end, zigzag((row[bin] - before) | 0));
      before = row[bin];
    }
  }
  return bytes.subarray(0, end);
}

/** Not 0 for the bins that are not empty in all rows, which are few. */
function filledBins(rows: readonly Uint32Array[]): Uint32Array {
  const filled = new Uint32Array(rows[0].length);
  for (const row of rows) for (let bin = 0; bin < row.length; bin++) filled[bin] |= row[bin];
  return filled;
}

function unpackedCounts(bytes: Uint8Array, rows: number, width: number): Uint32Array[] {
  const counts = Array.from({ length: rows }, () => new Uint32Array(width));
  let at = 0;
  for (let bin = 0; bin < width; bin++) {
    let before = 0;
    for (const row of counts) {
      let difference = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++];
        difference |= (byte & 127) << shift;
        if (!(byte > 127)) break;
      }
      before = (before + fromZigzag(difference >>> 0)) >>> 0;
      row[bin] = before;
    }
  }
  if (at !== bytes.length) throw new Error(l10n.t('its counts end too late or too early'));
  return counts;
}

/** The planes as differences from what their neighbours let expect, then the examples, then the confusion matrices. */
function packedPredictions(rows: readonly PredictionFrame[], { row, cell }: PredictionShape): Uint8Array {
  const surfaces = rows.map(({ surface }) => {
    const differences = new Uint8Array(surface.length);
    for (let at = 0; at < surface.length; at++) differences[at] = surface[at] - neighbours(surface, at, row, cell);
    return differences;
  });
  const examples = rows.map((prediction) => prediction.examples);
  return joinedBytes([...surfaces, ...examples, ...rows.map(({ confusion }) => bytesOf(confusion))]);
}

function unpackedPredictions(bytes: Uint8Array, count: number, shape: PredictionShape): PredictionFrame[] {
  const { surface: cells, row, cell, examples: shown, confusion: classes } = shape;
  return Array.from({ length: count }, (_, k) => {
    const surface = bytes.slice(k * cells, (k + 1) * cells);
    for (let at = 0; at < cells; at++) surface[at] += neighbours(surface, at, row, cell);
    const examples = bytes.slice(count * cells + k * shown, count * cells + (k + 1) * shown);
    const confusion = new Uint32Array(classes);
    const start = count * (cells + shown) + 4 * k * classes;
    bytesOf(confusion).set(bytes.subarray(start, start + 4 * classes));
    return { surface, examples, confusion };
  });
}

/** The median of the left, the lower, and left + lower − lower left: the prediction of JPEG-LS (ISO 14495-1). */
function neighbours(surface: Uint8Array, at: number, row: number, cell: number): number {
  const hasLeft = at % row >= cell;
  const left = hasLeft ? surface[at - cell] : 0;
  const below = at >= row ? surface[at - row] : 0;
  const corner = hasLeft && at >= row ? surface[at - row - cell] : 0;
  const [least, most] = left < below ? [left, below] : [below, left];
  return corner >= most ? least : corner <= least ? most : left + below - corner;
}

//#endregion

/** Frames of a packed block. Each part is unpacked when it is first read: lists need only the steps. */
export class PackedFrames {
  readonly steps: readonly number[];
  private readonly parts = new Map<number, Uint8Array>();
  private readonly countBytes: number = 0;
  private columns: Float32Array[] | null = null;
  private counts: Map<number, Uint32Array> | null = null;
  private predictions: Map<number, PredictionFrame> | null = null;

  /**
   * @param channels Names of the channels.
   * @throws Error if the bytes are not a block.
   */
  constructor(
    bytes: Uint8Array,
    private readonly shape: FrameShape,
    private readonly channels: readonly string[],
  ) {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (field === fields.countBytes) this.countBytes = reader.uint32();
      else if (type === WireType.LengthDelimited) this.parts.set(field, reader.bytes());
      else reader.skip(type, field);
    }
    this.steps = sums(this.numbers(fields.steps));
  }

  /** @throws Error if the block is not one of these channels. */
  valuesAt(frame: number): Float32Array {
    const { channels, steps } = this;
    this.columns ??= unpackedValues(
      this.inflated(fields.values, 4 * channels.length * steps.length),
      steps.length,
      channels,
      this.numbers(fields.expected),
    );
    return Float32Array.from(this.columns, (column) => column[frame]);
  }

  /** Null if the frame has no histograms. @throws Error if the block has different places. */
  countsAt(frame: number): Uint32Array | null {
    if (!this.counts) {
      const rows = sums(this.numbers(fields.counted));
      const bytes = this.inflated(fields.counts, this.countBytes);
      const counts = unpackedCounts(bytes, rows.length, rows.length > 0 ? this.shape.counts : 0);
      this.counts = new Map(counts.map((row, k) => [rows[k], row]));
    }
    return this.counts.get(frame) ?? null;
  }

  /** Null if the frame has no predictions. @throws Error if the block has predictions of a different size. */
  predictionsAt(frame: number): PredictionFrame | null {
    if (!this.predictions) {
      const rows = sums(this.numbers(fields.predicted));
      const { surface, examples, confusion } = this.shape.predictions;
      const length = rows.length * (surface + examples + 4 * confusion);
      const bytes = this.inflated(fields.predictions, length);
      const predictions = unpackedPredictions(bytes, rows.length, this.shape.predictions);
      this.predictions = new Map(predictions.map((prediction, k) => [rows[k], prediction]));
    }
    return this.predictions.get(frame) ?? null;
  }

  private numbers(field: number): number[] {
    return fromVarints(this.parts.get(field) ?? new Uint8Array(0));
  }

  private inflated(field: number, length: number): Uint8Array {
    const part = this.parts.get(field);
    if (!part || length === 0) return new Uint8Array(0);
    if (length > 16 * mostBlockBytes) throw new Error(l10n.t('it is larger than any block of this program'));
    const bytes = inflateSync(part, { out: new Uint8Array(length) });
    if (bytes.length !== length) throw new Error(l10n.t('its numbers are incomplete'));
    return bytes;
  }
}
