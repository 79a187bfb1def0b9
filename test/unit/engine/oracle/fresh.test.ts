/**
 * Recreates the fixtures if PyTorch and SciPy are installed, and compares them with the committed ones. This detects an edit
 * of a script or of a fixture alone. If they are not installed, the test is skipped, with the reason.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { absence, python } from '../../../support/python';
import { skip } from '../../../support/skip';
import { relativeError } from '../support/compare';
import { fixture, fixtureFolder } from '../support/fixtures';

/**
 * Scripts in test/oracle, the folders of their fixtures, and the Python modules that they need. `claimInference.test.ts` runs
 * make_statistics.py, whose resamples differ between versions of SciPy.
 */
const makers = [{ script: 'make_fixtures.py', fixtures: fixtureFolder, needs: ['torch', 'numpy', 'scipy'] }];

/** Other versions of PyTorch and other processors sum float64 in a different order; files contain eight digits. */
const tolerance = 1e-6;

/** Differences of two JSON values: numbers and lists of numbers within the tolerance, everything else exactly. */
function differences(actual: unknown, expected: unknown, place: string): string[] {
  if (typeof expected === 'number' && typeof actual === 'number') {
    return differences([actual], [expected], place);
  }
  if (isNumbers(expected) && isNumbers(actual) && actual.length === expected.length) {
    // Values that are zero except for rounding are compared at scale 1, the size of the summands.
    const error = relativeError(actual, expected, 1e-6);
    return error <= tolerance ? [] : [`${place}: relative difference ${error}`];
  }
  if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null) {
    return actual === expected ? [] : [`${place}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`];
  }
  const [a, e] = [actual, expected] as Record<string, unknown>[];
  const keys = new Set([...Object.keys(a), ...Object.keys(e)]);
  return [...keys].flatMap((key) => differences(a[key], e[key], `${place}/${key}`));
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => typeof v === 'number');
}

describe('the fixtures of the oracle tests', () => {
  for (const { script, fixtures, needs } of makers) {
    it(`are what test/oracle/${script} makes`, async function () {
      this.timeout(300_000);
      const reason = absence(needs);
      if (reason) skip(this, reason);
      const folder = mkdtempSync(join(tmpdir(), 'bnlab-fixtures-'));
      try {
        await promisify(execFile)(python, [join(process.cwd(), 'test/oracle', script), '--out', folder]);
        const names = readdirSync(folder).sort();
        assert.deepEqual(names, readdirSync(fixtures).sort());
        const found = names.flatMap((name) => differences(fixture(name, folder), fixture(name, fixtures), name));
        assert.deepEqual(found.slice(0, 20), [], `run test/oracle/${script} and look at what changed`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
