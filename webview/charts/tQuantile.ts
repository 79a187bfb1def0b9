/** The 97.5 % quantile of Student's t distribution: half the width of a 95 % interval in standard errors. */

/** For 1 to 30 degrees of freedom. */
const tabled = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985,
  2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873, 2.068658,
  2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.04523, 2.042272,
];
/** The same quantile of the normal distribution. */
const z = 1.959964;

/** @param freedom Degrees of freedom, at least 1. Beyond the table: the first terms of its expansion around the normal (Peiser 1943). */
export function tQuantile(freedom: number): number {
  if (freedom <= tabled.length) return tabled[freedom - 1];
  const n = freedom;
  return z + (z ** 3 + z) / (4 * n) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2);
}
