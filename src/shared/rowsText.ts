/** Formats tables for other programs (RFC 4180): without rounding, and so that no name from a file becomes a formula. */
import { unparse } from 'papaparse';

/** A comma for a file, a tab for the clipboard, which spreadsheets split into cells. */
export type Delimiter = ',' | '\t';

/** Matches text that a spreadsheet would interpret as a formula, except numbers. */
const formula = /^(?!-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf)$)[=+\-@\t\r]/;

export function rowsText(rows: readonly (readonly (string | number)[])[], delimiter: Delimiter = ','): string {
  return unparse(rows as (string | number)[][], { delimiter, newline: '\r\n', escapeFormulae: formula });
}
