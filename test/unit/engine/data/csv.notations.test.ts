/** Numbers in notations other than 1234.5: they are read as numbers or refused with a remedy, and never become categories. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { CsvSource } from '../../../../src/engine/data/dataSpecification';
import type { Dataset } from '../../../../src/engine/data/dataset';
import { DataError } from '../../../../src/engine/data/dataset';
import { dataError, readCsv } from './support';

/** Values of the first feature, in order of the number in the column `k`. */
function readBack(rows: readonly string[], changes: Partial<CsvSource> = {}, delimiter = ';'): (number | undefined)[] {
  const lines = rows.map((row, k) => [row, `k${k}`].join(delimiter));
  const text = [['value', 'name'].join(delimiter), ...lines].join('\n');
  const target: Partial<CsvSource> = { target: 'name', task: 'classification', standardize: false };
  return inOrder(readCsv(text, { ...target, ...changes }));
}

function inOrder(dataset: Dataset): (number | undefined)[] {
  assert.deepEqual(dataset.featureNames, ['value']);
  const values: number[] = [];
  for (const { labels, features, count } of [dataset.train, dataset.test]) {
    for (let k = 0; k < count; k++) values[Number(dataset.classNames[labels[k]].slice(1))] = features[k];
  }
  return values;
}

const single = (values: readonly number[]) => values.map(Math.fround);

describe('numbers in CSV files', () => {
  const read: Record<string, [string[], number[], Partial<CsvSource>?]> = {
    'with a decimal comma': [
      ['-1,905', '1,25', '0,158', '3', '1e3', '2,5e-1'],
      [-1.905, 1.25, 0.158, 3, 1000, 0.25],
    ],
    'with groups of commas and decimal points': [
      ['5,923', '6.5', '1,234,567.25', '12', '1,234'],
      [5923, 6.5, 1234567.25, 12, 1234],
    ],
    'with groups of points and decimal commas': [
      ['5.923', '6,5', '1.234.567,25', '12'],
      [5923, 6.5, 1234567.25, 12],
    ],
    'with groups of spaces': [
      ['5 923', '1 234 567', '6\u202f000', '7\u00a0000'],
      [5923, 1234567, 6000, 7000],
    ],
    'with groups of apostrophes': [
      ["5'923", '1’234’567.5', '7'],
      [5923, 1234567.5, 7],
    ],
    'with underscores': [
      ['5_923', '1_234_567', '7'],
      [5923, 1234567, 7],
    ],
    'in lakh and crore': [
      ['12,34,567', '1,00,000', '99,999'],
      [1234567, 100000, 99999],
    ],
    'with a Unicode minus': [
      ['\u22121.5', '2', '\u20133', '+4'],
      [-1.5, 2, -3, 4],
    ],
    'with the minus of accounts': [
      ['(1.5)', '2', '3-', '(4)'],
      [-1.5, 2, -3, -4],
    ],
    'in a currency': [
      ['$3,521.00', '$7.5', '-$4', '$1,234.25'],
      [3521, 7.5, -4, 1234.25],
    ],
    'in a currency behind them': [
      ['3,50 €', '7 €', '1.234,25 €'],
      [3.5, 7, 1234.25],
    ],
    'in per cent': [
      ['89%', '3.5 %', '7%'],
      [89, 3.5, 7],
    ],
    'in a unit': [
      ['12 kg', '13.5 kg', '9kg'],
      [12, 13.5, 9],
    ],
    'in quotation marks of their own': [
      ["'12'", "'13.5'", "'9'"],
      [12, 13.5, 9],
    ],
    'that are unclear, as the file says': [['5,923', '6,315'], [5.923, 6.315], { decimal: ',' }],
    'that are unclear, as the other says': [['5,923', '6,315'], [5923, 6315], { decimal: '.' }],
    'that are unclear, by their groups': [['5,923', '6,315'], [5923, 6315], { thousands: ',' }],
    'of points that are groups': [['5.923', '6.315'], [5923, 6315], { thousands: '.' }],
  };
  for (const [name, [rows, values, changes]] of Object.entries(read)) {
    it(`${name} are read`, () => assert.deepEqual(readBack(rows, changes), single(values)));
  }

  const refused: Record<string, [string[], RegExp]> = {
    'that may be either': [
      ['5,923', '6,315', '7'],
      /^a\.csv:2: "5,923" in column "value" can be read as 5923 or as 5\.923: give decimal: "\." .*decimal: ","/,
    ],
    'in two notations': [['1,5', '2.5', '3,25'], /^a\.csv:2: "1,5" .*has a comma where "2\.5" on line 3/],
    'with points that may be either': [['1,5', '2.345', '3'], /^a\.csv:3: "2\.345" .*can be read as 2345 or as 2\.345/],
    'in two units': [['12 kg', '500 g', '3 kg', '4 kg'], /^a\.csv:3: "500 g" .*in another unit than "12 kg" on line 2/],
    'in two currencies': [['$5', '€6', '$7'], /^a\.csv:3: "€6" .*another unit/],
    'of which some have a per cent sign': [['5%', '6', '7%'], /^a\.csv:3: "6" .*another unit than "5%"/],
    'that are days': [['2024-01-31', '2024-02-01', '2024-02-02'], /holds dates or times.*ignore: \["value"\]/],
    'that are days with points': [['31.01.2024', '1.2.2024', '13.12.24'], /holds dates/],
    'that are times': [['12:30', '08:15:10', '9:00 am'], /holds dates/],
  };
  for (const [name, [rows, message]] of Object.entries(refused)) {
    it(`${name} are refused with the remedy`, () => void dataError(() => readBack(rows), message, 'path'));
  }

  it('have one notation for the file, not per column', () => {
    const text = ['a;b;y', ...Array.from({ length: 20 }, (_, k) => `${k},5;1,${100 + k};${k % 2 ? 'p' : 'q'}`)].join(
      '\n',
    );
    const { train, featureNames } = readCsv(text, { standardize: false });
    assert.deepEqual(featureNames, ['a', 'b']);
    assert.ok(train.features.every((value) => value < 20));
  });

  it('have the notation that fits the last rows too', () => {
    const rows = Array.from({ length: 20_000 }, (_, k) => (k === 19_990 ? '1,5' : '1,250'));
    const text = ['value;y', ...rows.map((row, k) => `${row};${k % 2 ? 'p' : 'q'}`)].join('\n');
    const { featureNames, train } = readCsv(text, { standardize: false });
    assert.deepEqual(featureNames, ['value']);
    assert.ok(train.features.every((value) => value === 1.25 || value === 1.5));
  });

  it('with a stray word are refused, or read with those rows omitted or with the column as categories', () => {
    const rows = Array.from({ length: 60 }, (_, k) => (k % 20 === 0 ? 'unknown' : String((k % 5) + 1)));
    const text = ['rating,kind', ...rows.map((row, k) => `${row},${k % 2 ? 'p' : 'q'}`)].join('\n');
    dataError(
      () => readCsv(text),
      /^a\.csv:2: "unknown" in column "rating" is not a number.*missing: \["unknown"\].*categories: \["rating"\].*The same on lines 22 and 42\.$/,
    );
    const without = readCsv(text, { missing: ['Unknown'] });
    assert.deepEqual([without.featureNames, without.train.count + without.test.count], [['rating'], 57]);
    assert.equal(without.table?.leftOut, 3);
    assert.equal(readCsv(text, { categories: ['rating'] }).featureCount, 6);
    assert.equal(readCsv(text.replaceAll('unknown', ''), { missing: [] }).train.count, without.train.count);
  });

  it('remain words if they are words: classes of a ship, doors, sizes', () => {
    for (const words of [
      ['1st', '2nd', '3rd'],
      ['2WD', '4WD', '2WD'],
      ['3-5', '6-8', '9-11'],
      ['A1', 'B2', 'C3'],
    ]) {
      const text = ['a,y', ...Array.from({ length: 30 }, (_, k) => `${words[k % 3]},${k % 2}`)].join('\n');
      assert.equal(readCsv(text).featureCount, new Set(words).size);
    }
  });

  describe('written in a random notation', () => {
    const notation = fc.record({
      decimal: fc.constantFrom('.', ','),
      group: fc.constantFrom('', ',', '.', ' ', "'", '\u202f'),
      minus: fc.constantFrom('-', '\u2212'),
      prefix: fc.constantFrom('', '', '$', '€ '),
      suffix: fc.constantFrom('', '', '%', ' kg'),
      given: fc.boolean(),
    });
    const number = fc.tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.integer({ min: 0, max: 4 }));

    it('are read correctly, or refused with a remedy', () => {
      let back = 0;
      fc.assert(
        fc.property(notation, fc.array(number, { minLength: 4, maxLength: 40 }), (how, numbers) => {
          const { decimal, minus, prefix, given } = how;
          const group = how.group === decimal ? '' : how.group;
          const suffix = prefix ? '' : how.suffix;
          const values = numbers.map(([digits, places]) => Number(`${digits}e-${places}`));
          const rows = numbers.map(([digits, places]) => {
            const text = Math.abs(digits)
              .toString()
              .padStart(places + 1, '0');
            const whole = text.slice(0, text.length - places).replace(/\B(?=(\d{3})+$)/g, group);
            const rest = places > 0 ? decimal + text.slice(-places) : '';
            return `${digits < 0 ? minus : ''}${prefix}${whole}${rest}${suffix}`;
          });
          const changes: Partial<CsvSource> = given ? { decimal: decimal as '.' | ',' } : {};
          try {
            const found = readBack(rows, changes);
            assert.deepEqual(
              found.map((value) => (value ?? Number.NaN) + 0),
              single(values).map((value) => value + 0),
            );
            back++;
          } catch (cause) {
            assert.ok(cause instanceof DataError, String(cause));
            assert.ok(!given, `${cause.message} although the decimal mark was given`);
          }
        }),
        { numRuns: 2000 },
      );
      assert.ok(back > 1000, `${back} of 2000 were read`);
    });
  });
});
