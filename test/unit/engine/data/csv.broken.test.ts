/** Thousands of broken tables: the reader returns data or a message, never anything else. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { assertDatasetOrDataError, csvSource, dataError, readCsv, utf8 } from './support';

const options = fc.record(
  {
    target: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom('a', 'y', 'why')),
    delimiter: fc.constantFrom(',', ';', '\t', ' ', '"', 'a'),
    header: fc.boolean(),
    testFraction: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    standardize: fc.boolean(),
    standardizeTarget: fc.boolean(),
    decimal: fc.constantFrom('.' as const, ',' as const),
    thousands: fc.constantFrom(',', '.', ' ', "'", '_'),
    missing: fc.constantFrom<string[]>([], ['a'], ['red', '7']),
    ignore: fc.constantFrom<(string | number)[]>([], [0], ['a']),
    categories: fc.constantFrom<(string | number)[]>([], [0], ['a', 'y']),
    task: fc.constantFrom('auto' as const, 'classification' as const, 'regression' as const),
  },
  { requiredKeys: [] },
);

function assertSound(bytes: Uint8Array, changes: Parameters<typeof csvSource>[0]): 'dataset' | 'error' {
  return assertDatasetOrDataError(csvSource(changes), { path: { path: 'a.csv', bytes } });
}

describe('broken CSV files', () => {
  it('are handled if made of the format’s own tokens', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'y',
      '1',
      '-2.5',
      '1e999',
      '1e-320',
      '3e38',
      'NaN',
      '',
      '"',
      '""',
      ',',
      ';',
      '\t',
      ' ',
      '\n',
      '\n',
      '\r\n',
      '\r',
      '\ufeff',
      '\0',
      '=',
      '💡',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), options, (pieces, changes) => {
        assertSound(utf8(pieces.join('')), changes);
      }),
      { numRuns: 5000 },
    );
  });

  it('are handled if made of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), options, (bytes, changes) => {
        assertSound(bytes, changes);
      }),
      { numRuns: 3000 },
    );
  });

  it('are handled if made by damaging valid tables', () => {
    const field = fc.oneof(
      fc.double().map(String),
      fc.integer().map(String),
      fc.constantFrom('red', 'blue', 'NA', '', '"x,y"', '7', '7', '7', '7', '8'),
    );
    const row = fc.array(field, { minLength: 3, maxLength: 3 });
    const damage = fc.option(fc.tuple(fc.nat(200), fc.constantFrom('', '"', ',', '\n', 'x', '\r')), { freq: 1 });
    const seen = { dataset: 0, error: 0 };
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), damage, options, (rows, change, changes) => {
        let text = ['a,b,y', ...rows.map((fields) => fields.join(','))].join('\n');
        if (change) text = text.slice(0, change[0]) + change[1] + text.slice(change[0] + 1);
        seen[assertSound(utf8(text), { ...changes, delimiter: ',' })]++;
      }),
      { numRuns: 3000 },
    );
    const numeric = fc.array(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -3e38, max: 3e38 }), {
        minLength: 3,
        maxLength: 3,
      }),
      { minLength: 2, maxLength: 30 },
    );
    fc.assert(
      fc.property(numeric, options, (rows, { target, delimiter, header, ...changes }) => {
        const text = ['a,b,y', ...rows.map((fields) => fields.join(','))].join('\n');
        seen[assertSound(utf8(text), changes)]++;
      }),
      { numRuns: 2000 },
    );
    assert.ok(seen.dataset > 1000 && seen.error > 500, JSON.stringify(seen));
  });

  it('of great size with few fields need memory in proportion to their length', () => {
    const long = 300_000;
    dataError(() => readCsv(`a,b\n${'1'.repeat(long)}x,2\n`), /a single row/);
    dataError(() => readCsv(`a,b\n${'"'.repeat(long)}`), /quotation mark|fields?|single row/);
    dataError(() => readCsv(`a,b\n"${'x"y'.repeat(long)}`), /text follows the closing|never closed/);
    dataError(() => readCsv(','.repeat(long)), /blank lines only/);
    dataError(() => readCsv('a,b\n'.repeat(long), { target: 'c'.repeat(long) }), /no column/, 'target');
    dataError(() => readCsv(`a,b${'\n'.repeat(long)}`), /no rows/);
  });
});
