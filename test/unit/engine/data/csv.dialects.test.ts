/** Tables as programs and people write them: delimiters, lines that are not rows, quotation marks, encodings. */
import assert from 'node:assert/strict';
import type { CsvSource } from '../../../../src/engine/data/dataSpecification';
import { dataError, readCsv } from './support';

/** Lines of two numbers and a word. */
function rows(count: number, line: (a: number, b: number, word: string, k: number) => string): string {
  return Array.from({ length: count }, (_, k) => line(k + 0.5, 2 * k - 0.25, ['red', 'white', 'blue'][k % 3], k)).join(
    '\n',
  );
}

const plain = `a,b,kind\n${rows(24, (a, b, word) => `${a},${b},${word}`)}\n`;
const expected = readCsv(plain);

/** Asserts the numbers of the plain table and the notes about how it was read. */
function assertSame(text: string | Uint8Array, said: RegExp | null, changes: Partial<CsvSource> = {}): void {
  const { table, ...numbers } = readCsv(text, changes);
  const { table: _, ...wanted } = expected;
  const named = changes.header === false ? { featureNames: wanted.featureNames } : {};
  assert.deepEqual({ ...numbers, ...named }, wanted);
  if (said) assert.match(table?.reading.join('; ') ?? '', said);
  else assert.deepEqual(table?.reading, []);
}

const comma = (value: number) => String(value).replace('.', ',');

describe('dialects of CSV', () => {
  const same: Record<string, [string | Uint8Array, RegExp | null, Partial<CsvSource>?]> = {
    'a line sep=': [`sep=;\n${plain.replaceAll(',', ';')}`, /delimiter from the line sep=/],
    'a line "sep=" in quotation marks': [`"sep=;"\r\n${plain.replaceAll(',', ';')}`, /sep=/],
    'a comment above': [`# taken in the lab\n${plain}`, /1 line beginning with # left out/],
    'comments among the rows': [plain.replace('\n1.5', '\n# then\n# and then, later\n1.5'), /2 lines/],
    'names of the rows, as R writes them': [
      `"a","b","kind"\n${rows(24, (a, b, word, k) => `"${k + 1}",${a},${b},"${word}"`)}`,
      /names the rows/,
    ],
    'a delimiter behind each row': [`a,b,kind\n${rows(24, (a, b, word) => `${a},${b},${word},`)}`, /end of each row/],
    'a delimiter behind each line': [plain.replaceAll('\n', ',\n').replace(/,$/, ''), /end of each row/],
    'spaces before quotation marks': [`a, b, "kind"\n${rows(24, (a, b, word) => `${a}, ${b}, "${word}"`)}`, null],
    'columns separated by spaces': [`a b  kind\n${rows(24, (a, b, word) => `${a}   ${b}\t${word}  `)}`, /by spaces/],
    'aligned columns with decimal commas': [
      `a b  kind\n${rows(24, (a, b, word) => `  ${comma(a)}   ${comma(b)}  "${word}"`)}`,
      /by spaces; decimal comma/,
    ],
    'semicolons and decimal commas': [
      `a;b;kind\n${rows(24, (a, b, word) => `${comma(a)};${comma(b)};${word}`)}`,
      /delimiter ;; decimal comma/,
    ],
    'semicolons and decimal commas without a header': [
      rows(24, (a, b, word) => `${comma(a)};${comma(b)};${word}`),
      /delimiter ;; decimal comma/,
      { header: false },
    ],
    'blank rows of a spreadsheet': [`${plain.replace('\n1.5', '\n,,\n1.5')},,\n,,\n`, /3 rows without a value/],
    'UTF-16 without a byte order mark': [Uint8Array.from(Buffer.from(plain, 'utf16le')), /encoding UTF-16/],
    'UTF-16 of the other order': [Uint8Array.from(Buffer.from(plain, 'utf16le').swap16()), /encoding UTF-16/],
  };
  for (const [name, [text, said, changes]] of Object.entries(same)) {
    it(`with ${name} are read, with a note`, () => assertSame(text, said, changes));
  }

  it('with spaces before quotation marks keep the quoted delimiters', () => {
    const text = `a, kind\n${rows(12, (a, _b, word) => `${a}, "${word}, plain"`)}`;
    assert.deepEqual(readCsv(text).classNames, ['blue, plain', 'red, plain', 'white, plain']);
  });

  it('in a Western code page are read, with a note', () => {
    const western = readCsv(Uint8Array.from(Buffer.from(plain.replaceAll('white', 'weiß'), 'latin1')));
    assert.deepEqual(western.classNames, ['blue', 'red', 'weiß']);
    assert.match(String(western.table?.reading), /Windows-1252/);
  });

  it('are read the same in small pieces', () => {
    // Several pieces of the file, with quotation marks only in later ones.
    const text = `a,b,kind\n${rows(60_000, (a, b, word, k) => `${a},${b},${k > 50_000 ? `"${word}"` : word}`)}\n`;
    const dataset = readCsv(text, { standardize: false });
    const whole = dataset.train.count + dataset.test.count;
    assert.deepEqual([whole, dataset.featureNames, dataset.classCount], [60_000, ['a', 'b'], 3]);
    let sum = 0;
    for (const { features } of [dataset.train, dataset.test])
      for (let k = 0; k < features.length; k += 2) sum += features[k];
    assert.equal(sum, (60_000 * 60_000) / 2);
  });

  const refused: Record<string, [string | Uint8Array, RegExp]> = {
    'JSON lines': ['{"a":1,"b":2}\n{"a":3,"b":4}\n', /^a\.csv:1: is JSON, one value a line.*lines=True/],
    'a JSON array': ['[\n {"a":1}\n]\n', /^a\.csv:1: is JSON: convert/],
    'a web page': ['<!DOCTYPE html>\n<html>', /web page/],
    'an ARFF file': ['@RELATION x\n@ATTRIBUTE a NUMERIC\n@DATA\n1,2\n', /ARFF/],
    'a Parquet file': [Uint8Array.from(Buffer.from('PAR1....')), /Parquet/],
    'a title above the header': [
      `Cars of 1970\n${plain}`,
      /^a\.csv:1: has 1 field where the lines below have 3: .*title/,
    ],
    'rows all longer than the header, with names that repeat': [
      `a,b,kind\n${rows(24, (a, b, word, k) => `x${k % 4},${a},${b},${word}`)}`,
      /^a\.csv:2: has 4 fields where the header has 3: so has every row: name the first column/,
    ],
  };
  for (const [name, [text, message]] of Object.entries(refused)) {
    it(`${name} are refused with the remedy`, () => void dataError(() => readCsv(text), message));
  }
});
