/** The column to be predicted, and what is learned from it. */
import * as l10n from '@vscode/l10n';
import { distance } from 'fastest-levenshtein';
import type { CsvSource } from '../dataSpecification';
import { DataError } from '../dataset';
import { mostDifferent } from './columnData';
import { type Column, columnOf, fewValues, fieldError, optionsOf, quote } from './columns';
import type { Table } from './table';

export type Target = (
  | { task: 'classification'; classNames: string[] /** One a row. */; labels: Int32Array }
  | { task: 'regression' /** One a row, as the file has them. */; values: Float64Array }
) & { column: Column };

/** The number of a column that an option names, from 0. @throws DataError when there is none such. */
export function targetColumn(table: Table, { target, header }: CsvSource): number {
  return target === undefined ? table.names.length - 1 : namedColumn(table, target, header, 'target');
}

/** @param property The property of `data` that names the column. */
export function namedColumn(
  { path, names }: Table,
  wanted: string | number,
  header: boolean,
  property: string,
): number {
  const last = names.length - 1;
  if (typeof wanted === 'number') {
    if (Number.isInteger(wanted) && wanted >= 0 && wanted <= last) return wanted;
    throw new DataError(
      l10n.t`${path} has no column ${wanted}: columns are numbered from 0, and its last is ${last}`,
      property,
    );
  }
  const column = names.indexOf(wanted.trim());
  if (column >= 0) return column;
  if (!header) {
    throw new DataError(
      property === 'target'
        ? l10n.t`${path} has no header that names ${quote(wanted)}: give the target's number, from 0 to ${last}`
        : l10n.t`${path} has no header that names ${quote(wanted)}: give the column's number, from 0 to ${last}`,
      property,
    );
  }
  throw new DataError(l10n.t`${path} has no column ${quote(wanted)}${suggestion(wanted, names)}`, property);
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
  if (best) return l10n.t`: did you mean ${quote(best)}?`;
  const shown = names.slice(0, 20).map(quote).join(', ');
  return names.length > 20 ? l10n.t`: it has ${shown}, and ${names.length - 20} more` : l10n.t`: it has ${shown}`;
}

/** The target's column. @throws DataError where its fields cannot be used. */
export function targetFields(table: Table, column: number, source: CsvSource): Column {
  return columnOf(table, column, { ...optionsOf(table, column, source), mixed: source.task === 'classification' });
}

/**
 * @param rows Those that are used, in their order.
 * @throws DataError when the column does not suit the task.
 */
export function targetOf(table: Table, column: number, found: Column, rows: Uint32Array, source: CsvSource): Target {
  const { task } = source;
  if (task === 'regression' && found.kind === 'words') {
    const words = l10n.t`${quote(found.words[0])} in the target column ${quote(table.names[column])} is not a number, which a regression needs: give task classification, or another target`;
    throw fieldError(table, 0, column, words, 'task');
  }
  if (found.kind === 'numbers' && (task === 'regression' || (task === 'auto' && !areClasses(found.values, rows)))) {
    return { task: 'regression', values: found.values, column: found };
  }
  if (found.kind === 'words' && task === 'auto') requireRepeated(table, column, found, rows);
  return { task: 'classification', ...classesOf(table, column, found, rows), column: found };
}

/** Rows from which a target with a different word in each is no classification. */
const rowsEnough = 20;

/** Words of which none comes twice name the rows: no class could be learned and tested. */
function requireRepeated(table: Table, column: number, { words }: Column & { kind: 'words' }, rows: Uint32Array): void {
  if (rows.length < rowsEnough || !table.columns[column].allDifferent) return;
  const count = Math.min(words.length, mostDifferent);
  const [name, example] = [quote(table.names[column]), quote(words[0])];
  const message =
    rows.length > count
      ? l10n.t`the target column ${name} has a different word in each of the first ${count} rows, as ${example}: it names the rows and has no classes. Give another target`
      : l10n.t`the target column ${name} has a different word in each of its ${rows.length} rows, as ${example}: it names the rows and has no classes. Give another target`;
  throw fieldError(table, 0, column, message, 'target');
}

/** Few different whole numbers, each of them twice or more on average. */
function areClasses(values: Float64Array, rows: Uint32Array): boolean {
  const different = new Set<number>();
  for (const row of rows) {
    const value = values[row];
    different.add(value);
    if (!Number.isInteger(value) || different.size > fewValues) return false;
  }
  return 2 * different.size <= rows.length;
}

/** Classes in the order of their numbers, or of their words' UTF-16 units, which is the same everywhere. */
function classesOf(
  table: Table,
  column: number,
  found: Column,
  rows: Uint32Array,
): { classNames: string[]; labels: Int32Array } {
  const tooMany = () => {
    const remedy =
      found.kind === 'numbers' ? l10n.t('give task regression, or another target') : l10n.t('give another target');
    return new DataError(
      l10n.t`${table.path}: column ${quote(table.names[column])} has more than ${mostDifferent} different values, and there may be ${mostDifferent} classes: ${remedy}`,
      'target',
    );
  };
  const labels = new Int32Array(table.rowCount);
  if (found.kind === 'numbers') {
    const different = new Set<number>();
    for (const row of rows) {
      different.add(found.values[row]);
      if (different.size > mostDifferent) throw tooMany();
    }
    const classes = Array.from(different).sort((a, b) => a - b);
    // As numbers, 1 and 1.0 are one class; so are 0 and -0.
    const numbers = new Map(classes.map((value, label) => [value, label]));
    for (const row of rows) labels[row] = numbers.get(found.values[row])!;
    return { classNames: classes.map(String), labels };
  }
  const { codes, words } = found;
  if (codes === null) throw tooMany();
  const used = new Set<number>();
  for (const row of rows) used.add(codes[row]);
  const classNames = Array.from(used, (code) => words[code]).sort();
  const numbers = new Map(classNames.map((name, label) => [name, label]));
  const labelOf = words.map((word) => numbers.get(word) ?? 0);
  for (const row of rows) labels[row] = labelOf[codes[row]];
  return { classNames, labels };
}
