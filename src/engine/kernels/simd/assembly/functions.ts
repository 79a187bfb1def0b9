/** Elementary functions of four numbers at a time, to about the accuracy of a float32. A NaN stays NaN. */

/**
 * Constants of `exp`, four copies of each, because loading a vector from memory is one instruction, and V8 creates each vector
 * constant in a loop again with four.
 */
const constants: usize = memory.data<f32>([
  88, 88, 88, 88,
  -87, -87, -87, -87,
  12582912, 12582912, 12582912, 12582912,
  1.44269504088896341, 1.44269504088896341, 1.44269504088896341, 1.44269504088896341,
  0.693359375, 0.693359375, 0.693359375, 0.693359375,
  -2.12194440e-4, -2.12194440e-4, -2.12194440e-4, -2.12194440e-4,
  1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4,
  1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3,
  8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3,
  4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2,
  1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1,
  5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1,
  1, 1, 1, 1,
], 16);
const highest: usize = 0;
const lowest: usize = 16;
const rounding: usize = 32;
const perLn2: usize = 48;
const ln2High: usize = 64;
const ln2Low: usize = 80;
const p0: usize = 96;
const p1: usize = 112;
const p2: usize = 128;
const p3: usize = 144;
const p4: usize = 160;
const p5: usize = 176;
const unit: usize = 192;

@inline
function constant(place: usize): v128 {
  return v128.load(constants + place);
}

/**
 * eˣ = 2ⁿ · eʳ, n the nearest whole number to x / ln 2; eʳ by a polynomial (Cephes, expf). Below −87 and above 88, where
 * a float32 would be subnormal or infinite, it is 0 and e⁸⁸.
 */
@inline
export function exp(x: v128): v128 {
  const small = f32x4.lt(x, constant(lowest));
  // pmin and pmax are one instruction each, and leave a NaN that stands first.
  x = f32x4.pmax(f32x4.pmin(x, constant(highest)), constant(lowest));
  // So near to 1.5 · 2²³ the numbers are whole, and the last bits of one are n.
  const rounded = f32x4.add(f32x4.mul(x, constant(perLn2)), constant(rounding));
  const n = f32x4.sub(rounded, constant(rounding));
  let r = f32x4.sub(x, f32x4.mul(n, constant(ln2High)));
  r = f32x4.sub(r, f32x4.mul(n, constant(ln2Low)));
  let p = constant(p0);
  p = f32x4.add(f32x4.mul(p, r), constant(p1));
  p = f32x4.add(f32x4.mul(p, r), constant(p2));
  p = f32x4.add(f32x4.mul(p, r), constant(p3));
  p = f32x4.add(f32x4.mul(p, r), constant(p4));
  p = f32x4.add(f32x4.mul(p, r), constant(p5));
  p = f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), f32x4.add(r, constant(unit)));
  // n in the exponent of 1 is 2ⁿ. A product, and no sum of exponents: a NaN of any bits stays one.
  return v128.andnot(f32x4.mul(p, i32x4.add(i32x4.shl(rounded, 23), constant(unit))), small);
}

/** 1 / (1 + e⁻ˣ) */
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** Near 0 an odd polynomial (Cephes, tanhf), which keeps the digits of tiny numbers; else ±(1 − 2 / (e^2|x| + 1)). */
@inline
export function tanh(x: v128): v128 {
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-3.33332819422e-1));
  const near = f32x4.add(x, f32x4.mul(x, f32x4.mul(square, p)));
  const one = f32x4.splat(1);
  const size = f32x4.abs(x);
  const power = exp(f32x4.add(size, size));
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(power, one)));
  const signed = v128.bitselect(x, far, f32x4.splat(-0.0));
  return v128.bitselect(near, signed, f32x4.lt(size, f32x4.splat(0.625)));
}

/**
 * Distribution function of the standard normal, Φ(x) = erfc(−x / √2) / 2, by the Chebyshev fit of Press et al.,
 * Numerical Recipes, §6.2, whose relative error is below 1.2e-7 everywhere.
 */
@inline
export function normalCdf(x: v128): v128 {
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(0.70710678118654752));
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(0.5), z)));
  let p = f32x4.splat(0.17087277);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.82215223));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.48851587));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.13520398));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.27886807));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.18628806));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.09678418));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.37409196));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.00002368));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.26551223));
  const tail = f32x4.mul(f32x4.splat(0.5), f32x4.mul(t, exp(f32x4.sub(p, f32x4.mul(f32x4.splat(0.5), f32x4.mul(x, x))))));
  return v128.bitselect(f32x4.sub(one, tail), tail, f32x4.gt(x, f32x4.splat(0)));
}

/** Density of the standard normal, e^(−x² / 2) / √(2π). */
@inline
export function normalDensity(x: v128): v128 {
  const power = exp(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(x, x)));
  return f32x4.mul(f32x4.splat(0.39894228040143268), power);
}
