// biome-ignore-all lint/correctness/noPrecisionLoss: values are quoted as published.
/** Compares the engine's elementary functions with the machine's and with published values. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { cos, erf, exp, log, sigmoid, sin, tanh } from '../../../src/engine/math';

/** Relative error; absolute near 0, as given by `floor`. */
function assertNear(actual: number, expected: number, tolerance: number, floor = Number.MIN_VALUE, at = ''): void {
  if (Object.is(actual, expected) || actual === expected) return;
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), floor);
  assert.ok(error <= tolerance, `${at}: ${actual} where ${expected} should be, off by ${error}`);
}

function compared(
  ours: (x: number) => number,
  theirs: (x: number) => number,
  [min, max]: [number, number],
  tolerance: number,
  floor?: number,
): void {
  const x = fc.double({ min, max, noNaN: true });
  const even = fc.double({ min: 0, max: 1, noNaN: true }).map((share) => min + (max - min) * share);
  fc.assert(
    fc.property(fc.oneof(x, even), (x) => assertNear(ours(x), theirs(x), tolerance, floor, String(x))),
    { numRuns: 20_000 },
  );
}

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

describe('elementary functions', () => {
  it('exp', () => {
    compared(exp, Math.exp, [-708, 709.78], 2e-15);
    assert.deepEqual([0, -0, nan, infinity, -infinity, 710, -746].map(exp), [1, 1, nan, infinity, 0, infinity, 0]);
    assert.ok(exp(709.782712893384) < infinity);
    // Subnormal results have fewer digits: the tolerance is one unit of the smallest of them.
    for (let x = -745.2; x < -708; x += 0.05) assert.ok(Math.abs(exp(x) - Math.exp(x)) <= 5e-324, String(x));
  });

  it('log', () => {
    compared(log, Math.log, [0, Number.MAX_VALUE], 1e-15, 1e-15);
    compared(log, Math.log, [0.5, 2], 1e-15, 1e-15);
    assert.deepEqual([1, 0, -0, -1, nan, infinity, -infinity].map(log), [
      0,
      -infinity,
      -infinity,
      nan,
      nan,
      infinity,
      nan,
    ]);
    for (const x of [5e-324, 1e-310, 2.2250738585072014e-308]) assertNear(log(x), Math.log(x), 1e-15);
  });

  it('tanh', () => {
    compared(tanh, Math.tanh, [-25, 25], 2e-15);
    compared(tanh, Math.tanh, [-0.3, 0.3], 2e-15);
    assert.deepEqual([0, infinity, -infinity, 100, nan].map(tanh), [0, 1, -1, 1, nan]);
  });

  it('sigmoid', () => {
    compared(sigmoid, (x) => 1 / (1 + Math.exp(-x)), [-700, 700], 3e-15);
    assert.deepEqual([0, infinity, -infinity, nan].map(sigmoid), [0.5, 1, 0, nan]);
  });

  it('sine and cosine', () => {
    // Near a zero the relative error is limited by the angle's digits, so the tolerance there is absolute.
    compared(sin, Math.sin, [-7, 7], 1e-15, 1e-1);
    compared(cos, Math.cos, [-7, 7], 1e-15, 1e-1);
    compared(sin, Math.sin, [-1e4, 1e4], 1e-12, 1);
    compared(cos, Math.cos, [-1e4, 1e4], 1e-12, 1);
    assert.deepEqual([0, nan, infinity, -infinity].map(sin), [0, nan, nan, nan]);
    assert.deepEqual([0, nan, infinity, -infinity].map(cos), [1, nan, nan, nan]);
  });

  it('the error function', () => {
    // Abramowitz & Stegun, Handbook of Mathematical Functions, table 7.1 and similar tables.
    const published = [
      [0, 0],
      [0.1, 0.1124629160182848],
      [0.25, 0.2763263901682369],
      [0.5, 0.5204998778130465],
      [0.75, 0.7111556336535151],
      [1, 0.8427007929497148],
      [1.5, 0.9661051464753107],
      [2, 0.9953222650189527],
      [3, 0.9999779095030014],
      [4, 0.999999984582742],
      [5, 0.9999999999984625],
    ];
    for (const [x, value] of published) {
      assertNear(erf(x), value, 1e-15, undefined, String(x));
      assertNear(erf(-x), -value, 1e-15, undefined, String(-x));
    }
    assert.deepEqual([infinity, -infinity, 7, nan].map(erf), [1, -1, 1, nan]);
    assertNear(erf(1e-300), 2e-300 / Math.sqrt(Math.PI), 1e-15);
  });
});
