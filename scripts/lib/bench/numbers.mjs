// @ts-check
/**
 * Numbers of the benchmark, and how they are shown. Pure, so that it can be tested without measuring anything.
 */

/**
 * The middle of some numbers; of an even count the mean of the two in the middle.
 * @param {readonly number[]} values At least one.
 */
export function median(values) {
  if (values.length === 0) {
    throw new RangeError('No number has no median.');
  }
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Steps per second, from microseconds a step.
 * @param {number} microseconds
 */
export function perSecond(microseconds) {
  return 1e6 / microseconds;
}

/**
 * A number with three digits that count and thousands marked: `1,230`, `45.6`, `0.0123`.
 * @param {number} value
 */
export function shown(value) {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/**
 * A share as a percentage with one decimal.
 * @param {number} share
 */
export function percent(share) {
  // Adding 0 makes of −0.0, which noise around nothing rounds to, a plain 0.0.
  return `${(Math.round(share * 1000) / 10 + 0).toFixed(1)} %`;
}

/**
 * A plain table: the first column to the left, all others to the right.
 * @param {readonly (readonly string[])[]} rows The first one is the heading.
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
