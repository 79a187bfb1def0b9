/** Percentiles by the SIMD kernels are exact: selection rounds nothing, for any numbers. */
import assert from 'node:assert/strict';
import { SimdKernels } from '../../../src/engine/kernels/simd/simdKernels';
import { rankOf, sampledIndices } from '../../../src/engine/spread';
import { draws } from './support/draws';

const fractions = [0.15, 0.5, 0.85] as const;

/** Reference by definition: sorts all numbers, −0 before 0, NaN last. */
function expected(values: Float32Array): number[] {
  const sorted = Array.from(sampledIndices(values.length), (index) => values[index]).sort((a, b) =>
    a === b ? Number(Object.is(b, -0)) - Number(Object.is(a, -0)) : Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b,
  );
  return fractions.map((fraction) => {
    const { below, weight } = rankOf(fraction, sorted.length);
    return weight === 0 ? sorted[below] : sorted[below] + weight * (sorted[below + 1] - sorted[below]);
  });
}

const random = draws(3);
/** Numbers by index: the k-th of n. */
const kinds: Record<string, (k: number, n: number) => number> = {
  normal: () => random.normal(),
  'normal, rectified': () => Math.max(0, random.normal()),
  'all the same': () => 2.5,
  'zeros of both signs': (k) => (k % 3 === 0 ? 0 : -0),
  'zeros of both signs among others': (k) => [0, -0, 1, -1][k % 4],
  'of all magnitudes': () => random.normal() * 2 ** Math.floor(random.uniform() * 200 - 100),
  'as far apart as can be': (k) => (k % 2 === 0 ? 3.4e38 : -3.4e38),
  'many within one bin of a wide range': (k) => (k === 0 ? 1e6 : random.uniform()),
  subnormal: (k, n) => ((k * 7) % n) * 1.4e-45,
  'with infinities': (k) => (k % 5 === 0 ? Number.POSITIVE_INFINITY : k % 7 === 0 ? Number.NEGATIVE_INFINITY : k),
  'with NaN': (k) => (k % 5 === 0 ? Number.NaN : random.normal()),
  rising: (k) => k,
};

describe('percentiles by the SIMD kernels are exact', () => {
  const kernels = new SimdKernels();
  for (const [kind, number] of Object.entries(kinds)) {
    it(kind, () => {
      for (const [rows, columns] of [
        [1, 1],
        [1, 2],
        [3, 5],
        [7, 9],
        [16, 8],
        [50, 1],
        [61, 100],
      ]) {
        const values = Float32Array.from({ length: rows * columns }, (_, k) => number(k, rows * columns));
        const t = kernels.tensor(rows, columns);
        kernels.write(t, values);
        assert.deepEqual(kernels.percentiles(t, fractions), expected(values), `${rows} × ${columns}`);
      }
    });
  }
});
