/**
 * Writes one frame as bytes, quickly and without a name per value. While a run trains, its log has one such record per frame.
 * The bytes are a protobuf message; its fields are in `fields`.
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import * as l10n from '@vscode/l10n';
import { binCount } from '../../engine/bins';
import type { PredictionFrame } from '../../engine/predictionRecorder';
import type { Frame } from '../../engine/results';
import { cellBytes, type Scene } from '../../engine/scene';
import { bytesOf, fromVarints, putVarint, varints } from './bytes';
import type { RunLogHeading } from './heading';

/** All 0 without displayed data. */
export interface PredictionShape {
  /** Bytes of the plane, of a row of it and of a cell. */
  surface: number;
  row: number;
  cell: number;
  /** Bytes of the examples. */
  examples: number;
  /** Numbers of the confusion matrix. */
  confusion: number;
}

/** Sizes of the parts of a frame. */
export interface FrameShape {
  channels: number;
  /** Numbers in all histograms of a frame. */
  counts: number;
  predictions: PredictionShape;
}

export function shapeOf({
  channels,
  histograms,
  scene,
}: Pick<RunLogHeading, 'channels' | 'histograms' | 'scene'>): FrameShape {
  return {
    channels: channels.length,
    counts: histograms.length * binCount,
    predictions: scene ? predictionShape(scene) : { surface: 0, row: 0, cell: 0, examples: 0, confusion: 0 },
  };
}

function predictionShape(scene: Scene): PredictionShape {
  const { plane, examples, confusion } = scene;
  const cell = plane ? cellBytes(scene) : 0;
  const row = (plane?.columns ?? 0) * cell;
  const surface = (plane?.rows ?? 0) * row;
  return { surface, row, cell, examples: 2 * examples.labels.length, confusion: confusion * confusion };
}

const fields = {
  step: 1,
  /** float32, one per channel. */
  values: 2,
  /** Varints: for each bin that is not empty, the number of empty bins before it, and its count. */
  counts: 3,
  surface: 4,
  examples: 5,
  /** Varints. */
  confusion: 6,
};

export function writtenFrame({ step, values, histograms, predictions }: Frame): Uint8Array {
  const writer = new BinaryWriter().tag(fields.step, WireType.Varint).int64(step);
  const put = (field: number, bytes: Uint8Array) => writer.tag(field, WireType.LengthDelimited).bytes(bytes);
  put(fields.values, bytesOf(values));
  if (histograms) put(fields.counts, sparse(histograms));
  if (predictions) {
    put(fields.surface, predictions.surface);
    put(fields.examples, predictions.examples);
    put(fields.confusion, varints(predictions.confusion));
  }
  return writer.finish();
}

/** Bytes of counts that are being written: a frame can have thousands, most of them 0. */
let written = new Uint8Array(0);

/** The bytes are valid until the next call. */
function sparse(counts: Uint32Array): Uint8Array {
  if (written.length < 10 * counts.length) written = new Uint8Array(10 * counts.length);
  const bytes = written;
  let end = 0;
  let next = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    // Most are empty, so four are looked at together.
    while (bin + 4 < counts.length && (counts[bin] | counts[bin + 1] | counts[bin + 2] | counts[bin + 3]) === 0)
      bin += 4;
    if (counts[bin] === 0) continue;
    end = putVarint(bytes, end, bin - next);
    end = putVarint(bytes, end, counts[bin]);
    next = bin + 1;
  }
  return bytes.subarray(0, end);
}

/** @throws Error if the bytes are not a frame of this shape. */
export function readFrame(bytes: Uint8Array, shape: FrameShape): Frame {
  const reader = new BinaryReader(bytes);
  const parts = new Map<number, Uint8Array>();
  let step = 0;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === fields.step) step = Number(reader.int64());
    else if (type === WireType.LengthDelimited) parts.set(field, reader.bytes());
    else reader.skip(type, field);
  }
  const values = new Float32Array(shape.channels);
  const [floats, counts] = [parts.get(fields.values), parts.get(fields.counts)];
  if (floats?.length !== values.byteLength) throw new Error(l10n.t('a frame has a different number of channels'));
  bytesOf(values).set(floats);
  return {
    step,
    values,
    histograms: counts ? dense(counts, shape.counts) : null,
    predictions: predictionsOf(parts, shape),
  };
}

function dense(bytes: Uint8Array, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  const reader = new BinaryReader(bytes);
  let bin = 0;
  while (reader.pos < reader.len) {
    bin += reader.uint32();
    counts[bin++] = reader.uint32();
  }
  if (bin > length) throw new Error(l10n.t('a frame has a different number of bins'));
  return counts;
}

function predictionsOf(parts: ReadonlyMap<number, Uint8Array>, { predictions }: FrameShape): PredictionFrame | null {
  const [surface, examples] = [parts.get(fields.surface), parts.get(fields.examples)];
  if (!surface || !examples) return null;
  const confusion = Uint32Array.from(fromVarints(parts.get(fields.confusion) ?? new Uint8Array(0)));
  const sizes = [surface.length, examples.length, confusion.length];
  const { surface: cells, examples: shown, confusion: classes } = predictions;
  if (sizes.join() !== [cells, shown, classes].join())
    throw new Error(l10n.t('a frame has predictions of a different size'));
  return { surface: surface.slice(), examples: examples.slice(), confusion };
}
