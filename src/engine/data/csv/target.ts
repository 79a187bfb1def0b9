/** The column to be predicted, and what is learned from it. */
import { distance } from 'fastest-levenshtein';
import { DataError } from '../dataset';
import type { CsvSource } from '../specification';
import { type Column, columnOf, fewValues, fieldError, quote } from './columns';
import type { Table } from './table';

export type Target =
  | { task: 'classification'; classNames: string[] /** One a row. */; labels: Int32Array }
  | { task: 'regression' /** One a row, as the file has them. */; values: Float64Array };

const mostClasses = 1000;

/** The number of the target column, from 0. @throws DataError when there is none such. */
export function targetColumn({ path, names }: Table, { target, header }: CsvSource): number {
  const last = names.length - 1;
  if (target === undefined) return last;
  if (typeof target === 'number') {
    if (Number.isInteger(target) && target >= 0 && target <= last) return target;
    throw new DataError(
      `${path} has no column ${target}: columns are numbered from 0, and its last is ${last}`,
      'target',
    );
  }
  const column = names.indexOf(target.trim());
  if (column >= 0) return column;
  if (!header) {
    throw new DataError(
      `${path} has no header that names ${quote(target)}: give the target's number, from 0 to ${last}`,
      'target',
    );
  }
  throw new DataError(`${path} has no column ${quote(target)}${suggestion(target, names)}`, 'target');
}

function suggestion(target: string, names: string[]): string {
  const sought = target.slice(0, 200).toLowerCase();
  let best = '';
  let least = Math.max(2, Math.floor(sought.length / 3)) + 1;
  for (const name of names) {
    const far = distance(sought, name.slice(0, 200).toLowerCase());
    if (far >= Math.min(least, name.length)) continue;
    best = name;
    least = far;
  }
  if (best) return `: did you mean ${quote(best)}?`;
  const shown = names.slice(0, 20).map(quote).join(', ');
  return `: it has ${shown}${names.length > 20 ? `, and ${names.length - 20} more` : ''}`;
}

/** @throws DataError when the column does not suit the task. */
export function targetOf(table: Table, column: number, task: CsvSource['task']): Target {
  const found = columnOf(table, column, task === 'classification');
  if (task === 'regression' && found.kind === 'words') {
    const words = `${quote(found.values[0])} in the target column ${quote(table.names[column])} is not a number, which a regression needs: give task classification, or another target`;
    throw fieldError(table, 0, column, words, 'task');
  }
  if (found.kind === 'numbers' && (task === 'regression' || (task === 'auto' && !areClasses(found.values)))) {
    return { task: 'regression', values: found.values };
  }
  return { task: 'classification', ...classesOf(table, column, found) };
}

/** Few different whole numbers, each of them twice or more on average. */
function areClasses(values: Float64Array): boolean {
  const different = new Set<number>();
  for (const value of values) {
    different.add(value);
    if (!Number.isInteger(value) || different.size > fewValues) return false;
  }
  return 2 * different.size <= values.length;
}

/** Classes in the order of their numbers, or of their words' UTF-16 units, which is the same everywhere. */
function classesOf(
  table: Table,
  column: number,
  { kind, values }: Column,
): { classNames: string[]; labels: Int32Array } {
  // As numbers, 1 and 1.0 are one class.
  const names = Array.from<number | string, string>(values, String);
  const classNames = Array.from(new Set(names));
  if (classNames.length > mostClasses) {
    const remedy = kind === 'numbers' ? 'give task regression, or another target' : 'give another target';
    throw new DataError(
      `${table.path}: column ${quote(table.names[column])} has ${classNames.length} different values, and there may be ${mostClasses} classes: ${remedy}`,
      'target',
    );
  }
  if (kind === 'numbers') classNames.sort((a, b) => Number(a) - Number(b));
  else classNames.sort();
  const numbers = new Map(classNames.map((name, label) => [name, label]));
  return { classNames, labels: Int32Array.from(names, (name) => numbers.get(name)!) };
}
