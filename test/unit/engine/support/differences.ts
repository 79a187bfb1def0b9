/**
 * Derivatives by finite differences, for kernels of float32.
 *
 * Their limit is the rounding of a float32 output, 6e-8, divided by the step. So the steps are wide, and
 * two of them are extrapolated (Richardson): with D(h) = (f(x + h) − f(x − h)) / 2h, the error of (4 D(h) − D(2h)) / 3
 * is −h⁴ f⁽⁵⁾ / 30 instead of h² f⁽³⁾ / 6. At h = 1/16 that is 5e-7 f⁽⁵⁾, with rounding of about 1e-6.
 * Points and steps are multiples of 1/1024, so that x ± 2h are exact; callers sum over outputs in float64.
 */
import type { Kernels, Tensor } from '../../../../src/engine/kernels/kernels';

export const defaultStep = 1 / 16;

/** Rounded to multiples of 1/1024. */
export function grid(values: Float32Array): Float32Array {
  return values.map((v) => Math.round(v * 1024) / 1024);
}

/** The gradient of `objective` with respect to the numbers of `t`, which are restored afterwards. */
export function numericGradient(
  kernels: Kernels,
  t: Tensor,
  objective: () => number,
  step = defaultStep,
): Float64Array {
  const values = kernels.read(t).slice();
  const at = (k: number, by: number) => {
    const moved = values.slice();
    moved[k] += by;
    kernels.write(t, moved);
    return objective();
  };
  const gradient = Float64Array.from(values, (_, k) => {
    const narrow = (at(k, step) - at(k, -step)) / (2 * step);
    const wide = (at(k, 2 * step) - at(k, -2 * step)) / (4 * step);
    return (4 * narrow - wide) / 3;
  });
  kernels.write(t, values);
  return gradient;
}

/** Σ coefficients · values, in float64. */
export function weightedSum(coefficients: ArrayLike<number>, values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += coefficients[k] * values[k];
  return sum;
}
