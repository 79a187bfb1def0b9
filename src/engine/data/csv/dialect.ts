/** How a table is cut into fields, found from its first lines: delimiter, quotation marks, lines that are no rows. */
import * as l10n from '@vscode/l10n';
import { Parser } from 'papaparse';
import type { CsvSource } from '../dataSpecification';
import { DataError } from '../dataset';
import { numeralOf, plainValue } from './numerals';

/** A delimiter of one character, or runs of spaces and tabs. */
export interface Dialect {
  delimiter: string;
  /** Fields are separated by runs of spaces and tabs; `delimiter` is then the tab that each run becomes. */
  aligned: boolean;
  /** Spaces come before opening quotation marks. */
  spacedQuotes: boolean;
  /** The first line was `sep=…`. */
  sepLine: boolean;
}

/** A field-cutting error of Papa Parse. */
export interface QuoteError {
  code: string;
  /** Index in `rows`. */
  row: number;
}

export interface Cut {
  rows: string[][];
  errors: QuoteError[];
  /** Characters that the rows take. */
  cursor: number;
}

const delimiters = [',', ';', '\t', '|'];

/** Lines by which delimiters are compared. */
const comparedLines = 30;

/** @param last Whether no text follows, so that the last line is whole. */
export function cut(text: string, { delimiter }: Pick<Dialect, 'delimiter'>, last: boolean, preview = 0): Cut {
  const parser = new Parser({ delimiter, newline: '\n', preview });
  const { data, errors, meta } = parser.parse(text, 0, !last) as {
    data: string[][];
    errors: { type: string; code: string; row?: number }[];
    meta: { cursor: number };
  };
  const broken = errors.filter(({ type }) => type === 'Quotes').map(({ code, row = 0 }) => ({ code, row }));
  return { rows: data, errors: broken, cursor: meta.cursor };
}

/**
 * @param sample The first lines of the file, or all of it.
 * @throws DataError when the text is in another format than CSV.
 */
export function dialectOf(sample: string, source: CsvSource): Dialect {
  const sep = sepLineOf(sample);
  const text = sep ? sample.slice(sep.length) : sample;
  const other = otherText(text);
  if (other) throw new DataError(`${source.path}:1: ${other}`, 'path', { line: 1, column: 1 });
  const given = source.delimiter ?? sep?.delimiter;
  if (given === ' ') return dialect('\t', text, { aligned: true, sepLine: sep !== null });
  return given === undefined ? likely(text) : dialect(given, text, { aligned: false, sepLine: sep !== null });
}

/** A first line that sets the delimiter for Excel. */
export function sepLineOf(text: string): { delimiter: string; length: number } | null {
  const found = /^\ufeff?"?sep=(.)"?[ \t;,]*(?:\n|$)/i.exec(text);
  return found ? { delimiter: found[1], length: found[0].length } : null;
}

function otherText(text: string): string | null {
  const start = text.trimStart();
  const [line] = start.split('\n', 1);
  if (/^[[{]/.test(line)) {
    const isJson = l10n.t`is JSON: convert it to CSV, for instance with pandas: ${'pd.read_json(…).to_csv(…, index=False)'}`;
    try {
      JSON.parse(line);
      if (/^\{|^\[./.test(line)) {
        return l10n.t`is JSON, one value a line: convert it to CSV, for instance with pandas: ${'pd.read_json(…, lines=True).to_csv(…, index=False)'}`;
      }
    } catch {
      if (/^\{\s*("|$)|^\[\s*([{["]|$)/.test(line)) return isJson;
    }
    if (/^\[\s*$/.test(line)) return isJson;
  }
  if (/^<(!doctype|html|\?xml|table|svg)/i.test(line)) {
    return l10n.t('is a web page or XML: save the table itself as CSV, and name that file');
  }
  return /^@relation\b/im.test(start.slice(0, 5000)) && /^@attribute\b/im.test(start.slice(0, 20_000))
    ? l10n.t('is an ARFF file: keep the lines below @data, with the names of the @attribute lines as a header')
    : null;
}

function dialect(delimiter: string, text: string, parts: Pick<Dialect, 'aligned' | 'sepLine'>): Dialect {
  return { delimiter, ...parts, spacedQuotes: !parts.aligned && spacedQuotes(delimiter).test(text) };
}

/** A quoted field behind spaces, closed right before a delimiter or a line's end. */
function spacedQuotes(delimiter: string): RegExp {
  const mark = delimiter.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&');
  const space = delimiter === '\t' ? ' ' : '[ \\t]';
  return new RegExp(`(^|\\n|${mark})${space}+("(?:[^"]|"")*")(?=${space}*(?:${mark}|\\n|$))`, 'g');
}

/** The text of another dialect as one that Papa Parse reads. */
export function plainText(text: string, { aligned, delimiter, spacedQuotes: spaced }: Dialect): string {
  if (aligned) {
    const pieces = /(?<![^ \t\n])"(?:[^"]|"")*"(?=[ \t\n]|$)|[ \t]*\n[ \t]*|[ \t]+/g;
    return text
      .replace(pieces, (piece) => (piece.startsWith('"') ? piece : piece.includes('\n') ? '\n' : '\t'))
      .replace(/^\t|\t$/g, '');
  }
  return spaced ? text.replace(spacedQuotes(delimiter), '$1$2') : text;
}

interface Candidate extends Dialect {
  /** How much the numbers of fields differ from line to line. */
  unevenness: number;
  /** Share of fields that no other delimiter would cut. */
  clean: number;
  fields: number;
}

/**
 * The delimiter that cuts the first lines most evenly (Papa Parse's own measure); of several, the one whose fields hold
 * no other delimiter beside a digit, so that `1,9;10,2` is not cut at its decimal commas; then the one with most fields.
 */
function likely(text: string): Dialect {
  let best: Candidate | null = null;
  const sample = text.slice(0, 100_000).trimStart();
  for (const delimiter of [...delimiters, null]) {
    const found = candidate(delimiter, sample);
    if (found && (best === null || better(found, best))) best = found;
  }
  if (!best) return dialect(',', text, { aligned: false, sepLine: false });
  const { delimiter, aligned } = best;
  return dialect(delimiter, text, { aligned, sepLine: false });
}

function better(one: Candidate, other: Candidate): boolean {
  if (one.unevenness !== other.unevenness) return one.unevenness < other.unevenness;
  if (Math.abs(one.clean - other.clean) > 0.05) return one.clean > other.clean;
  return !one.aligned && one.fields > other.fields;
}

/** @param given Null for runs of spaces. */
function candidate(given: string | null, sample: string): Candidate | null {
  const aligned = given === null;
  const parts = dialect(given ?? '\t', sample, { aligned, sepLine: false });
  const { rows: all } = cut(plainText(sample, parts), parts, true, comparedLines);
  const filled = all.filter((row) => row.some((field) => field.trim() !== ''));
  const most = commonWidth(filled);
  const rows = filled.filter((row) => row.length === most || !row[0].trimStart().startsWith('#'));
  if (rows.length === 0) return null;
  let unevenness = 0;
  let fields = 0;
  let clean = 0;
  let numerals = 0;
  rows.forEach((row, k) => {
    fields += row.length;
    if (k > 0) unevenness += Math.abs(row.length - rows[k - 1].length);
    for (const field of row) {
      const known = isClean(field.trim(), parts);
      if (known) clean++;
      if (known === 'number') numerals++;
    }
  });
  if (fields / rows.length <= 1.99) return null;
  // Sentences are no columns: an aligned table has numbers, the same number of fields in every line, and more than one line.
  if (aligned && (unevenness > 1 || numerals < 0.3 * fields || rows.length < 2)) return null;
  return { ...parts, unevenness, clean: clean / fields, fields: fields / rows.length };
}

function isClean(field: string, { delimiter, aligned }: Dialect): 'number' | 'word' | false {
  if (!Number.isNaN(plainValue(field, 46))) return 'number';
  const other = delimiters.some((mark) => {
    if (mark === delimiter || !field.includes(mark)) return false;
    const at = field.indexOf(mark);
    return /\d/.test(field[at - 1] ?? '') || /\d/.test(field[at + 1] ?? '') || (aligned && at === field.length - 1);
  });
  // Two numbers with a space between them may be one with groups of three.
  if (numeralOf(field) && !/\s{2}|\t/.test(field)) return 'number';
  if (other) return false;
  return /^\S*\d\s+[-+]?\d|\S(?: {2,}|\t)\S/.test(field) ? false : 'word';
}

/** The number of fields that most rows have. */
export function commonWidth(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  let best = 0;
  for (const { length } of rows) {
    counts.set(length, (counts.get(length) ?? 0) + 1);
    if ((counts.get(length) ?? 0) > (counts.get(best) ?? 0)) best = length;
  }
  return best;
}
