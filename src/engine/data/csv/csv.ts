/**
 * A table from a CSV file. Features [rows × features], columns in the file's order without the target; the targets of a
 * regression [rows × 1] are the file's own numbers, so that its errors are in the target's units, unless the source asks to
 * standardize them: then they are (value − mean) / std of the training rows, and a squared error of 1 is the target's variance.
 */
import * as l10n from '@vscode/l10n';
import type { Streams } from '../../random';
import type { CsvSource } from '../dataSpecification';
import { DataError, type Dataset, type Examples } from '../dataset';
import { type DataFiles, tableFileOf } from '../files';
import { type Column, columnOf, names, optionsOf } from './columns';
import { piecesOf } from './decode';
import { factsOf } from './facts';
import { type FeatureColumn, featuresOf, inFloat32, spread } from './features';
import { pixelsOf, requireImage } from './pixels';
import { readTable } from './readTable';
import { split } from './split';
import type { Table } from './table';
import { namedColumn, targetColumn, targetFields, targetOf } from './target';

/** Rows are divided by the stream `split`. @throws DataError */
export function csv(source: CsvSource, stream: Streams, files: DataFiles): Dataset {
  const file = tableFileOf(files);
  const table = file.table ?? readTable(piecesOf(file.bytes), source);
  if (table.rowCount < 2) {
    throw new DataError(l10n.t`${table.path} has a single row: training and testing need one each, at least`, 'path');
  }
  const column = targetColumn(table, source);
  requireNamed(table, source);
  const fields = targetFields(table, column, source);
  const features: FeatureColumn[] = [];
  table.names.forEach((_, k) => {
    if (k === column || names(table, k, source.ignore)) return;
    features.push({ column: k, found: columnOf(table, k, optionsOf(table, k, source)) });
  });
  if (features.length === 0) {
    throw new DataError(l10n.t`${table.path} has no column left beside the target: leave one out of ignore`, 'ignore');
  }
  const rows = usedRows(table, source, [{ column, found: fields }, ...features]);
  const target = targetOf(table, column, fields, rows, source);
  const labels = target.task === 'classification' ? Int32Array.from(rows.map((row) => target.labels[row])) : null;
  const parts = split(rows.length, source.testFraction, labels, stream('split'));
  const [train, test] = [parts.train, parts.test].map((part) => part.map((k) => rows[k]));
  const { image } = source;
  if (image) requireImage(table, features, image);
  const encoded = featuresOf(table, features, rows, train, source.standardize && !image);
  const pixels = image && pixelsOf(encoded, train, image, source.standardize);

  const scale =
    target.task === 'regression' && source.standardizeTarget ? spread(target.values, train) : { mean: 0, std: 1 };
  const examples = (part: Uint32Array): Examples => {
    const labels = new Int32Array(target.task === 'classification' ? part.length : 0);
    const targets = new Float32Array(target.task === 'classification' ? 0 : part.length);
    if (target.task === 'classification') for (let k = 0; k < part.length; k++) labels[k] = target.labels[part[k]];
    else
      for (let k = 0; k < part.length; k++) targets[k] = inFloat32((target.values[part[k]] - scale.mean) / scale.std);
    let features: Float32Array | null = null;
    return {
      count: part.length,
      // Who only checks a large table has no use for them.
      get features() {
        features ??= pixels ? pixels.of(part) : encoded.of(part);
        return features;
      },
      labels,
      targets,
    };
  };
  const classNames = target.task === 'classification' ? target.classNames : [];
  return {
    task: target.task,
    featureCount: encoded.names.length,
    classCount: classNames.length,
    targetCount: target.task === 'classification' ? 0 : 1,
    classNames,
    featureNames: image ? [] : encoded.names,
    ...(source.standardize && !image && { featureScales: encoded.scales }),
    ...(image && { image }),
    ...(pixels && { pixelRange: pixels.range }),
    ...(pixels?.scales && { channelScales: pixels.scales }),
    train: examples(train),
    test: examples(test),
    table: factsOf({ table, source, column, target, features, rows, train }),
  };
}

/** @throws DataError where an option names a column that is not there. */
function requireNamed(table: Table, { ignore = [], categories = [], header }: CsvSource): void {
  for (const item of ignore) namedColumn(table, item, header, 'ignore');
  for (const item of categories) namedColumn(table, item, header, 'categories');
}

/** Rows that have a value in every column that is used; all of them unless the source allows for missing values. */
function usedRows(
  table: Table,
  { missing }: CsvSource,
  columns: readonly { column: number; found: Column }[],
): Uint32Array {
  const all = new Uint32Array(table.rowCount);
  for (let row = 0; row < all.length; row++) all[row] = row;
  if (missing === undefined) return all;
  const listed = new Set(missing.map((word) => word.trim().toLowerCase()));
  const lacks = columns.flatMap(({ column, found }) => {
    const { tallies, wordKinds } = table.columns[column];
    if (tallies.empty.count + tallies.gap.count === 0) return [];
    if (found.kind === 'numbers') return [(row: number) => Number.isNaN(found.values[row])];
    const { codes, words } = found;
    // `none` among words is a category unless the source lists it.
    const gaps = words.map((word, code) => wordKinds[code] === 'empty' || listed.has(word.toLowerCase()));
    return codes ? [(row: number) => gaps[codes[row]]] : [];
  });
  const rows = all.filter((row) => !lacks.some((lack) => lack(row)));
  if (rows.length >= 2) return rows;
  throw new DataError(
    rows.length === 0
      ? l10n.t`${table.path} has no row with a value in every column: ignore the columns that lack most`
      : l10n.t`${table.path} has a single row with a value in every column: ignore the columns that lack most`,
    'missing',
  );
}
