/** Number formats shared by all parts of the program. */
import assert from 'node:assert/strict';
import { count } from '../../../src/shared/counts';
import {
  bytesInWords,
  formatBrief,
  formatCount,
  formatDifference,
  formatP,
  formatPercent,
  formatPlain,
  formatPower,
  formatRate,
  formatResult,
  formatValue,
  pInWords,
  shortestDecimal,
} from '../../../src/shared/numbers';

describe('numbers', () => {
  const cases: [(value: number) => string, [number, string][]][] = [
    [
      formatValue,
      [
        [0, '0'],
        [-0, '0'],
        [Number.NaN, '–'],
        [Number.POSITIVE_INFINITY, '–'],
        [0.936, '0.94'],
        [0.9951, '1.00'],
        [1.005, '1.00'],
        [9.949, '9.95'],
        [9.96, '10.0'],
        [0.0996, '0.10'],
        [0.0055, '0.0055'],
        [0.000994, '9.9e−4'],
        [0.00005, '5e−5'],
        [-0.00123, '−0.0012'],
        [-1.234, '−1.23'],
        [123.4, '123'],
        [1234.5, '1,235'],
        [99_999, '99,999'],
        [123_456, '1.2e5'],
        [-3.4e38, '−3.4e38'],
        [1e-45, '1e−45'],
      ],
    ],
    [
      formatBrief,
      [
        [2.7e-10, '3e−10'],
        [0.15, '0.15'],
      ],
    ],
    [
      formatPercent,
      [
        [0.9949, '99.5 %'],
        [1, '100.0 %'],
        [Number.NaN, '–'],
      ],
    ],
    [
      formatCount,
      [
        [1_234_567, '1,234,567'],
        [0, '0'],
      ],
    ],
    [
      formatRate,
      [
        [2630.4, '2,630'],
        [41.24, '41.2'],
        [0.62, '0.62'],
      ],
    ],
    [
      formatResult,
      [
        [0, '0'],
        [-0, '0'],
        [Number.NaN, '–'],
        [0.11, '0.11'],
        [0.912345, '0.9123'],
        [-0.0399999, '−0.04'],
        [12345.6789, '12345.7'],
        [0.00012, '0.00012'],
        [-0.0000123456, '−1.235e−5'],
        [1_234_567, '1.235e6'],
      ],
    ],
    [
      formatDifference,
      [
        [0, '+0'],
        [0.03284, '+0.03284'],
        [-9.7, '−9.7'],
      ],
    ],
    [
      formatP,
      [
        [0.4, '0.400'],
        [0.00099, '< 0.001'],
      ],
    ],
    [
      pInWords,
      [
        [0.4, 'p = 0.400'],
        [0, 'p < 0.001'],
      ],
    ],
    [
      bytesInWords,
      [
        [12, '12 bytes'],
        [1500, '1.5 kB'],
        [2.5e11, '250 GB'],
      ],
    ],
    [
      shortestDecimal,
      [
        [Math.fround(0.1), '0.1'],
        [Math.fround(1 / 3), '0.33333334'],
        [1 / 3, '0.3333333333333333'],
        [-1e-45, '-1e-45'],
        [-0, '0'],
        // An integer of 21 digits overflows in pandas.
        [Math.fround(1e20), '1e+20'],
        [-(2 ** 60), '-1.1529215e+18'],
        [2 ** 24, '16777216'],
        [Number.NaN, ''],
        [Number.NEGATIVE_INFINITY, '-inf'],
      ],
    ],
    [
      formatPower,
      [
        [1e-4, '10⁻⁴'],
        [0.01, '0.01'],
        [1, '1'],
        [1000, '1,000'],
        [1e12, '10¹²'],
        [-0.1, '−0.1'],
      ],
    ],
    [
      formatPlain,
      [
        [0.1 + 0.2, '0.3'],
        [-0.25, '−0.25'],
        [5000, '5,000'],
      ],
    ],
  ];
  for (const [format, pairs] of cases) {
    it(format.name, () => {
      for (const [value, text] of pairs) assert.equal(format(value), text, String(value));
    });
  }

  it('are written as words in counts', () => {
    assert.deepEqual([count(1, 'run'), count(1200, 'run')], ['1 run', '1,200 runs']);
  });
});
