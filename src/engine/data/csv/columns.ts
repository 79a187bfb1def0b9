/** What the fields of a column are: numbers, or words. */
import { DataError } from '../dataset';
import { othersInWords } from './lines';
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
  /** Rows by what their field is. */
  const found = { empty: [] as number[], gaps: [] as number[], infinities: [] as number[], words: [] as number[] };
  rows.forEach((row, k) => {
    const field = row[column].toLowerCase();
    if (numeral.test(field)) {
      values[k] = Number(field);
      if (Math.abs(values[k]) > largestNumber) found.infinities.push(k);
    } else if (field === '') found.empty.push(k);
    else if (infinite.has(field)) found.infinities.push(k);
    else if (missing.has(field)) found.gaps.push(k);
    else found.words.push(k);
  });
  const { empty, gaps, infinities, words } = found;
  if (empty.length > 0) throw missingValue(table, empty, column);
  const numbers = rows.filter((row) => numeral.test(row[column])).length;
  // `none` among words is as good a category as any.
  if (numbers === 0 || (words.length > 0 && (mixed || !areSlips(table, column, words, numbers)))) {
    return { kind: 'words', values: rows.map((row) => row[column]) };
  }
  if (words.length > 0) throw wordAmongNumbers(table, words, column);
  if (gaps.length > 0) throw missingValue(table, gaps, column);
  if (infinities.length > 0) throw notFinite(table, infinities, column);
  return { kind: 'numbers', values };
}

/** Words in so small a part of the rows are slips, when none of them comes twice. */
const fewWords = 0.1;
const rowsEnough = 20;

/** @param words Rows that have one. */
function areSlips({ rows }: Table, column: number, words: readonly number[], numbers: number): boolean {
  if (2 * numbers < rows.length) return false;
  const unlike = new Set(words.map((row) => rows[row][column]));
  if (rows.length >= rowsEnough && words.length <= fewWords * rows.length && unlike.size === words.length) return true;
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

/** @param rows Those that have the trouble. */
function errorAt(table: Table, rows: readonly number[], column: number, words: string): DataError {
  const others = othersInWords(rows.slice(1).map((row) => table.lines[row]));
  return fieldError(table, rows[0], column, others === '' ? words : `${words}.${others}`);
}

function missingValue(table: Table, rows: readonly number[], column: number): DataError {
  const [row] = rows;
  const field = table.rows[row][column];
  const found = field === '' ? 'has no value' : `has ${quote(field)} for a value`;
  const words = `${found} in column ${quote(table.names[column])}: fill it in, or delete the row or the column`;
  return errorAt(table, rows, column, words);
}

function notFinite(table: Table, rows: readonly number[], column: number): DataError {
  const words = `${quote(table.rows[rows[0]][column])} in column ${quote(table.names[column])} is no finite number within ±3.4e38: mend it, or delete the row`;
  return errorAt(table, rows, column, words);
}

function wordAmongNumbers(table: Table, rows: readonly number[], column: number): DataError {
  const [row] = rows;
  const field = table.rows[row][column];
  let remedy = 'mend it, or delete the row';
  if (/^[+-]?\d+,\d+$/.test(field)) remedy = 'write decimals with a point';
  else if (row === 0) remedy = 'mend it; if the line names the columns, leave out header: false';
  const words = `${quote(field)} in column ${quote(table.names[column])} is not a number, as others of the column are: ${remedy}`;
  return errorAt(table, rows, column, words);
}
