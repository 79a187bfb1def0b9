/** The statistics of claims compared with SciPy: `test/oracle/make_statistics.py` makes the fixture, and is run again if SciPy is installed. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import {
  bootstrapInterval,
  differenceInterval,
  signFlipTest,
  signTest,
} from '../../../src/experiment/claims/inference';
import { acrossLayers } from '../../../src/experiment/claims/runValue';

interface Fixture {
  cases: {
    name: string;
    differences: number[];
    p: { greater: number; less: number; twoSided: number };
    interval: [number, number] | null;
  }[];
  ranks: { ranks: number[]; p: { greater: number; less: number; twoSided: number } }[];
  slopes: { depths: number[]; values: number[]; slope: number }[];
}

const folder = join(process.cwd(), 'test/fixtures/experiment');
const read = (where: string) => JSON.parse(readFileSync(join(where, 'statistics.json'), 'utf8')) as Fixture;
const { cases, ranks, slopes } = read(folder);

describe('the statistics of claims compared with SciPy', () => {
  for (const { name, differences, p, interval } of cases) {
    it(`agree with the exact permutation test: ${name}`, () => {
      const found = signFlipTest(differences);
      for (const side of ['greater', 'less', 'twoSided'] as const) {
        assert.ok(Math.abs(found[side] - p[side]) < 1e-12, `${side}: ${found[side]}, SciPy ${p[side]}`);
      }
    });

    if (!interval) continue;
    it(`agree on the studentized bootstrap interval: ${name}`, () => {
      const found = bootstrapInterval(differences) ?? assert.fail();
      // 10,000 resamples here and 200,000 in the fixture: the 2.5 % quantile varies by about 1 % of the width.
      const width = interval[1] - interval[0];
      found.forEach((end, k) => {
        assert.ok(Math.abs(end - interval[k]) < 0.04 * width, `${found}, SciPy ${interval}`);
      });
    });
  }

  it('agree on the interval of two independent samples', () => {
    const one = [
      0.91, 0.93, 0.92, 0.95, 0.9, 0.94, 0.93, 0.92, 0.915, 0.935, 0.925, 0.945, 0.905, 0.93, 0.92, 0.91, 0.94,
    ];
    const other = [0.88, 0.9, 0.86, 0.89, 0.87, 0.91, 0.885, 0.875, 0.895, 0.865, 0.905, 0.88];
    // scipy.stats.ttest_ind(one, other, equal_var=False).confidence_interval(): Welch's, as the samples are nearly normal.
    const welch = [0.028486, 0.052347];
    const found = differenceInterval(one, other) ?? assert.fail();
    for (const [k, end] of found.entries())
      assert.ok(Math.abs(end - welch[k]) < 0.08 * (welch[1] - welch[0]), `${found}`);
    const mirrored = differenceInterval(other, one) ?? assert.fail();
    for (const [k, end] of mirrored.entries()) assert.ok(Math.abs(end + found[1 - k]) < 0.04 * (welch[1] - welch[0]));
    // A sample of another size and spread counts with its own error.
    const wide = other.map((value) => 5 * (value - 0.88) + 0.88);
    const wider = differenceInterval(one, wide) ?? assert.fail();
    assert.ok(wider[1] - wider[0] > 3 * (found[1] - found[0]));
    assert.equal(differenceInterval(one, other.slice(0, 3)), null);
  });

  for (const { ranks: signed, p } of ranks) {
    it(`agree with Wilcoxon’s test for ${signed.length} signed ranks`, () => {
      const found = signFlipTest(signed);
      for (const side of ['greater', 'less', 'twoSided'] as const)
        assert.ok(Math.abs(found[side] - p[side]) < 1e-12, side);
    });
  }

  for (const { depths, values, slope } of slopes) {
    it(`agree with linregress on logarithms for the slope over ${depths.length} layers`, () => {
      assert.ok(Math.abs(acrossLayers(values, depths, 'slope') - slope) < 1e-12);
    });
  }

  const python = '/usr/bin/python3';
  const look = spawnSync(python, ['-c', 'import scipy']);
  if (look.status !== 0) {
    it(
      `are what test/oracle/make_statistics.py makes (not run: ${python} has no SciPy; Debian's python3-scipy brings it)`,
    );
    return;
  }

  it('are what test/oracle/make_statistics.py makes', async function () {
    this.timeout(300_000);
    const made = mkdtempSync(join(tmpdir(), 'bnlab-statistics-'));
    try {
      await promisify(execFile)(python, [join(process.cwd(), 'test/oracle/make_statistics.py'), '--out', made]);
      const fresh = read(made);
      assert.deepEqual(fresh.ranks, ranks);
      assert.deepEqual(
        fresh.cases.map(({ differences, p }) => [differences, p]),
        cases.map(({ differences, p }) => [differences, p]),
      );
      fresh.slopes.forEach(({ slope }, k) => {
        assert.ok(Math.abs(slope - slopes[k].slope) < 1e-9);
      });
      // Versions of SciPy draw different resamples.
      fresh.cases.forEach(({ interval }, k) => {
        const kept = cases[k].interval;
        const width = kept ? kept[1] - kept[0] : 0;
        interval?.forEach((end, side) => {
          assert.ok(kept && Math.abs(end - kept[side]) < 0.02 * width);
        });
      });
    } finally {
      rmSync(made, { recursive: true });
    }
  });
});

/** A finite number as a whole number of 2⁻¹⁰⁷⁴. */
function exactly(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const all = bits.getBigUint64(0);
  const exponent = (all >> 52n) & 0x7ffn;
  const fraction = all & ((1n << 52n) - 1n);
  const size = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return all >> 63n ? -size : size;
}

/** Every sign change, in whole numbers. */
function bruteForce(differences: readonly number[]) {
  const whole = differences.map(exactly);
  const observed = whole.reduce((sum, value) => sum + value, 0n);
  let sums = [0n];
  for (const value of whole) sums = sums.flatMap((sum) => [sum + value, sum - value]);
  const size = (value: bigint) => (value < 0n ? -value : value);
  const share = (holds: (sum: bigint) => boolean) => sums.filter(holds).length / sums.length;
  return {
    greater: share((sum) => sum >= observed),
    less: share((sum) => sum <= observed),
    twoSided: share((sum) => size(sum) >= size(observed)),
  };
}

describe('the sign-flip test compared with every sign change in exact arithmetic', () => {
  const sides = ['greater', 'less', 'twoSided'] as const;
  const agrees = (differences: number[]) => assert.deepEqual(signFlipTest(differences), bruteForce(differences));

  it('is the same for whole numbers of any size', () => {
    const whole = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -1000, max: 1000 }));
    fc.assert(
      fc.property(
        fc.array(whole, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: -300, max: 300 }),
        (values, power) => agrees(values.map((value) => value * 2 ** power)),
      ),
    );
  });

  it('is the same with one difference larger than all others by any factor', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 9, max: 900 }),
        fc.boolean(),
        (values, power, isNegative) => agrees([...values, (isNegative ? -1 : 1) * 2 ** power]),
      ),
    );
    for (const huge of [1e12, 1e16, 1e300]) {
      const found = signFlipTest([...Array.from({ length: 19 }, (_, k) => 0.1 + k / 7), huge]);
      assert.deepEqual(found, { greater: 2 ** -20, less: 1, twoSided: 2 ** -19 });
    }
  });

  it('is never lower, for any numbers', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 9 }), (values) => {
        const [found, exact] = [signFlipTest(values), bruteForce(values)];
        for (const side of sides) assert.ok(found[side] >= exact[side], `${side}: ${found[side]} below ${exact[side]}`);
      }),
      { numRuns: 500 },
    );
  });

  it('counts exact ties, which rounding would break', () => {
    const hundredths = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 })), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(hundredths, (pairs) => {
        const found = signFlipTest(
          pairs.map(([a, b]) => a / 100 - b / 100),
          pairs.map(([a, b]) => Math.max(a, b) / 100),
        );
        assert.deepEqual(found, bruteForce(pairs.map(([a, b]) => a - b)));
      }),
    );
  });
});

describe('an interval', () => {
  it('needs four values', () => {
    assert.equal(bootstrapInterval([1, 2]), null);
    assert.equal(bootstrapInterval([1, 2, 4]), null);
    const [low, high] = bootstrapInterval([1, 2, 4, 5]) ?? assert.fail();
    assert.ok(low < 3 && high > 3);
  });

  it('does not end at the mean if all values but one are the same', () => {
    assert.equal(bootstrapInterval([0, 0, 0, 1]), null);
    const [low, high] = bootstrapInterval([...Array<number>(19).fill(0), 1]) ?? assert.fail();
    assert.ok(low <= 0.05 && high === 1, `${low} to ${high}`);
  });

  it('has the same shape for values of any size', () => {
    const values = [0.3, -1, 2.2, 0.11, 0.7, 1.9, -0.4, 0.2, 0.5, 0.9, 1.1];
    const [low, high] = bootstrapInterval(values) ?? assert.fail();
    for (const power of [-1020, -600, 600, 1020]) {
      assert.deepEqual(bootstrapInterval(values.map((value) => value * 2 ** power)), [
        low * 2 ** power,
        high * 2 ** power,
      ]);
    }
  });
});

describe('the sign test', () => {
  it('is twice the binomial tail', () => {
    // 2 (1 + 5 + 10) / 32; for 20: 2 · 21700 / 2²⁰.
    assert.ok(Math.abs(signTest(5, 5) - 2 / 32) < 1e-15);
    assert.ok(Math.abs(signTest(4, 5) - 12 / 32) < 1e-15);
    assert.ok(Math.abs(signTest(15, 20) - (2 * 21_700) / 2 ** 20) < 1e-15);
    assert.equal(signTest(0, 20), 1);
    assert.ok(signTest(3000, 3000) >= 0);
  });
});
