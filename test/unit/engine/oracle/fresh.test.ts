/**
 * Recreates the fixtures if PyTorch and SciPy are installed, and compares them with the committed ones. This detects an edit
 * of the script or of a fixture alone. If they are not installed, the test is pending, with the reason in its title.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { relativeError } from '../support/compare';
import { fixture, fixtureFolder } from '../support/fixtures';

const python = '/usr/bin/python3';
const script = join(process.cwd(), 'test/oracle/make_fixtures.py');
/** Other versions of PyTorch and other processors sum float64 in a different order; files contain eight digits. */
const tolerance = 1e-6;

/** Why the script cannot run here, or null. */
function absence(): string | null {
  const look = 'import importlib.util as u; print(*[m for m in ("torch", "numpy", "scipy") if u.find_spec(m) is None])';
  const { status, stdout, error } = spawnSync(python, ['-c', look], { encoding: 'utf8' });
  if (status !== 0) return `${python} does not run${error ? ` (${error.message})` : ''}`;
  const missing = stdout.trim();
  return missing === ''
    ? null
    : `${python} has no ${missing.replace(' ', ' and no ')}; Debian's python3-torch and python3-scipy bring them`;
}

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
  const reason = absence();
  if (reason) {
    console.log(`The oracle's fixtures are not recreated: ${reason}.`);
    it(`are what test/oracle/make_fixtures.py makes (not run: ${reason})`);
    return;
  }

  it('are what test/oracle/make_fixtures.py makes', async function () {
    this.timeout(300_000);
    const folder = mkdtempSync(join(tmpdir(), 'bnlab-fixtures-'));
    try {
      await promisify(execFile)(python, [script, '--out', folder]);
      const names = readdirSync(folder).sort();
      assert.deepEqual(names, readdirSync(fixtureFolder).sort());
      const found = names.flatMap((name) => differences(fixture(name, folder), fixture(name), name));
      assert.deepEqual(found.slice(0, 20), [], 'run test/oracle/make_fixtures.py and look at what changed');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
