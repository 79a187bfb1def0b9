/** The statistics of claims against SciPy: `test/oracle/make_statistics.py` makes the fixture, and it is made anew here where SciPy is. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { acrossLayers } from '../../../src/experiment/claims/metric';
import { bootstrapInterval, signFlipTest } from '../../../src/experiment/claims/statistics';

interface Fixture {
  cases: {
    name: string;
    differences: number[];
    p: { greater: number; less: number; twoSided: number };
    interval: [number, number] | null;
  }[];
  slopes: { depths: number[]; values: number[]; slope: number }[];
}

const folder = join(process.cwd(), 'test/fixtures/experiment');
const read = (where: string) => JSON.parse(readFileSync(join(where, 'statistics.json'), 'utf8')) as Fixture;
const { cases, slopes } = read(folder);

describe('the statistics of claims against SciPy', () => {
  for (const { name, differences, p, interval } of cases) {
    it(`the sign-flip test is its exact permutation test: ${name}`, () => {
      const found = signFlipTest(differences);
      for (const side of ['greater', 'less', 'twoSided'] as const) {
        assert.ok(Math.abs(found[side] - p[side]) < 1e-12, `${side}: ${found[side]}, SciPy ${p[side]}`);
      }
    });

    if (!interval) continue;
    it(`the studentized bootstrap gives its interval: ${name}`, () => {
      const found = bootstrapInterval(differences);
      // Of 10,000 resamples here and 200,000 there: the 2.5 % quantile wanders by some 1 % of the width.
      const width = interval[1] - interval[0];
      found.forEach((end, k) => {
        assert.ok(Math.abs(end - interval[k]) < 0.04 * width, `${found}, SciPy ${interval}`);
      });
    });
  }

  for (const { depths, values, slope } of slopes) {
    it(`the slope over ${depths.length} layers is that of linregress on logarithms`, () => {
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
      assert.deepEqual(
        fresh.cases.map(({ differences, p }) => [differences, p]),
        cases.map(({ differences, p }) => [differences, p]),
      );
      fresh.slopes.forEach(({ slope }, k) => {
        assert.ok(Math.abs(slope - slopes[k].slope) < 1e-9);
      });
      // Versions of SciPy draw their resamples otherwise.
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
