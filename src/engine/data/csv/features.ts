/** The columns beside the target as numbers: numeric ones as they are or standardized, words as one feature a category. */
import * as l10n from '@vscode/l10n';
import { requireRoom } from '../capacity';
import { DataError } from '../dataset';
import { largestNumber, mostDifferent } from './columnData';
import { type Column, quote } from './columns';
import type { Table } from './table';

export interface Features {
  names: string[];
  /** Mean and std of each feature, which is (value of the file − mean) / std. */
  scales: Scale[];
  /** The features of the given rows, [rows × features]. */
  of(rows: Uint32Array): Float32Array;
}

export interface Scale {
  mean: number;
  std: number;
}

const unscaled: Scale = { mean: 0, std: 1 };

/** A column that becomes features. */
export interface FeatureColumn {
  /** Its number in the table. */
  column: number;
  found: Column;
}

/** One column of the table: its features' names, and what it writes for the given rows. */
interface Encoder {
  names: string[];
  /** Mean and std of all its features. */
  scale: Scale;
  /** @param at Index of the first row's first feature. @param width Number of all features. */
  write(rows: Uint32Array, features: Float32Array, at: number, width: number): void;
}

/**
 * @param used Rows that are not left out. Categories are those of all of them, so that the features are the same whatever the
 * split.
 * @param train The rows that mean and standard deviation are taken of.
 * @throws DataError
 */
export function featuresOf(
  table: Table,
  columns: readonly FeatureColumn[],
  used: Uint32Array,
  train: Uint32Array,
  standardize: boolean,
): Features {
  const encoders: Encoder[] = [];
  let width = 0;
  for (const { column, found } of columns) {
    const encoder =
      found.kind === 'words'
        ? oneHot(table, column, found, used)
        : numeric(table.names[column], found.values, train, standardize);
    encoders.push(encoder);
    width += encoder.names.length;
    requireRoom(used.length, width, table.path, 'path');
  }
  return {
    names: encoders.flatMap(({ names }) => names),
    scales: encoders.flatMap(({ names, scale }) => names.map(() => scale)),
    of(rows) {
      const features = new Float32Array(rows.length * width);
      let at = 0;
      for (const encoder of encoders) {
        encoder.write(rows, features, at, width);
        at += encoder.names.length;
      }
      return features;
    },
  };
}

function numeric(name: string, values: Float64Array, train: Uint32Array, standardize: boolean): Encoder {
  const scale = standardize ? spread(values, train) : unscaled;
  const { mean, std } = scale;
  return {
    names: [name],
    scale,
    write(rows, features, start, width) {
      let at = start;
      for (const row of rows) {
        features[at] = inFloat32((values[row] - mean) / std);
        at += width;
      }
    },
  };
}

/** Standardized values lie beyond float32 only where the training rows are all but equal. */
export function inFloat32(value: number): number {
  return Math.max(-largestNumber, Math.min(largestNumber, value));
}

/** Mean and standard deviation over the training rows; a constant column is only centred. */
export function spread(values: Float64Array, train: Uint32Array): Scale {
  let sum = 0;
  for (const row of train) sum += values[row];
  const mean = sum / train.length;
  let squares = 0;
  for (const row of train) squares += (values[row] - mean) * (values[row] - mean);
  const first = values[train[0]];
  // Rounding gives a constant a mean, and so a deviation, a little beside itself.
  if (train.every((row) => values[row] === first)) return { mean: first, std: 1 };
  return { mean, std: Math.sqrt(squares / train.length) || 1 };
}

function oneHot(
  table: Table,
  column: number,
  { codes, words }: Column & { kind: 'words' },
  used: Uint32Array,
): Encoder {
  const name = table.names[column];
  if (codes === null) {
    const what = table.columns[column].allDifferent
      ? l10n.t`a different word in each of its first ${mostDifferent} rows`
      : l10n.t`more than ${mostDifferent} words`;
    throw new DataError(
      l10n.t`${table.path}: column ${quote(name)} has ${what}, and a column may have ${mostDifferent} categories: give ignore: [${JSON.stringify(name)}] if the column only names the rows`,
      'path',
      { line: table.lines[0], column: column + 1 },
    );
  }
  const occurring = new Set<number>();
  for (const row of used) occurring.add(codes[row]);
  const categories = Array.from(occurring, (code) => words[code]).sort();
  const numbers = new Map(categories.map((category, k) => [category, k]));
  const places = words.map((word) => numbers.get(word) ?? 0);
  return {
    names: categories.map((category) => `${name}=${category}`),
    scale: unscaled,
    write(rows, features, start, width) {
      let at = start;
      for (const row of rows) {
        features[at + places[codes[row]]] = 1;
        at += width;
      }
    },
  };
}
