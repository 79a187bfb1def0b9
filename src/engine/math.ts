// biome-ignore-all lint/correctness/noPrecisionLoss: coefficients are as published.
/**
 * Elementary functions in plain float64 arithmetic. JavaScript leaves the last bits of `Math.exp` and its like to each
 * engine; here only +, −, ×, ÷ and √ are used, which IEEE 754 fixes, so that a run has the same bits everywhere.
 * Errors are a few units in the last place of a float64, far below the float32 in which tensors are kept.
 */

const log2e = Math.LOG2E;
/** ln 2 in two parts: the first is short enough for its product with an exponent to be exact (Cody & Waite 1980). */
const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;

/** 2ᵏ for every exponent that a float64 has, from −1074 on. */
const powersOfTwo = (() => {
  const powers = new Float64Array(1074 + 1024);
  for (let k = 0, power = 1; k < 1024; k++, power *= 2) powers[1074 + k] = power;
  for (let k = 1, power = 0.5; k <= 1074; k++, power *= 0.5) powers[1074 - k] = power;
  return powers;
})();

/** eʳ − 1 for |r| ≤ ln 2 / 2: its Taylor series up to r¹³ / 13!, whose rest is below 5e-18. */
function expm1Near0(r: number): number {
  let sum = 1 / 6227020800;
  sum = sum * r + 1 / 479001600;
  sum = sum * r + 1 / 39916800;
  sum = sum * r + 1 / 3628800;
  sum = sum * r + 1 / 362880;
  sum = sum * r + 1 / 40320;
  sum = sum * r + 1 / 5040;
  sum = sum * r + 1 / 720;
  sum = sum * r + 1 / 120;
  sum = sum * r + 1 / 24;
  sum = sum * r + 1 / 6;
  sum = sum * r + 1 / 2;
  return r + r * r * sum;
}

/** eˣ = 2ᵏ · eʳ with r = x − k · ln 2, k the nearest whole number to x / ln 2. */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return Number.isNaN(x) ? x : Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  const k = Math.floor(x * log2e + 0.5);
  const r = x - k * ln2High - k * ln2Low;
  const power = 1 + expm1Near0(r);
  // 2¹⁰²⁴ alone is infinite, although its product with a power below 1 may be finite.
  if (k === 1024) return power * 2 * powersOfTwo[1074 + 1023];
  // Nor is 2⁻¹⁰⁷⁵ a float64, though its product with a power above 1 rounds to the least one.
  if (k === -1075) return (power / 2) * powersOfTwo[0];
  return power * powersOfTwo[1074 + k];
}

const bits = new DataView(new ArrayBuffer(8));

/** ln x = e · ln 2 + ln m for x = m · 2ᵉ, √½ ≤ m < √2; ln m = 2 artanh((m − 1) / (m + 1)) by its series up to the 23rd power. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let exponent = 0;
  let significand = x;
  if (x < 2.2250738585072014e-308) {
    significand *= 18014398509481984;
    exponent = -54;
  }
  bits.setFloat64(0, significand);
  const high = bits.getUint32(0);
  exponent += (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  significand = bits.getFloat64(0);
  if (significand >= Math.SQRT2) {
    significand /= 2;
    exponent += 1;
  }
  const s = (significand - 1) / (significand + 1);
  const s2 = s * s;
  let sum = 1 / 23;
  for (let power = 21; power >= 3; power -= 2) sum = sum * s2 + 1 / power;
  const near = 2 * s + 2 * s * s2 * sum;
  return exponent * ln2High + (near + exponent * ln2Low);
}

/** tanh x = (e²ˣ − 1) / (e²ˣ + 1). */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size > 20) return x > 0 ? 1 : -1;
  if (size < 0.17) {
    const difference = expm1Near0(2 * x);
    return difference / (difference + 2);
  }
  const power = exp(2 * size);
  const value = (power - 1) / (power + 1);
  return x < 0 ? -value : value;
}

/** 1 / (1 + e⁻ˣ), without overflow on either side. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const power = exp(x);
  return power / (1 + power);
}

/** Quotient of two polynomials, coefficients from the highest power down. */
function rational(x: number, numerator: readonly number[], denominator: readonly number[]): number {
  let top = 0;
  for (const coefficient of numerator) top = top * x + coefficient;
  let bottom = 0;
  for (const coefficient of denominator) bottom = bottom * x + coefficient;
  return top / bottom;
}

const inverseSqrtPi = 0.56418958354775628695;

// biome-ignore format: tables of coefficients
const erfNear0 = [
  [1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3],
  [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3],
] as const;
// biome-ignore format: tables of coefficients
const erfcMiddle = [
  [2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
    8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3],
  [1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
    3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3],
] as const;
// biome-ignore format: tables of coefficients
const erfcFar = [
  [1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
    1.60837851487422766e-2, 6.58749161529837803e-4],
  [1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3],
] as const;

/** The error function, by the rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error function" (1969). */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (!(size > 0.46875)) return x * rational(x * x, erfNear0[0], erfNear0[1]);
  let complement = 0;
  if (size <= 4) {
    complement = exp(-size * size) * rational(size, erfcMiddle[0], erfcMiddle[1]);
  } else if (size < 6) {
    const inverse = 1 / (size * size);
    complement = (exp(-size * size) / size) * (inverseSqrtPi - inverse * rational(inverse, erfcFar[0], erfcFar[1]));
  }
  return x < 0 ? complement - 1 : 1 - complement;
}

/** π / 2 in two parts, as with ln 2. */
const halfPiHigh = 1.57079632673412561417;
const halfPiLow = 6.07710050650619224932e-11;

/** sin r for |r| ≤ π / 4, by its Taylor series. */
function sinNear0(r: number): number {
  const r2 = r * r;
  let sum = 0;
  for (let n = 17; n >= 3; n -= 2) sum = (1 - sum) * (r2 / ((n - 1) * n));
  return r - r * sum;
}

/** cos r for |r| ≤ π / 4, by its Taylor series. */
function cosNear0(r: number): number {
  const r2 = r * r;
  let sum = 0;
  for (let n = 18; n >= 2; n -= 2) sum = (1 - sum) * (r2 / ((n - 1) * n));
  return 1 - sum;
}

/** sin and cos of angles up to a few thousand turns, in radians; larger ones lose digits. */
export function sin(x: number): number {
  return turned(x, 0);
}

export function cos(x: number): number {
  return turned(x, 1);
}

/** sin(x + quarters · π / 2). */
function turned(x: number, quarters: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const k = Math.floor(x / (halfPiHigh + halfPiLow) + 0.5);
  const r = x - k * halfPiHigh - k * halfPiLow;
  const quadrant = (((k + quarters) % 4) + 4) % 4;
  const value = quadrant % 2 === 0 ? sinNear0(r) : cosNear0(r);
  return quadrant < 2 ? value : -value;
}
