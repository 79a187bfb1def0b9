/**
 * Encodes the predictions of a network for TensorBoard: the plane is an image, whose history TensorBoard shows; the examples
 * and the confusion matrix are text tables.
 */
import { create } from '@bufbuild/protobuf';
import type { PredictionFrame } from '../../engine/predictionRecorder';
import { cellBytes, type Scene } from '../../engine/scene';
import { levelIn, levelOf, shareOf, valueIn } from '../../shared/levels';
import { exampleColumns } from '../../shared/predictionColumns';
import type { Deflate } from './deflate';
import {
  type Summary_Value,
  Summary_ValueSchema,
  SummaryMetadataSchema,
  type TensorProto,
  TensorProtoSchema,
} from './event_pb';
import { decodePng, encodePng } from './png';

const surfaceTag = 'predictions/plane';
const examplesTag = 'predictions/examples';
const confusionTag = 'predictions/confusion';

/** Values of TensorFlow's enumerations. */
const textType = 7;
const tensorClass = 2;

/** Placeholder for a missing number. */
const nothing = '–';

export function predictionSummary(
  { surface, examples, confusion }: PredictionFrame,
  scene: Scene,
  deflate: Deflate,
): Summary_Value[] {
  const values: Summary_Value[] = [];
  const { plane } = scene;
  if (plane) {
    const channels = cellBytes(scene);
    const { columns: width, rows: height } = plane;
    const png = encodePng({ width, height, channels, bytes: upsideDown(surface, width * channels) }, deflate);
    const image = { height, width, colorspace: channels, encodedImageString: png };
    values.push(create(Summary_ValueSchema, { tag: surfaceTag, value: { case: 'image', value: image } }));
  }
  if (examples.length > 0) {
    values.push(textTable(examplesTag, [exampleColumns(scene.range !== null), ...exampleRows(examples, scene)]));
  }
  if (scene.confusion > 0) {
    const { classNames, confusion: classes } = scene;
    const rows = classNames.map((name, actual) => [
      name,
      ...Array.from(confusion.subarray(actual * classes, (actual + 1) * classes), String),
    ]);
    values.push(textTable(confusionTag, [['actual \\ predicted', ...classNames], ...rows]));
  }
  return values;
}

/** Decodes a summary of `predictionSummary`; null if it has no predictions. Damaged parts are left empty. */
export function predictionsIn(values: readonly Summary_Value[], scene: Scene): PredictionFrame | null {
  const { plane, examples, confusion: classes } = scene;
  const frame: PredictionFrame = {
    surface: new Uint8Array(plane ? plane.columns * plane.rows * cellBytes(scene) : 0),
    examples: new Uint8Array(2 * examples.labels.length),
    confusion: new Uint32Array(classes * classes),
  };
  let found = false;
  for (const { tag, value } of values) {
    if (tag === surfaceTag && value.case === 'image' && plane) {
      const picture = decodePng(value.value.encodedImageString);
      if (picture?.bytes.length !== frame.surface.length) continue;
      frame.surface = upsideDown(picture.bytes, plane.columns * cellBytes(scene));
      found = true;
    } else if (tag === examplesTag && value.case === 'tensor') {
      rowsOf(value.value).forEach((row, place) => {
        if (2 * place < frame.examples.length) frame.examples.set(exampleBytes(row, scene), 2 * place);
      });
      found = true;
    } else if (tag === confusionTag && value.case === 'tensor') {
      rowsOf(value.value).forEach((row, actual) => {
        row.slice(1).forEach((count, predicted) => {
          if (actual < classes && predicted < classes)
            frame.confusion[actual * classes + predicted] = Number(count) || 0;
        });
      });
      found = true;
    }
  }
  return found ? frame : null;
}

function exampleRows(examples: Uint8Array, { examples: shown, classNames, range }: Scene): string[][] {
  return Array.from(shown.labels, (label, place) => {
    const [top, level] = [examples[2 * place], examples[2 * place + 1]];
    if (range) return [`${place + 1}`, valueText(shown.levels[place], range), valueText(level, range)];
    return [`${place + 1}`, classNames[label], classNames[top] ?? nothing, shareText(level)];
  });
}

function exampleBytes(row: string[], { classNames, range }: Scene): [number, number] {
  const number = (text: string | undefined) => (text === undefined || text === nothing ? Number.NaN : Number(text));
  if (range) return [0, levelIn(range, number(row[2]))];
  return [Math.max(0, classNames.indexOf(row[2])), levelOf(number(row[3]))];
}

/** Has enough digits to restore the level. */
function shareText(level: number): string {
  return level === 0 ? nothing : shareOf(level).toFixed(4);
}

function valueText(level: number, range: [number, number]): string {
  return level === 0 ? nothing : String(valueIn(range, level));
}

/** Reverses the rows: the lowest row is the first of a plane and the last of an image. */
function upsideDown(bytes: Uint8Array, row: number): Uint8Array {
  const turned = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += row) turned.set(bytes.subarray(at, at + row), bytes.length - row - at);
  return turned;
}

/** A string tensor of rank 2, which TensorBoard shows as a table. */
function textTable(tag: string, rows: string[][]): Summary_Value {
  return create(Summary_ValueSchema, {
    tag,
    value: {
      case: 'tensor',
      value: create(TensorProtoSchema, {
        dtype: textType,
        tensorShape: { dim: [rows.length, rows[0].length].map((size) => ({ size: BigInt(size) })) },
        stringVal: rows.flat().map((text) => new TextEncoder().encode(text)),
      }),
    },
    metadata: create(SummaryMetadataSchema, { pluginData: { pluginName: 'text' }, dataClass: tensorClass }),
  });
}

/** Rows below the head. */
function rowsOf({ stringVal, tensorShape }: TensorProto): string[][] {
  const width = Number(tensorShape?.dim[1]?.size ?? 0);
  if (width < 1) return [];
  const cells = stringVal.map((bytes) => new TextDecoder().decode(bytes));
  const rows: string[][] = [];
  for (let at = width; at + width <= cells.length; at += width) rows.push(cells.slice(at, at + width));
  return rows;
}
