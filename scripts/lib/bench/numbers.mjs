// @ts-check
/**
 * Statistics and formatting for benchmarks. Pure, so that tests need no measurements.
 */

/**
 * Median; for an even count the mean of the two middle values.
 * @param {readonly number[]} values At least one value.
 */
export function median(values) {
  if (values.length === 0) {
    throw new RangeError('The median of no values is undefined.');
  }
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Difference between the two best rounds from which the load of the machine decides, and a ratio would be noise. */
const tolerance = 0.05;

/**
 * Whether the two best of several rounds agree. A single round agrees with itself.
 * @param {readonly number[]} rates At least one rate, or time: the order does not matter, only the ratio of the best two.
 * @param {'largest' | 'smallest'} best
 */
export function steady(rates, best = 'largest') {
  const sorted = [...rates].sort((a, b) => (best === 'largest' ? b - a : a - b));
  const [first, second = first] = sorted;
  return Math.abs(second / first - 1) <= tolerance;
}

/**
 * Median of several rounds, and its standard error: that of the median of normal values with the same quartiles.
 * @param {readonly number[]} rounds At least one value.
 * @returns {{ value: number, error: number }}
 */
export function estimate(rounds) {
  const sorted = [...rounds].sort((a, b) => a - b);
  const quartile = (/** @type {number} */ share) => sorted[Math.round(share * (sorted.length - 1))];
  const error = (0.93 * (quartile(0.75) - quartile(0.25))) / Math.sqrt(sorted.length);
  return { value: median(rounds), error };
}

/** Uncertainty that is small enough for any share. */
const certain = 0.005;

/**
 * Formats a share of the training time, unless its rounds differ by more than the share.
 * @param {{ value: number, error: number }} share
 */
export function certainShare({ value, error }) {
  return error > certain && error > Math.abs(value) ? 'rounds differ' : percent(value);
}

/**
 * Steps per second, from microseconds per step.
 * @param {number} microseconds
 */
export function perSecond(microseconds) {
  return 1e6 / microseconds;
}

/**
 * Formats a number with three significant digits and thousands separators: `1,230`, `45.6`, `0.0123`.
 * @param {number} value
 */
export function shown(value) {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/**
 * Formats a share as a percentage with one decimal.
 * @param {number} share
 */
export function percent(share) {
  // Adding 0 turns −0.0, the rounded result of noise around 0, into 0.0.
  return `${(Math.round(share * 1000) / 10 + 0).toFixed(1)} %`;
}

/**
 * Parses a list of cores in Linux's format: `0-2,5` is 0, 1, 2 and 5.
 * @param {string} list
 * @returns {number[]}
 */
export function coresIn(list) {
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map((number) => Number.parseInt(number, 10));
    return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, k) => first + k);
  });
}

/**
 * Whether another implementation did the same step, judged by its losses before and after. The step must change the loss by the
 * same amount, up to the rounding error of a deep net.
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 */
export function sameLosses([before, after], [theirsBefore, theirsAfter]) {
  return (
    Math.abs(theirsBefore - before) <= 1e-4 * Math.abs(before) &&
    Math.abs(theirsAfter - after) <= 0.02 * Math.abs(after - before)
  );
}

/** @typedef {{ minimum: number, median: number }} Times Times in microseconds. */

/**
 * @param {readonly Times[]} rounds
 * @returns {Times} The minimum of all rounds, and the median of their medians.
 */
export function summed(rounds) {
  return {
    minimum: Math.min(...rounds.map(({ minimum }) => minimum)),
    median: median(rounds.map((round) => round.median)),
  };
}

/**
 * Formats a plain table. The first column is left-aligned, all others are right-aligned.
 * @param {readonly (readonly string[])[]} rows Rows; the first one is the heading.
 * @returns {string}
 */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}
