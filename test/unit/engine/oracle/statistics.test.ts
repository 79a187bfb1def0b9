/** Statistics that the probes compute of a tensor, compared with NumPy. */
import { percentiles, spread } from '../../../../src/engine/spread';
import { assertClose } from '../support/compare';
import { fixture } from '../support/fixtures';

interface Fixture {
  fractions: number[];
  cases: ({ values: number[]; percentiles: number[] } & ReturnType<typeof spread>)[];
}

const { fractions, cases } = fixture<Fixture>('statistics.json');
/** The computation is in float64; the fixture contains eight digits. */
const tolerance = 1e-7;

describe('statistics compared with NumPy', () => {
  for (const { values, percentiles: expected, ...rest } of cases) {
    it(`agree for ${values.length} numbers around ${rest.mean}`, () => {
      const actual = spread(values);
      for (const name of ['mean', 'variance', 'std', 'min', 'max'] as const) {
        assertClose([actual[name]], [rest[name]], { category: 'statistics', what: name, tolerance });
      }
      assertClose(percentiles(Float32Array.from(values), fractions), expected, {
        category: 'statistics',
        what: 'percentiles',
        tolerance,
      });
    });
  }
});
