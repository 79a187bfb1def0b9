/** Collects what the reader understood of a table, and what a person should decide about it. */
import * as l10n from '@vscode/l10n';
import { count } from '../../../shared/counts';
import { formatAmount } from '../../../shared/numbers';
import type { CsvSource } from '../dataSpecification';
import type { ColumnFacts, TableFacts } from '../tableFacts';
import { fewValues, quote } from './columns';
import { type FeatureColumn, spread } from './features';
import type { Table } from './table';
import type { Target } from './target';

/** Root mean square from which a target is far from where a network's outputs begin. */
const farTarget = 10;

interface Read {
  table: Table;
  source: CsvSource;
  /** Number of the target's column. */
  column: number;
  target: Target;
  features: readonly FeatureColumn[];
  rows: Uint32Array;
  train: Uint32Array;
}

export function factsOf({ table, source, column, target, features, rows, train }: Read): TableFacts {
  const found = new Map(features.map((feature) => [feature.column, feature.found]));
  const columns = table.names.map((name, k): ColumnFacts => {
    if (k === column)
      return { name, as: 'target', ...(target.column.kind === 'numbers' && { unit: target.column.unit }) };
    const feature = found.get(k);
    if (!feature) return { name, as: 'ignored' };
    if (feature.kind === 'numbers') return { name, as: 'numbers', unit: feature.unit };
    return { name, as: 'words', different: feature.words.length };
  });
  const numbers = target.task === 'regression' ? spread(target.values, train) : null;
  const name = table.names[column];
  return {
    path: table.path,
    rows: rows.length,
    leftOut: table.rowCount - rows.length,
    columns,
    target: { name, numbers, standardized: numbers !== null && source.standardizeTarget === true },
    firstRow: columns.flatMap(({ as }, k) =>
      as === 'ignored' ? [] : [{ name: table.names[k], field: table.firstRow[k] }],
    ),
    reading: readingInWords(table),
    questions: [
      ...(source.ignore ? [] : features).flatMap((feature) => featureQuestions(table, feature, rows, source.header)),
      ...targetQuestions(table, source, column, target, rows, numbers),
    ],
  };
}

const encodings = { 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16', 'windows-1252': 'Windows-1252 (Latin-1)' } as const;

function readingInWords({ reading }: Table): string[] {
  const { encoding, delimiter, aligned, notation, sepLine, comments, blankRows, edge } = reading;
  const words: string[] = [];
  if (encoding !== 'utf-8') words.push(l10n.t`encoding ${encodings[encoding]}`);
  if (aligned) words.push(l10n.t('columns separated by spaces'));
  else if (delimiter !== ',') words.push(delimiter === '\t' ? l10n.t('delimiter tab') : l10n.t`delimiter ${delimiter}`);
  if (notation.decimal === ',') words.push(l10n.t('decimal comma'));
  const group = notation.thousands.find((mark) => mark === ',' || mark === '.');
  if (group) words.push(l10n.t`thousands separated by ${group}`);
  if (sepLine) words.push(l10n.t('delimiter from the line sep='));
  if (edge === 'row-names') words.push(l10n.t('first column without a name left out, as it names the rows'));
  if (edge === 'trailing-delimiter') words.push(l10n.t('delimiter at the end of each row left out'));
  if (comments > 0) words.push(l10n.t`${count(comments, 'line')} beginning with # left out`);
  if (blankRows > 0) words.push(l10n.t`${count(blankRows, 'row')} without a value left out`);
  return words;
}

/** Rows from which it is no accident that values are all different. */
const rowsEnough = 20;
const idName =
  /^(?:id|idx|index|no|nr|num|number|row|rownames?|rowid|key|uid|uuid|guid|serial|record)$|[\s_.-]id$|[a-z]I[dD]$|^id[\s_.-]|^unnamed: \d+$/i;

function featureQuestions(
  table: Table,
  { column, found }: FeatureColumn,
  rows: Uint32Array,
  header: boolean,
): TableFacts['questions'] {
  const name = table.names[column];
  const item = table.unnamed[column] || !header ? String(column) : JSON.stringify(name);
  const remedy = l10n.t`give ignore: [${item}] to leave it out, or ignore: [] to keep it as a feature`;
  const question = (message: string) => [{ property: 'path', message: `${table.path}: ${message}` }];
  if (rows.length < rowsEnough) return [];
  if (found.kind === 'words') {
    if (!table.columns[column].allDifferent) return [];
    return question(
      l10n.t`column ${quote(name)} has a different word in every row, as ${quote(found.words[0])}, and each becomes a feature: ${remedy}`,
    );
  }
  const suspicious = table.unnamed[column] || idName.test(name) || (column === 0 && name === 'column 0');
  if (!suspicious) return [];
  const known = table.unnamed[column] ? l10n.t`column ${column}, which has no name,` : l10n.t`column ${quote(name)}`;
  const { values } = found;
  const first = values[rows[0]];
  if (rows.every((row, k) => values[row] === first + k)) {
    return question(l10n.t`${known} numbers the rows from ${first}, and is a feature: ${remedy}`);
  }
  if (!rows.every((row) => Number.isInteger(values[row]))) return [];
  const different = new Set<number>();
  for (const row of rows) different.add(values[row]);
  return different.size === rows.length
    ? question(
        l10n.t`${known} has a different whole number in every row, as an identifier has, and is a feature: ${remedy}`,
      )
    : [];
}

/** Whole numbers with more values than this are no classes that somebody numbered. */
const mostNumbered = 200;

function targetQuestions(
  table: Table,
  source: CsvSource,
  column: number,
  target: Target,
  rows: Uint32Array,
  numbers: { mean: number; std: number } | null,
): TableFacts['questions'] {
  if (target.task === 'classification' || !numbers) return [];
  const questions: TableFacts['questions'] = [];
  const name = quote(table.names[column]);
  const different = new Set<number>();
  let whole = true;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const value = target.values[row];
    if (!Number.isInteger(value) || different.size > mostNumbered) {
      whole = false;
      break;
    }
    different.add(value);
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const dense = most - least + 1 <= 1.2 * different.size;
  if (source.task === 'auto' && whole && dense && different.size > fewValues && rows.length >= 2 * different.size) {
    questions.push({
      property: 'target',
      message: l10n.t`the target ${name} has ${different.size} different whole numbers from ${least} to ${most}, and is learned as an amount (regression): give task: "classification" if each is a class, or task: "regression" if they are amounts`,
    });
  }
  const { mean, std } = numbers;
  if (source.standardizeTarget === undefined && Math.sqrt(mean * mean + std * std) > farTarget) {
    questions.push({
      property: 'target',
      message: l10n.t`the target ${spreadInWords(table.names[column], numbers)}, and a network's outputs begin near 0, so that training may diverge: give standardizeTarget: true to learn it in standard deviations from its mean, or standardizeTarget: false to learn it as it is`,
    });
  }
  return questions;
}

/** `"price" has mean 270,100 and standard deviation 98,120`. */
function spreadInWords(name: string, { mean, std }: { mean: number; std: number }): string {
  return l10n.t`${quote(name)} has mean ${formatAmount(mean)} and standard deviation ${formatAmount(std)}`;
}
