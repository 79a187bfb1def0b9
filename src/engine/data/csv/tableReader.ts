/** Reads the text of a CSV file, piece by piece, into columns. */

import * as l10n from '@vscode/l10n';
import { count as countOf } from '../../../shared/counts';
import type { CsvSource } from '../dataSpecification';
import { DataError } from '../dataset';
import { ColumnBuilder } from './columnData';
import type { Encoding } from './decode';
import { cut, type Dialect, plainText, type QuoteError, sepLineOf } from './dialect';
import { othersInWords } from './lines';
import type { Notation } from './numerals';
import type { Table } from './table';
import type { Shape } from './tableShape';

/** Rows of the same trouble that messages name. */
const mostStored = 6;

export class TableReader {
  private names: string[] | null = null;
  private unnamed: boolean[] = [];
  private columns: ColumnBuilder[] = [];
  private firstRow: string[] = [];
  private lines: Uint32Array[] = [];
  private rowCount = 0;
  private line = 1;
  private comments = 0;
  private blankRows = 0;
  /** Line and number of fields of the first row of another length than the header. */
  private ragged: { lines: number[]; count: number; fields: number } | null = null;
  private start = { line: 0, width: 0, firstField: '' };
  private longerBy: Set<number> = new Set();
  private rowsOfAnyLength = 0;

  constructor(
    private readonly shape: Shape,
    private readonly source: CsvSource,
    private readonly notation: Notation,
    private readonly encoding: Encoding,
  ) {}

  read(pieces: Iterable<string>): Table {
    const { dialect } = this.shape;
    let rest = '';
    let started = false;
    const addText = (text: string, last: boolean) => {
      // Without quotation marks fields are what is between delimiters.
      if (this.names !== null && this.shape.edge === 'none' && !text.includes('"')) {
        return this.addUnquoted(text, dialect.delimiter, last);
      }
      const { rows, errors, cursor } = cut(text, dialect, last);
      this.add(rows, errors[0], text.includes('"'));
      return last ? '' : text.slice(cursor);
    };
    const beginning = (text: string) => {
      const sep = sepLineOf(text);
      if (!sep) return text;
      this.line++;
      return text.slice(sep.length);
    };
    if (dialect.aligned || dialect.spacedQuotes) {
      addText(plainText(beginning(Array.from(pieces).join('')), dialect), true);
    } else {
      for (const piece of pieces) {
        // A piece may end within its first line.
        const text = started ? rest + piece : beginning(rest + piece);
        started = true;
        rest = text.includes('\n') ? addText(text, false) : text;
      }
      addText(rest, true);
    }
    return this.end();
  }

  /** Adds the complete lines of `text`, which has no quotation marks. @returns The rest after the last line break. */
  private addUnquoted(text: string, delimiter: string, last: boolean): string {
    const { width } = this.shape;
    const { columns } = this;
    const bounds = new Int32Array(width + 1);
    let start = 0;
    let next = text.indexOf(delimiter);
    while (start <= text.length) {
      let end = text.indexOf('\n', start);
      if (end < 0) {
        if (!last) break;
        end = text.length;
      }
      let count = 0;
      bounds[0] = start;
      while (next >= 0 && next < end) {
        count++;
        if (count <= width) bounds[count] = next + 1;
        next = text.indexOf(delimiter, next + 1);
      }
      count++;
      // Rows that may be blank, comments or of another length take the way of all rows.
      if (count !== width || bounds[1] === start + 1 || this.rowCount === 0) {
        this.add([text.slice(start, end).split(delimiter)], undefined, false);
      } else if (width > 1) {
        bounds[width] = end + 1;
        for (let column = 0; column < width; column++) {
          columns[column].addFrom(text, bounds[column], bounds[column + 1] - 1);
        }
        this.counted();
        this.line++;
      }
      start = end + 1;
    }
    return start > text.length ? '' : text.slice(start);
  }

  private counted(): void {
    const at = this.rowCount % blockRows;
    if (at === 0) this.lines.push(new Uint32Array(blockRows));
    this.lines[this.lines.length - 1][at] = this.line;
    this.rowCount++;
    this.rowsOfAnyLength++;
  }

  private add(rows: string[][], broken: QuoteError | undefined, quoted: boolean): void {
    const { path } = this.source;
    for (let k = 0; k < rows.length; k++) {
      if (broken && broken.row === k) throw quoteError(path, this.line, broken);
      const row = rows[k];
      let height = 1;
      let blank = true;
      for (let column = 0; column < row.length; column++) {
        let field = row[column];
        if (quoted) height += lineEndsIn(field);
        if (field !== '') {
          const [first, last] = [field.charCodeAt(0), field.charCodeAt(field.length - 1)];
          if (first <= 32 || last <= 32 || first > 127 || last > 127) {
            field = field.trim();
            row[column] = field;
          }
          if (field !== '') blank = false;
        }
      }
      if (!blank) this.addRow(row);
      else if (row.length > 1) this.blankRows++;
      this.line += height;
    }
    if (broken && broken.row >= rows.length) throw quoteError(path, this.line, broken);
  }

  private addRow(row: string[]): void {
    const { width, edge } = this.shape;
    const { header } = this.source;
    const rowWidth = row.length;
    const isHeader = header && this.names === null && edge !== 'none' && rowWidth === width - 1;
    if (rowWidth !== width && row[0].startsWith('#') && !isHeader) {
      this.comments++;
      return;
    }
    if (this.names === null) {
      this.begin(row);
      if (header) return;
    }
    if (rowWidth !== width) {
      this.rowsOfAnyLength++;
      this.longerBy.add(rowWidth - width);
      if (!this.ragged) this.ragged = { lines: [], count: 0, fields: rowWidth };
      if (this.ragged.lines.length < mostStored) this.ragged.lines.push(this.line);
      this.ragged.count++;
      return;
    }
    const { columns } = this;
    const offset = edge === 'row-names' ? 1 : 0;
    if (edge === 'trailing-delimiter' && row[width - 1] !== '') {
      this.ragged ??= { lines: [], count: 0, fields: rowWidth };
      if (this.ragged.lines.length < mostStored) this.ragged.lines.push(this.line);
      this.ragged.count++;
      return;
    }
    if (this.rowCount === 0) this.firstRow = row.slice(offset, offset + columns.length);
    for (let column = 0; column < columns.length; column++) columns[column].add(row[column + offset]);
    this.counted();
  }

  /** The first row that is no comment. */
  private begin(row: string[]): void {
    const { path, header, missing = [] } = this.source;
    const { dialect, edge, width } = this.shape;
    this.start = { line: this.line, width: row.length, firstField: row[0] };
    if (row.length === 1) {
      if (!header || this.shape.below < 2) throw singleColumn(path, this.line, dialect, this.source.delimiter);
      const message = l10n.t`has 1 field where the lines below have ${this.shape.below}: delete the line if it is a title, else name all columns in it`;
      throw new DataError(`${path}:${this.line}: ${message}`, 'path', { line: this.line, column: 1 });
    }
    const count = edge === 'none' ? width : width - 1;
    const own = row.slice(0, count);
    if (header) {
      this.names = namesOf(path, own, this.line);
      this.unnamed = own.map((name) => name === '');
    } else {
      this.names = own.map((_, column) => `column ${column}`);
      this.unnamed = own.map(() => false);
    }
    const words = new Set(missing.map((word) => word.trim().toLowerCase()));
    this.columns = own.map(() => new ColumnBuilder(this.notation, words));
  }

  private end(): Table {
    const { source, shape, names, rowCount, ragged } = this;
    const { path, header } = source;
    if (names === null) throw new DataError(l10n.t`${path} holds blank lines only: give a table with rows`, 'path');
    if (ragged) throw this.raggedRow(ragged);
    if (rowCount === 0) {
      throw new DataError(l10n.t`${path} has a header line and no rows: add rows, or give header: ${!header}`, 'path');
    }
    const { delimiter, aligned, sepLine } = shape.dialect;
    return {
      path,
      names,
      unnamed: this.unnamed,
      rowCount,
      lines: this.joinedLines(),
      columns: this.columns.map((column) => column.end()),
      firstRow: this.firstRow.map((field) => (field.length > 200 ? `${field.slice(0, 199)}…` : field)),
      reading: {
        encoding: this.encoding,
        delimiter,
        aligned,
        notation: this.notation,
        sepLine,
        comments: this.comments,
        blankRows: this.blankRows,
        edge: shape.edge,
      },
    };
  }

  private joinedLines(): Uint32Array {
    const bytes = 4 * this.rowCount;
    const shared = typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
    const lines = new Uint32Array(shared);
    this.lines.forEach((block, k) => {
      lines.set(block.subarray(0, Math.min(blockRows, this.rowCount - k * blockRows)), k * blockRows);
    });
    return lines;
  }

  /** It is spoken of the first row that has another number of fields than the header. */
  private raggedRow({ lines, count, fields }: { lines: number[]; count: number; fields: number }): DataError {
    const { path, header, delimiter } = this.source;
    const { width, edge } = this.shape;
    const [line] = lines;
    const mark = { line, column: Math.min(fields, width) + (fields > width ? 1 : 0) };
    if (edge === 'trailing-delimiter' && fields === width) {
      const words = l10n.t(
        'has a value behind the last column, where other rows end with a delimiter: name the column in the header, or delete the value',
      );
      return new DataError(`${path}:${line}: ${words}`, 'path', mark);
    }
    const first = header ? l10n.t('the header') : l10n.t`line ${this.start.line}`;
    const found = countOf(fields, 'field');
    let remedy =
      fields < width
        ? l10n.t('fill in what is missing, or delete the row')
        : l10n.t('put quotation marks around a field that holds the delimiter');
    const allOthers = count === this.rowsOfAnyLength - (header ? 0 : 1) && count > 1 && this.longerBy.size === 1;
    if (this.start.firstField.startsWith('#')) {
      remedy = l10n.t`delete line ${this.start.line} if it is a comment`;
    } else if (allOthers && fields === width + 1 && header) {
      remedy = l10n.t(
        'so has every row: name the first column in the header if it holds the names of the rows, or delete the delimiter at the end of each row',
      );
    } else if (allOthers && header) {
      remedy = l10n.t`so has every row: name as many columns in the header, or delete line ${this.start.line} if it is a title`;
    } else if (delimiter === undefined && fields > width && this.shape.dialect.delimiter === ',') {
      remedy = l10n.t`${remedy}, or write decimals with a point`;
    }
    const words = l10n.t`has ${found} where ${first} has ${edge === 'none' ? width : width - 1}: ${remedy}`;
    const others = allOthers ? '' : othersInWords(lines.slice(1), count - 1);
    return new DataError(`${path}:${line}: ${words}${others && `.${others}`}`, 'path', mark);
  }
}

const blockRows = 2 ** 10;

function lineEndsIn(field: string): number {
  let count = 0;
  for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count++;
  return count;
}

function quoteError(path: string, line: number, { code }: QuoteError): DataError {
  const words =
    code === 'MissingQuotes'
      ? l10n.t('a field that begins with a quotation mark is never closed: close it, or double the mark')
      : l10n.t('text follows the closing quotation mark of a field: double the marks within it');
  return new DataError(`${path}:${line}: ${words}`, 'path', { line, column: 1 });
}

function singleColumn(path: string, line: number, { delimiter }: Dialect, given: string | undefined): DataError {
  const message =
    given === undefined
      ? l10n.t(
          'has a single column: a table needs features beside its target. If its fields are divided otherwise than by , ; | a tab or spaces, give delimiter',
        )
      : l10n.t`has no ${JSON.stringify(delimiter)} between fields: leave out delimiter, or give the file's own`;
  return new DataError(`${path}:${line}: ${message}`, given === undefined ? 'path' : 'delimiter', { line, column: 1 });
}

function namesOf(path: string, header: string[], line: number): string[] {
  const numbers = header.filter((name) => /^[+-]?\d*[.,]?\d+(e[+-]?\d+)?$/i.test(name));
  if (numbers.length >= Math.max(1, header.length - 1)) {
    throw new DataError(
      `${path}:${line}: ${l10n.t('the header line holds numbers: give header: false when it is a row, else name the columns in words')}`,
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
    const words = l10n.t`fields ${first + 1} and ${column + 1} of the header are both ${JSON.stringify(name)}: give each column a name of its own`;
    throw new DataError(`${path}:${line}: ${words}`, 'path', { line, column: column + 1 });
  });
  return names;
}
