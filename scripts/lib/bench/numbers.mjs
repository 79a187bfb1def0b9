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
 * The cores in a list as Linux writes them: `0-2,5` is 0, 1, 2 and 5.
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
 * Whether another implementation did the same step, by its losses before and after: the step has to move the loss by as
 * much, up to what rounding does in a deep net.
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 */
export function sameLosses([before, after], [theirsBefore, theirsAfter]) {
  return (
    Math.abs(theirsBefore - before) <= 1e-4 * Math.abs(before) &&
    Math.abs(theirsAfter - after) <= 0.02 * Math.abs(after - before)
  );
}

/** @typedef {{ minimum: number, median: number }} Times Microseconds. */

/**
 * @param {readonly Times[]} rounds
 * @returns {Times} The fastest of all, and the median over the rounds.
 */
export function summed(rounds) {
  return {
    minimum: Math.min(...rounds.map(({ minimum }) => minimum)),
    median: median(rounds.map((round) => round.median)),
  };
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
