/** What the fields of a column are: numbers, or words. */
import { DataError } from '../dataset';
import type { Table } from './table';

export type Column = { kind: 'numbers'; values: Float64Array } | { kind: 'words'; values: string[] };

/** Beyond this many different values, a few words among numbers are slips and not categories. */
export const fewValues = 20;

/** The largest number that a float32 holds. */
export const largestNumber = 3.4028234663852886e38;

/** What people write where a value is missing, in lower case. */
const missing = new Set(['', '?', '-', '.', 'na', 'n/a', '#n/a', 'nan', 'null', 'nil', 'none', 'missing']);
const infinite = new Set(['inf', '+inf', '-inf', 'infinity', '+infinity', '-infinity', '∞', '+∞', '-∞']);

const numeral = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * @param mixed Whether many numbers and a few words may be categories together.
 * @throws DataError where a value is missing, infinite, or a word among numbers.
 */
export function columnOf(table: Table, column: number, mixed = false): Column {
  const { rows } = table;
  const values = new Float64Array(rows.length);
  let numbers = 0;
  let firstWord = -1;
  let firstGap = -1;
  rows.forEach((row, k) => {
    const field = row[column];
    if (numeral.test(field)) {
      values[k] = Number(field);
      numbers++;
    } else if (field === '') {
      throw missingValue(table, k, column);
    } else if (missing.has(field.toLowerCase()) || infinite.has(field.toLowerCase())) {
      if (firstGap < 0) firstGap = k;
    } else if (firstWord < 0) {
      firstWord = k;
    }
  });
  // `none` among words is as good a category as any.
  if (numbers === 0 || (firstWord >= 0 && (mixed || !areSlips(table, column, numbers)))) {
    return { kind: 'words', values: rows.map((row) => row[column]) };
  }
  if (firstWord >= 0) throw wordAmongNumbers(table, firstWord, column);
  if (firstGap >= 0) {
    throw infinite.has(rows[firstGap][column].toLowerCase())
      ? notFinite(table, firstGap, column)
      : missingValue(table, firstGap, column);
  }
  const tooLarge = values.findIndex((value) => Math.abs(value) > largestNumber);
  if (tooLarge >= 0) throw notFinite(table, tooLarge, column);
  return { kind: 'numbers', values };
}

function areSlips({ rows }: Table, column: number, numbers: number): boolean {
  if (2 * numbers < rows.length) return false;
  const different = new Set<string>();
  for (const row of rows) {
    different.add(row[column]);
    if (different.size > fewValues) return true;
  }
  return false;
}

/** An error at a field. */
export function fieldError(table: Table, row: number, column: number, words: string, property = 'path'): DataError {
  const line = table.lines[row];
  return new DataError(`${table.path}:${line}: ${words}`, property, { line, column: column + 1 });
}

/** A name or value as messages show it. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

function missingValue(table: Table, row: number, column: number): DataError {
  const field = table.rows[row][column];
  const found = field === '' ? 'has no value' : `has ${quote(field)} for a value`;
  const words = `${found} in column ${quote(table.names[column])}: fill it in, or delete the row or the column`;
  return fieldError(table, row, column, words);
}

function notFinite(table: Table, row: number, column: number): DataError {
  const words = `${quote(table.rows[row][column])} in column ${quote(table.names[column])} is no finite number within ±3.4e38: mend it, or delete the row`;
  return fieldError(table, row, column, words);
}

function wordAmongNumbers(table: Table, row: number, column: number): DataError {
  const field = table.rows[row][column];
  let remedy = 'mend it, or delete the row';
  if (/^[+-]?\d+,\d+$/.test(field)) remedy = 'write decimals with a point';
  else if (row === 0) remedy = 'mend it; if the line names the columns, leave out header: false';
  const words = `${quote(field)} in column ${quote(table.names[column])} is not a number, as others of the column are: ${remedy}`;
  return fieldError(table, row, column, words);
}
