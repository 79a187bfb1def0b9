/** Writes and reads the displayed data in the heading of a run log: JSON with arrays as Base64 of their little-endian bytes. */
import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { cellBytes, type Plane, type Scene, type ShownExamples } from '../../engine/scene';
import { type ImageShape, numbersOfImage } from '../../shared/image';
import { bytesOf } from './bytes';

type Written = Record<string, unknown>;

export function writtenScene(scene: Scene): Written {
  return { ...scene, points: writtenExamples(scene.points), examples: writtenExamples(scene.examples) };
}

function writtenExamples({ features, width, labels, levels }: ShownExamples): Written {
  return { features: base64(features), width, labels: base64(labels), levels: base64(levels) };
}

function base64(numbers: ArrayBufferView): string {
  return base64Encode(bytesOf(numbers));
}

/** Null if there is none, or if this version does not understand it. */
export function readScene(written: unknown): Scene | null {
  if (!isWritten(written)) return null;
  const { task, classNames, featureNames, image, plane, confusion, range } = written as Partial<Scene>;
  const [points, examples] = [readExamples(written.points), readExamples(written.examples)];
  if ((task !== 'classification' && task !== 'regression') || !isStrings(classNames) || !isStrings(featureNames))
    return null;
  if (!points || !examples || !Number.isInteger(confusion)) return null;
  const scene: Scene = {
    task,
    classNames,
    featureNames,
    image: imageOf(image),
    plane: isPlane(plane) ? plane : null,
    points,
    examples,
    confusion: confusion as number,
    range: isRange(range) ? range : null,
  };
  return isSound(scene) ? scene : null;
}

const mostCells = 2 ** 16;

/** Whether all sizes match, so that drawing needs no further checks. */
function isSound(scene: Scene): boolean {
  const { task, classNames, image, plane, points, examples, confusion, range } = scene;
  const cells = plane ? plane.columns * plane.rows * cellBytes(scene) : 0;
  const numbers = image ? numbersOfImage(image) : examples.width;
  return (
    cells <= mostCells &&
    (plane === null || points.width === 2) &&
    examples.width === numbers &&
    (confusion === 0 || confusion === classNames.length) &&
    (task === 'regression') === (range !== null)
  );
}

function readExamples(written: unknown): ShownExamples | null {
  if (!isWritten(written)) return null;
  const { width } = written;
  const [features, labels, levels] = [written.features, written.labels, written.levels].map(decoded);
  if (!Number.isInteger(width) || !features || !labels || !levels) return null;
  if (features.length % 4 !== 0 || labels.length % 2 !== 0) return null;
  const shown = {
    features: new Float32Array(features.buffer),
    width: width as number,
    labels: new Uint16Array(labels.buffer),
    levels,
  };
  return shown.features.length === shown.labels.length * shown.width ? shown : null;
}

/** A copy, aligned for any type. */
function decoded(text: unknown): Uint8Array<ArrayBuffer> | null {
  try {
    return typeof text === 'string' ? Uint8Array.from(base64Decode(text)) : null;
  } catch {
    return null;
  }
}

function isWritten(value: unknown): value is Written {
  return typeof value === 'object' && value !== null;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Logs of versions with only grey images have no channels. */
function imageOf(value: unknown): ImageShape | null {
  if (!isWritten(value)) return null;
  const { width, height, channels = 1 } = value;
  return isCount(width) && isCount(height) && isCount(channels) ? { width, height, channels } : null;
}

function isPlane(value: unknown): value is Plane {
  if (!isWritten(value)) return false;
  const { columns, rows, left, right, bottom, top } = value;
  return isCount(columns) && isCount(rows) && [left, right, bottom, top].every(Number.isFinite);
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= mostCells;
}
