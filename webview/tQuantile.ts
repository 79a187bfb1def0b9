/** The 97.5 % point of Student's t, which an interval of 95 % is as many standard errors wide on each side. */

/** For 1 to 30 degrees of freedom, as in every table of it. */
const tabled = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314,
  2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
];
/** The same point of the normal distribution. */
const z = 1.959964;

/** @param freedom Degrees of freedom, at least 1. Beyond the table: the first terms of its expansion around the normal (Peiser 1943). */
export function tQuantile(freedom: number): number {
  if (freedom <= tabled.length) return tabled[freedom - 1];
  const n = freedom;
  return z + (z ** 3 + z) / (4 * n) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2);
}
