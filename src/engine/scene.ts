/**
 * The displayed data of a run, and the inputs for which the network's predictions are computed. They depend only on seed and
 * data, so all arms of a seed show the same.
 */
import type { ImageShape } from '../shared/image';
import { levelIn } from '../shared/levels';
import { type Dataset, type Examples, numbersOf } from './data/dataset';
import { type Streams, streams } from './random';

/** A rectangle of two features, with a prediction at the middle of each cell. Row 0 is the lowest. */
export interface Plane {
  columns: number;
  rows: number;
  left: number;
  right: number;
  bottom: number;
  top: number;
}

/** Displayed examples, with their classes or targets. */
export interface ShownExamples {
  /** [count × width], row-major. */
  features: Float32Array;
  /** Number of stored values per example: both of two features, all channels of all pixels of an image, otherwise the first few features. */
  width: number;
  /** Class of each, from 0; all 0 in a regression. */
  labels: Uint16Array;
  /** First target of each in a regression, as a level of the scene's range; empty in a classification. */
  levels: Uint8Array;
}

export interface Scene {
  task: 'classification' | 'regression';
  /** In the order of the labels; empty in a regression. */
  classNames: string[];
  /** Names of the stored features; empty for images. */
  featureNames: string[];
  /** Shape of examples that are images. */
  image: ImageShape | null;
  /** The plane of predictions, for data with two features. */
  plane: Plane | null;
  /** Training examples drawn into the plane; none without a plane. */
  points: ShownExamples;
  /** Test examples with displayed predictions; none with a plane. */
  examples: ShownExamples;
  /** Number of classes of the confusion matrix; 0 without one. */
  confusion: number;
  /** In a regression, the values of the lowest and the highest level. */
  range: [low: number, high: number] | null;
}

/** A side of the plane: fine enough for the turns of a spiral, and whole passes of the evaluation. */
const planeSide = 32;
export const planeCells = planeSide * planeSide;
/** Margin around the training examples, as a share of their range. */
const planeMargin = 0.08;
/** Beyond, two axes have units of their own. */
const likeSpans = 3;
const mostPoints = 300;
const mostExamples = 20;
/** Maximum number of stored values of all examples, so that fewer large images are shown. */
const mostPixels = 2 ** 18;
const mostFeatures = 6;
/** Maximum number of classes with a confusion matrix. */
const mostConfused = 32;

/** The displayed data, and the rows of the displayed examples in the test set. */
export interface MadeScene {
  scene: Scene;
  exampleRows: Uint32Array;
}

export function sceneOf(dataset: Dataset, seed: number): MadeScene {
  const { task, classNames, featureNames, featureCount, image, train, test } = dataset;
  const stream = streams(seed);
  const plane = featureCount === 2 && !image ? planeOver(train) : null;
  const range = task === 'regression' ? rangeOf(train, dataset.targetCount) : null;
  const width = image ? featureCount : Math.min(featureCount, mostFeatures);
  // not translated: name of a random stream
  const pointRows = plane ? stream('shown points').permutation(train.count).slice(0, mostPoints) : noRows;
  const exampleRows = plane ? noRows : chosen(test, image ? featureCount : 1, stream);
  const picked = (from: Examples, rows: Uint32Array): ShownExamples => ({
    features: shownPixels(featuresOf(from, rows, { width, featureCount }), dataset),
    width,
    labels: Uint16Array.from(rows, (row) => from.labels[row] ?? 0),
    levels: range
      ? Uint8Array.from(rows, (row) => levelIn(range, from.targets[row * dataset.targetCount]))
      : new Uint8Array(0),
  });
  const scene: Scene = {
    task,
    classNames,
    featureNames: featureNames.slice(0, width),
    image: image ?? null,
    plane,
    points: picked(train, pointRows),
    examples: picked(test, exampleRows),
    confusion: task === 'classification' && dataset.classCount <= mostConfused ? dataset.classCount : 0,
    range,
  };
  return { scene, exampleRows };
}

const noRows = new Uint32Array(0);

/** Bytes that a cell of the plane takes: see `PredictionFrame.surface`. */
export function cellBytes({ task, classNames }: Pick<Scene, 'task' | 'classNames'>): number {
  return task === 'classification' && classNames.length > 2 ? 3 : 1;
}

/** Middles of all cells, [rows · columns × 2], row by row from the lowest. */
export function cellCentres({ columns, rows, left, right, bottom, top }: Plane): Float32Array {
  const centres = new Float32Array(2 * columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = 2 * (row * columns + column);
      centres[at] = left + ((column + 0.5) / columns) * (right - left);
      centres[at + 1] = bottom + ((row + 0.5) / rows) * (top - bottom);
    }
  }
  return centres;
}

/** Test examples in random order, the classes taking turns. */
function chosen(test: Examples, pixels: number, stream: Streams): Uint32Array {
  const count = Math.max(1, Math.min(mostExamples, Math.floor(mostPixels / pixels)));
  const byClass = new Map<number, number[]>();
  // not translated: name of a random stream
  for (const row of stream('shown examples').permutation(test.count)) {
    const label = test.labels[row] ?? 0;
    const rows = byClass.get(label) ?? [];
    byClass.set(label, rows);
    if (rows.length < count) rows.push(row);
  }
  const classes = [...byClass.keys()].sort((a, b) => a - b);
  const rows: number[] = [];
  for (let round = 0; rows.length < Math.min(count, test.count); round++) {
    for (const label of classes) {
      const row = byClass.get(label)?.[round];
      if (row !== undefined && rows.length < count) rows.push(row);
    }
  }
  // Examples of the same class are next to each other.
  return Uint32Array.from(rows.sort((a, b) => (test.labels[a] ?? 0) - (test.labels[b] ?? 0)));
}

function featuresOf(
  from: Examples,
  rows: Uint32Array,
  { width, featureCount }: { width: number; featureCount: number },
): Float32Array {
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, k) => {
    values.set(numbersOf(from, row * featureCount, row * featureCount + width), k * width);
  });
  return values;
}

/** Pixels from 0 to 1, black to white. Numbers that are not of images stay as they are. */
function shownPixels(features: Float32Array, { pixelRange }: Dataset): Float32Array {
  if (!pixelRange) return features;
  return features.map((value, k) => {
    const { black, white } = pixelRange[k % pixelRange.length];
    return (value - black) / (white - black);
  });
}

function planeOver({ features, count }: Examples): Plane {
  const ends = [0, 1].map((axis) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let k = 0; k < count; k++) {
      low = Math.min(low, features[2 * k + axis]);
      high = Math.max(high, features[2 * k + axis]);
    }
    return { middle: (low + high) / 2, span: high > low ? high - low : 1 };
  });
  const [most, least] = [Math.max(ends[0].span, ends[1].span), Math.min(ends[0].span, ends[1].span)];
  const [[left, right], [bottom, top]] = ends.map(({ middle, span }) => {
    const half = ((most <= likeSpans * least ? most : span) * (1 + 2 * planeMargin)) / 2;
    return [middle - half, middle + half];
  });
  return { columns: planeSide, rows: planeSide, left, right, bottom, top };
}

/** Range of the targets, extended by a quarter on both sides for predictions outside it. */
function rangeOf({ targets, count }: Examples, targetCount: number): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < count; k++) {
    low = Math.min(low, targets[k * targetCount]);
    high = Math.max(high, targets[k * targetCount]);
  }
  const room = high > low ? (high - low) / 4 : 1;
  return [low - room, high + room];
}
