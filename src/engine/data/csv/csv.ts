/**
 * A table from a CSV file. Features [rows × features], columns in the file's order without the target; the targets of a
 * regression [rows × 1] are the file's own numbers, not standardized, so that its errors are in the target's units.
 */
import type { Streams } from '../../random';
import { classified, DataError, type Dataset, type Examples } from '../dataset';
import { type DataFiles, fileOf } from '../files';
import type { CsvSource } from '../specification';
import { featuresOf } from './features';
import { split } from './split';
import { readTable } from './table';
import { targetColumn, targetOf } from './target';
import { textOf } from './text';

/** Rows are divided by the stream `split`. @throws DataError */
export function csv(source: CsvSource, stream: Streams, files: DataFiles): Dataset {
  const table = readTable(textOf(fileOf(files, 'path')), source);
  const count = table.rows.length;
  if (count < 2) {
    throw new DataError(`${table.path} has a single row: training and testing need one each, at least`, 'path');
  }
  const column = targetColumn(table, source);
  const target = targetOf(table, column, source.task);
  const labels = target.task === 'classification' ? target.labels : null;
  const { train, test } = split(count, source.testFraction, labels, stream('split'));
  const features = featuresOf(table, column, train, source.standardize);

  const examples = (rows: Uint32Array): Examples => {
    if (target.task === 'classification') {
      return classified(
        features.of(rows),
        Int32Array.from(rows, (row) => target.labels[row]),
      );
    }
    const targets = Float32Array.from(rows, (row) => target.values[row]);
    return { count: rows.length, features: features.of(rows), labels: new Int32Array(0), targets };
  };
  const classNames = target.task === 'classification' ? target.classNames : [];
  return {
    task: target.task,
    featureCount: features.names.length,
    classCount: classNames.length,
    targetCount: target.task === 'classification' ? 0 : 1,
    classNames,
    featureNames: features.names,
    train: examples(train),
    test: examples(test),
  };
}
