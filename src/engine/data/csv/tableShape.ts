/** What the first lines of a CSV file show of the whole: delimiter, number of fields, and fields beyond the header's. */

import type { CsvSource } from '../dataSpecification';
import { commonWidth, cut, type Dialect, dialectOf, plainText, sepLineOf } from './dialect';
import type { Edge } from './table';

/** What the first lines show of the whole table. */
export interface Shape {
  dialect: Dialect;
  /** Fields of a row. */
  width: number;
  edge: Edge;
  /** Fields that every row of the sample below the first has; 0 where they differ. */
  below: number;
}

export function shapeOf(sample: string, complete: boolean, source: CsvSource): Shape {
  const { header } = source;
  const dialect = dialectOf(sample, source);
  const sep = sepLineOf(sample);
  const text = plainText(sep ? sample.slice(sep.length) : sample, dialect);
  const { rows, errors } = cut(text, dialect, complete);
  const filled = rows.map((row) => row.map((field) => field.trim())).filter((row) => row.some((field) => field !== ''));
  // What is wrong with quotation marks is said of its line, when that is read.
  const last = filled.length === 0 ? undefined : filled[filled.length - 1];
  if (!last) return { dialect, width: 0, edge: 'none', below: 0 };
  const common = commonWidth(filled.slice(header ? 1 : 0));
  const [first, ...later] = filled.filter(
    (row) => !(row[0].startsWith('#') && row.length !== common && filled.length > 1),
  );
  const width = first.length;
  const rest = header ? later : [first, ...later];
  const even = errors.length === 0 && rest.length > 1 && rest.every((row) => row.length === common);
  const below = even ? common : 0;
  if (header && even && width === common - 1) {
    if (rest.every((row) => row[common - 1] === ''))
      return { dialect, width: common, edge: 'trailing-delimiter', below };
    const names = new Set(rest.map(([name]) => name));
    if (names.size === rest.length && !names.has('')) return { dialect, width: common, edge: 'row-names', below };
  }
  const empty = header ? first[width - 1] === '' : true;
  if (even && width === common && width > 2 && empty && rest.every((row) => row[width - 1] === '')) {
    return { dialect, width, edge: 'trailing-delimiter', below };
  }
  return { dialect, width, edge: 'none', below };
}
