/** What the fields of a column are: numbers, or words. */

import * as l10n from '@vscode/l10n';
import type { CsvSource } from '../dataSpecification';
import { DataError } from '../dataset';
import { type ColumnData, type FieldKind, mostDifferent, type Tally } from './columnData';
import { othersInWords } from './lines';
import { filled, numberLike } from './notation';
import type { Table } from './table';

export type Column =
  | { kind: 'numbers'; values: Float64Array /** What every number has around it. */; unit: string }
  /** `codes` is null where there are more different words than a column may have. */
  | { kind: 'words'; codes: Uint16Array | null; words: string[] };

/** Beyond this many different values, a few words among numbers are slips and not categories. */
export const fewValues = 20;

export interface ColumnOptions {
  /** Many numbers and a few words may be categories together. */
  mixed?: boolean;
  /** Every field is a category, whatever it looks like. */
  categories?: boolean;
  /** Rows without a value are left out, so that gaps are no error. */
  gaps?: boolean;
}

/** The source's own choices for a column. */
export function optionsOf(table: Table, column: number, source: CsvSource): ColumnOptions {
  return { categories: names(table, column, source.categories), gaps: source.missing !== undefined };
}

/** Whether a list of columns, by name or number from 0, has this one. */
export function names(table: Table, column: number, list: readonly (string | number)[] = []): boolean {
  return list.some((item) => (typeof item === 'number' ? item === column : item.trim() === table.names[column]));
}

/** @throws DataError where a value is missing, infinite, in another notation, or a word among numbers. */
export function columnOf(table: Table, column: number, options: ColumnOptions = {}): Column {
  const { mixed = false, categories = false, gaps = false } = options;
  const data = table.columns[column];
  const { tallies } = data;
  if (tallies.empty.count > 0 && !gaps) throw missingValue(table, tallies.empty, column);
  const words: Column = { kind: 'words', codes: data.codes, words: data.words };
  if (categories) return words;
  const holding = filled(data, table.rowCount);
  const half = (count: number) => count > 0 && 2 * count >= holding;
  if (!mixed && half(tallies.date.count)) throw dates(table, column);
  if (!mixed && tallies.like.count > 0 && half(numberLike(data))) throw otherNotation(table, column);
  const unit = unitOf(table, column, mixed);
  const numbers = tallies.number.count + (unit === '' ? 0 : tallies.unit.count);
  const others: FieldKind[] = ['like', 'date', 'word', 'mixed'];
  if (unit === '') others.push('unit');
  const found = others.map((kind) => tallies[kind]).filter(({ count }) => count > 0);
  const count = found.reduce((sum, tally) => sum + tally.count, 0);
  // `none` among words is as good a category as any.
  if (numbers === 0 || (count > 0 && (mixed || !areSlips(table, column, others, count, numbers)))) return words;
  if (count > 0) throw wordAmongNumbers(table, merged(found), column, data);
  if (tallies.gap.count > 0 && !gaps) throw missingValue(table, tallies.gap, column);
  if (tallies.infinite.count > 0) throw notFinite(table, tallies.infinite, column);
  return { kind: 'numbers', values: data.numbers!, unit };
}

/** Words in so small a part of the rows are slips, when none of them comes twice. */
const fewWords = 0.1;
const rowsEnough = 20;
/** Share of numbers from which words without a digit are errors instead of further categories. */
const mostlyNumbers = 2 / 3;

function areSlips(table: Table, column: number, others: readonly FieldKind[], count: number, numbers: number): boolean {
  const data = table.columns[column];
  const { rowCount } = table;
  if (2 * numbers < rowCount) return false;
  if (data.codes === null) return true;
  const unlike = data.wordKinds.filter((kind) => others.includes(kind)).length;
  if (rowCount >= rowsEnough && count <= fewWords * rowCount && unlike === count) return true;
  if (data.words.length > fewValues) return true;
  return count === data.tallies.word.count && numbers >= mostlyNumbers * filled(data, rowCount);
}

/** The currency, percent sign or unit that all numbers have; empty where fields with one are no numbers here. */
function unitOf(table: Table, column: number, mixed: boolean): string {
  const data = table.columns[column];
  const { units, tallies, codes, words } = data;
  const count = tallies.unit.count;
  if (mixed || count === 0 || 2 * count < filled(data, table.rowCount)) return '';
  const different = codes === null ? mostDifferent : words.length;
  const common = units.filter(({ kind, known }) => known && (kind !== 'unit' || different > 2));
  const uniform = units.length === 1 && tallies.number.count === 0;
  if (uniform && (common.length === 1 || different > fewValues)) return units[0].unit;
  if (common.reduce((sum, { tally }) => sum + tally.count, 0) < count) return '';
  const [first, second] = units;
  const bare = tallies.number;
  const other = second ? second.tally : bare;
  if (other.count === 0) return '';
  const line = table.lines[other.rows[0]];
  const words2 = l10n.t`${quote(other.first)} in column ${quote(table.names[column])} is in another unit than ${quote(first.tally.first)} on line ${table.lines[first.tally.rows[0]]}: write all numbers in one unit, or give categories: [${JSON.stringify(table.names[column])}] to read them as words`;
  throw new DataError(`${table.path}:${line}: ${words2}`, 'path', { line, column: column + 1 });
}

/** Rows of several kinds together, in their order. */
function merged(tallies: readonly Tally[]): Tally {
  const rows = tallies.flatMap((tally) => tally.rows).sort((a, b) => a - b);
  const first = tallies.find((tally) => tally.rows[0] === rows[0])!.first;
  return { count: tallies.reduce((sum, { count }) => sum + count, 0), rows: rows.slice(0, 6), first };
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

function errorAt(table: Table, tally: Tally, column: number, words: string, property?: string): DataError {
  const others = othersInWords(
    tally.rows.slice(1).map((row) => table.lines[row]),
    tally.count - 1,
  );
  return fieldError(table, tally.rows[0], column, others === '' ? words : `${words}.${others}`, property);
}

function missingValue(table: Table, tally: Tally, column: number): DataError {
  const found = tally.first === '' ? l10n.t('has no value') : l10n.t`has ${quote(tally.first)} for a value`;
  const words = l10n.t`${found} in column ${quote(table.names[column])}: fill it in, or delete the row or the column, or give missing: [${tally.first === '' ? '' : JSON.stringify(tally.first)}] to leave such rows out`;
  return errorAt(table, tally, column, words);
}

function notFinite(table: Table, tally: Tally, column: number): DataError {
  const words = l10n.t`${quote(tally.first)} in column ${quote(table.names[column])} is no finite number within ±3.4e38: mend it, or delete the row`;
  return errorAt(table, tally, column, words);
}

function wordAmongNumbers(table: Table, tally: Tally, column: number, { tallies }: ColumnData): DataError {
  const [row] = tally.rows;
  const field = tally.first;
  const name = table.names[column];
  let remedy = l10n.t('mend it, or delete the row');
  if (/^[+-]?\d+,\d+$/.test(field)) remedy = l10n.t('write decimals with a point');
  else if (row === 0 && tally.count === 1)
    remedy = l10n.t('mend it; if the line names the columns, leave out header: false');
  else if (tallies.word.count === tally.count) {
    remedy = l10n.t`mend it; or give missing: [${JSON.stringify(field)}] to leave such rows out, or categories: [${JSON.stringify(name)}] to read the column as words`;
  }
  const words = l10n.t`${quote(field)} in column ${quote(name)} is not a number, as others of the column are: ${remedy}`;
  return errorAt(table, tally, column, words);
}

function dates(table: Table, column: number): DataError {
  const name = table.names[column];
  const { date } = table.columns[column].tallies;
  const words = l10n.t`column ${quote(name)} holds dates or times, as ${quote(date.first)}, which are no numbers here: write what may matter of them in columns of numbers (year, month, day, hour), or give ignore: [${JSON.stringify(name)}] to leave the column out`;
  return fieldError(table, date.rows[0], column, words);
}

/** The fields look like numbers, but the table's notation does not fit them, or is not known. */
function otherNotation(table: Table, column: number): DataError {
  const name = table.names[column];
  const { like, number } = table.columns[column].tallies;
  const { evidence } = table.columns[column];
  const { decimal } = table.reading.notation;
  const [row] = like.rows;
  const field = quote(like.first);
  const [unclear] = decimal === '.' ? [evidence['comma-unclear']] : [evidence['point-unclear']];
  const clear = like.count - unclear.count;
  if (unclear.count > 0 && clear <= 0) {
    const mark = decimal === '.' ? ',' : '.';
    const other = decimal === '.' ? '.' : ',';
    const [whole, rest] = unclear.first.split(mark);
    const grouped = `${whole}${rest ?? ''}`.replace(/[^\d+-]/g, '');
    const decimals = `${whole}.${rest ?? ''}`.replace(/[^\d.+-]/g, '');
    const words =
      mark === ','
        ? l10n.t`${quote(unclear.first)} in column ${quote(name)} can be read as ${grouped} or as ${decimals}: give decimal: ${JSON.stringify(other)} if the comma separates thousands, or decimal: ${JSON.stringify(mark)} if it is the decimal mark`
        : l10n.t`${quote(unclear.first)} in column ${quote(name)} can be read as ${grouped} or as ${decimals}: give decimal: ${JSON.stringify(other)} if the point separates thousands, or decimal: ${JSON.stringify(mark)} if it is the decimal mark`;
    return errorAt(table, unclear, column, words, 'path');
  }
  const remedy = number.count === 0 && decimal === '.' ? l10n.t(`, or give decimal: ","`) : '';
  const message = l10n.t`${field} in column ${quote(name)} ${notationProblem(table, like.first)}${remedy}`;
  return fieldError(table, row, column, message);
}

/** What is wrong with a number in another notation than the table's. */
function notationProblem(table: Table, field: string): string {
  const other = otherEvidence(table);
  if (table.reading.notation.decimal === '.') {
    return field.includes(',')
      ? l10n.t`has a comma where ${other ?? l10n.t("the file's other numbers have a decimal point")}: write all numbers of the file in one notation`
      : l10n.t("is in another notation than the file's other numbers: write it with a decimal point");
  }
  return field.includes('.')
    ? l10n.t`has a point where ${other ?? l10n.t("the file's other numbers have a decimal comma")}: write all numbers of the file in one notation`
    : l10n.t("is in another notation than the file's other numbers: write it with a decimal comma");
}

/** Where the file shows the table's notation. */
function otherEvidence(table: Table): string | null {
  const isPoint = table.reading.notation.decimal === '.';
  for (const [column, { evidence }] of table.columns.entries()) {
    const { rows, first } = evidence[isPoint ? 'decimal-point' : 'decimal-comma'];
    if (rows.length === 0) continue;
    const [line, name] = [table.lines[rows[0]], quote(table.names[column])];
    return isPoint
      ? l10n.t`${quote(first)} on line ${line}, column ${name}, has a decimal point`
      : l10n.t`${quote(first)} on line ${line}, column ${name}, has a decimal comma`;
  }
  return null;
}
