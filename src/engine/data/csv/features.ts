/** The columns beside the target as numbers: numeric ones as they are or standardized, words as one feature a category. */
import { requireRoom } from '../capacity';
import { DataError } from '../dataset';
import { columnOf, largestNumber, quote } from './columns';
import type { Table } from './table';

export interface Features {
  names: string[];
  /** The features of the given rows, [rows × features]. */
  of(rows: Uint32Array): Float32Array;
}

const mostCategories = 1000;

/** One column of the table: where its features begin, and what a row puts there. */
interface Encoder {
  names: string[];
  write(row: number, features: Float32Array, at: number): void;
}

/**
 * @param train The rows that mean and standard deviation are taken of. Categories are those of all rows, so that the
 * features are the same whatever the split.
 * @throws DataError
 */
export function featuresOf(table: Table, target: number, train: Uint32Array, standardize: boolean): Features {
  const encoders: Encoder[] = [];
  let width = 0;
  table.names.forEach((_, column) => {
    if (column === target) return;
    const encoder = encoderOf(table, column, train, standardize);
    encoders.push(encoder);
    width += encoder.names.length;
    requireRoom(table.rows.length, width, table.path, 'path');
  });
  return {
    names: encoders.flatMap(({ names }) => names),
    of(rows) {
      const features = new Float32Array(rows.length * width);
      rows.forEach((row, k) => {
        let at = k * width;
        for (const encoder of encoders) {
          encoder.write(row, features, at);
          at += encoder.names.length;
        }
      });
      return features;
    },
  };
}

function encoderOf(table: Table, column: number, train: Uint32Array, standardize: boolean): Encoder {
  const name = table.names[column];
  const found = columnOf(table, column);
  if (found.kind === 'words') return oneHot(table, column, found.values);
  const { values } = found;
  const { mean, std } = standardize ? spread(values, train) : { mean: 0, std: 1 };
  return {
    names: [name],
    write(row, features, at) {
      const value = (values[row] - mean) / std;
      // Only a test row can lie so far out, where the training rows are all but equal.
      features[at] = Math.max(-largestNumber, Math.min(largestNumber, value));
    },
  };
}

/** Mean and standard deviation over the training rows; a constant column is only centred. */
function spread(values: Float64Array, train: Uint32Array): { mean: number; std: number } {
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

function oneHot(table: Table, column: number, values: string[]): Encoder {
  const name = table.names[column];
  const categories = Array.from(new Set(values)).sort();
  if (categories.length > mostCategories) {
    const what = categories.length === values.length ? 'a different word in every row' : `${categories.length} words`;
    throw new DataError(
      `${table.path}: column ${quote(name)} has ${what}, and a column may have ${mostCategories} categories: delete the column if it only names the rows`,
      'path',
      { line: table.lines[0], column: column + 1 },
    );
  }
  const numbers = new Map(categories.map((category, k) => [category, k]));
  return {
    names: categories.map((category) => `${name}=${category}`),
    write(row, features, at) {
      features[at + numbers.get(values[row])!] = 1;
    },
  };
}
