/** A CSV file as rows of fields: all of one length, each with the line it begins on. */
import { type ParseError, parse } from 'papaparse';
import { DataError } from '../dataset';
import type { CsvSource } from '../specification';
import { othersInWords } from './lines';

export interface Table {
  path: string;
  /** From the header, or `column 0`, `column 1`, …. */
  names: string[];
  /** Without the header and blank lines; no space around the fields. */
  rows: string[][];
  /** Of each row in the file, from 1. */
  lines: number[];
}

const delimiters = [',', ';', '\t', '|'];

/** @throws DataError when the text is no table. */
export function readTable(text: string, { path, delimiter, header }: CsvSource): Table {
  if (delimiter !== undefined && (delimiter.length !== 1 || '\n\r"\ufeff'.includes(delimiter))) {
    throw new DataError(
      `${JSON.stringify(delimiter)} cannot stand between fields: give one character, such as "," or ";"`,
      'delimiter',
    );
  }
  const between = delimiter ?? likelyDelimiter(text);
  const { data, errors } = parse<string[]>(text, { delimiter: between, newline: '\n' });
  const rows: string[][] = [];
  const lines: number[] = [];
  let line = 1;
  const [broken] = errors.filter(({ type }) => type === 'Quotes');
  for (const [k, row] of data.entries()) {
    if (broken && (broken.row ?? 0) === k) throw quoteError(path, line, broken);
    let height = 1;
    for (const [column, field] of row.entries()) {
      height += lineEndsIn(field);
      row[column] = field.trim();
    }
    if (row.length > 1 || row[0] !== '') {
      rows.push(row);
      lines.push(line);
    }
    line += height;
  }
  if (broken) throw quoteError(path, line, broken);
  if (rows.length === 0) throw new DataError(`${path} holds blank lines only: give a table with rows`, 'path');

  const width = rows[0].length;
  if (width === 1) throw singleColumn(path, lines[0], between, delimiter);
  const ragged = [...rows.keys()].filter((row) => rows[row].length !== width);
  if (ragged.length > 0) throw raggedRow(path, lines, rows[ragged[0]].length, ragged, width, header);
  if (!header) return { path, names: rows[0].map((_, column) => `column ${column}`), rows, lines };

  const names = namesOf(path, rows[0], lines[0]);
  if (rows.length === 1) {
    throw new DataError(`${path} has a header line and no rows: add rows, or give header: false`, 'path');
  }
  return { path, names, rows: rows.slice(1), lines: lines.slice(1) };
}

/** The one that cuts the first lines into most fields, of those that cut all alike; a comma when none does. */
function likelyDelimiter(text: string): string {
  const sample = text.slice(0, 100_000).trimStart();
  const { meta } = parse<string[]>(sample, {
    preview: 10,
    newline: '\n',
    skipEmptyLines: 'greedy',
    delimitersToGuess: delimiters,
  });
  return meta.delimiter;
}

function lineEndsIn(field: string): number {
  let count = 0;
  for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count++;
  return count;
}

function quoteError(path: string, line: number, { code }: ParseError): DataError {
  const words =
    code === 'MissingQuotes'
      ? 'a field that begins with a quotation mark is never closed: close it, or double the mark'
      : 'text follows the closing quotation mark of a field: double the marks within it';
  return new DataError(`${path}:${line}: ${words}`, 'path', { line, column: 1 });
}

function singleColumn(path: string, line: number, between: string, given: string | undefined): DataError {
  const message =
    given === undefined
      ? 'has a single column: a table needs features beside its target. If its fields are divided otherwise than by , ; | or a tab, give delimiter'
      : `has no ${JSON.stringify(between)} between fields: leave out delimiter, or give the file's own`;
  return new DataError(`${path}:${line}: ${message}`, given === undefined ? 'path' : 'delimiter', { line, column: 1 });
}

/** @param ragged The rows that have another number of fields than the first; it is spoken of the first of them. */
function raggedRow(path: string, lines: number[], fields: number, ragged: number[], width: number, header: boolean) {
  const line = lines[ragged[0]];
  const first = header ? 'the header' : `line ${lines[0]}`;
  const count = fields === 1 ? '1 field' : `${fields} fields`;
  const remedy =
    fields < width
      ? 'fill in what is missing, or delete the row'
      : 'put quotation marks around a field that holds the delimiter';
  const others = othersInWords(ragged.slice(1).map((row) => lines[row]));
  const words = `has ${count} where ${first} has ${width}: ${remedy}${others === '' ? '' : `.${others}`}`;
  return new DataError(`${path}:${line}: ${words}`, 'path', {
    line,
    column: Math.min(fields, width) + (fields > width ? 1 : 0),
  });
}

function namesOf(path: string, header: string[], line: number): string[] {
  const numbers = header.filter((name) => /^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i.test(name));
  if (numbers.length >= Math.max(1, header.length - 1)) {
    throw new DataError(
      `${path}:${line}: the header line holds numbers: give header: false when it is a row, else name the columns in words`,
      'header',
      { line, column: 1 },
    );
  }
  const names = header.map((name, column) => name || `column ${column}`);
  const seen = new Map<string, number>();
  names.forEach((name, column) => {
    const first = seen.get(name);
    seen.set(name, column);
    if (first === undefined) return;
    throw new DataError(
      `${path}:${line}: fields ${first + 1} and ${column + 1} of the header are both ${JSON.stringify(name)}: give each column a name of its own`,
      'path',
      { line, column: column + 1 },
    );
  });
  return names;
}
