/**
 * Comparing tensors. The error is the largest difference of two numbers, relative to the largest magnitude of the
 * expected ones: float32 rounds the terms of a sum rather than the sum, so that a number that happens to
 * be small among its neighbours has their error.
 */
import assert from 'node:assert/strict';

/** Worst error of each category; printed at the end if ENGINE_ERRORS is set. */
const worst = new Map<string, { error: number; what: string }>();

if (process.env.ENGINE_ERRORS) {
  process.on('exit', () => {
    for (const [category, { error, what }] of worst) console.log(`${error.toExponential(2)}  ${category}: ${what}`);
  });
}

export interface Expectation {
  /** Category of the comparison, for the record of worst errors. */
  category: string;
  /** Shown when the comparison fails. */
  what: string;
  tolerance: number;
  /** Magnitude of the terms, if these cancel and the expected numbers alone do not show it. */
  scale?: number;
}

export function largest(values: ArrayLike<number>): number {
  let result = 0;
  for (let k = 0; k < values.length; k++) result = Math.max(result, Math.abs(values[k]));
  return result;
}

/** Largest sum of magnitudes in a column of a row-major matrix. */
export function columnMagnitude(values: ArrayLike<number>, columns: number): number {
  const sums = new Float64Array(columns);
  for (let k = 0; k < values.length; k++) sums[k % columns] += Math.abs(values[k]);
  return largest(sums);
}

export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, scale = 0): number {
  assert.equal(actual.length, expected.length, 'number of values');
  const unit = Math.max(scale, largest(expected));
  let error = 0;
  for (let k = 0; k < expected.length; k++) {
    const difference = Math.abs(actual[k] - expected[k]);
    // Not Math.max alone: a NaN must fail.
    if (!(difference <= error)) error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return error === 0 ? 0 : error / unit;
}

export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { category, what, tolerance, scale }: Expectation,
): void {
  const error = relativeError(actual, expected, scale);
  if (error > (worst.get(category)?.error ?? 0)) worst.set(category, { error, what });
  if (error <= tolerance) return;
  const some = (values: ArrayLike<number>) => Array.from(values).slice(0, 12).join(', ');
  assert.fail(
    `${what}: relative error ${error.toExponential(2)} > ${tolerance}\n  actual   ${some(actual)}\n  expected ${some(expected)}`,
  );
}
