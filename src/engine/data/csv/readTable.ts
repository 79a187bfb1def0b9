/** Reads a CSV file as a table: guesses its encoding, its form and its notation, and reads it piece by piece. */

import * as l10n from '@vscode/l10n';
import type { CsvSource } from '../dataSpecification';
import { DataError } from '../dataset';
import { type Encoding, EncodingError, encodingOf, type OpenBytes, textOf } from './decode';
import { notationOf, sameNotation } from './notation';
import { type Notation, plainNotation } from './numerals';
import type { Table } from './table';
import { TableReader } from './tableReader';
import { shapeOf } from './tableShape';

/** Characters that delimiter, header and notation are first guessed from. */
const sampleLength = 100_000;

/** @throws DataError when the bytes are no table. */
export function readTable(open: OpenBytes, source: CsvSource): Table {
  const { path, delimiter } = source;
  if (delimiter !== undefined && (delimiter.length !== 1 || '\n\r"\ufeff'.includes(delimiter))) {
    throw new DataError(
      l10n.t`${JSON.stringify(delimiter)} cannot stand between fields: give one character, such as "," or ";"`,
      'delimiter',
    );
  }
  const encoding = encodingOf(path, open);
  try {
    return readDecoded(open, source, encoding);
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    // Programs that do not write UTF-8 write their country's code page, mostly the western one.
    return readDecoded(open, source, 'windows-1252');
  }
}

function readDecoded(open: OpenBytes, source: CsvSource, encoding: Encoding): Table {
  const { path } = source;
  let sample = '';
  let complete = true;
  for (const piece of textOf(path, open, encoding)) {
    sample += piece;
    if (sample.length > sampleLength) {
      complete = false;
      break;
    }
  }
  if (sample.trim() === '') {
    if (complete) throw new DataError(l10n.t`${path} holds blank lines only: give a table with rows`, 'path');
  }
  const shape = shapeOf(sample, complete, source);
  const read = (notation: Notation, text: Iterable<string>) =>
    new TableReader(shape, source, notation, encoding).read(text);
  // The sample's notation is mostly the file's, which spares reading a large file twice.
  let notation = plainNotation;
  if (!complete) {
    const whole = sample.slice(0, sample.lastIndexOf('\n') + 1);
    notation = notationOfSample(() => read(plainNotation, [whole]), source);
  }
  const table = read(notation, textOf(path, open, encoding));
  const found = notationOf(table.columns, table.rowCount, source);
  return sameNotation(found, notation) ? table : read(found, textOf(path, open, encoding));
}

/** Errors of the sample come again, with their true counts, when all is read. */
function notationOfSample(read: () => Table, source: CsvSource): Notation {
  try {
    const table = read();
    return notationOf(table.columns, table.rowCount, source);
  } catch (cause) {
    if (cause instanceof DataError) return plainNotation;
    throw cause;
  }
}
