// @ts-check
/** Simulates null data sets of known shapes, and counts how often intervals contain the true value and verdicts are false. */

/** @typedef {import('./shapes.mjs').Shape} Shape */
/** @typedef {import('../../../src/experiment/claims/verdict').Verdict} Verdict */

/**
 * @typedef {object} Modules Parts of the extension under test.
 * @property {typeof import('../../../src/experiment/claims/verdict').verdicts} verdicts
 * @property {typeof import('../../../src/experiment/claims/inference').bootstrapInterval} bootstrapInterval
 * @property {typeof import('../../../src/experiment/claims/inference').signFlipTest} signFlipTest
 * @property {typeof import('../../../src/experiment/claims/inference').signTest} signTest
 * @property {typeof import('../../../src/experiment/claims/proportion').shareInterval} shareInterval
 * @property {typeof import('../../../src/engine/random').streams} streams
 */

/**
 * @typedef {object} Counts Shares of the data sets.
 * @property {number} bootstrap Intervals of the verdict that contain the true mean.
 * @property {number} student Student's intervals that contain it.
 * @property {number} signFlip Inverted sign-flip intervals that contain it.
 * @property {number} median Intervals from the sign test that contain the true median.
 * @property {{ supported: number, contradicted: number }} before Verdicts by interval and p-value alone.
 * @property {{ supported: number, contradicted: number }} now
 * @property {number} others Intervals of the mean without failed runs that contain the true mean of seeds that do not fail.
 * @property {number} failures Intervals of the share of failed runs that contain the true one.
 */

const level = 0.05;
/** Number of pairs of a data set: the smallest for a verdict. */
const pairs = 20;
/** 97.5 % quantile of Student's t with 19 degrees of freedom. */
const studentQuantile = 2.093;
/** Rounding errors of sums of a few numbers. */
const slack = 1e-9;

/**
 * The verdict on pairs with these differences. @param {Modules} modules @param {readonly number[]} differences @param {number} by
 * @param {import('../../../src/experiment/claims/looks').Looks} [looks] The design of a sequential test.
 * @returns {Verdict}
 */
export function verdictOn({ verdicts }, differences, by, looks) {
  /** @param {string} arm @param {number} seed @param {number} value */
  const run = (arm, seed, value) => ({
    ...{ arm, seed, point: {}, status: /** @type {const} */ ('completed'), steps: 1, channels: [], series: () => null },
    final: { trainLoss: 0, testLoss: 0, testAccuracy: value },
  });
  const runs = differences.flatMap((value, k) => [run('A', k + 1, value), run('B', k + 1, 0)]);
  const claim = /** @type {import('../../../src/experiment/schema').Claim} */ ({
    ...{ says: '', metric: 'testAccuracy', take: 'final', better: 'A', than: 'B', compare: 'same', diverged: 'worst' },
    by,
  });
  return verdicts([claim], runs, looks)[0];
}

/**
 * @param {Modules} modules
 * @param {Shape} shape
 * @param {{ sets: number, moved: boolean }} options `moved` subtracts the true mean, so that a claim by 0 is false;
 * otherwise the claim is by the true mean.
 * @returns {Counts}
 */
export function simulate(modules, shape, { sets, moved }) {
  const { signFlipTest, signTest, shareInterval } = modules;
  const stream = modules.streams(31)(shape.name);
  const shift = moved ? shape.mean : 0;
  const [by, truth] = moved ? [0, 0] : [shape.mean, shape.mean];
  let order = 0;
  while (signTest(pairs - order, pairs) <= level) order++;
  const sums = { bootstrap: 0, student: 0, signFlip: 0, median: 0, others: 0, failures: 0 };
  const before = { supported: 0, contradicted: 0 };
  const now = { supported: 0, contradicted: 0 };
  for (let set = 0; set < sets; set++) {
    const values = Array.from({ length: pairs }, () => shape.draw(stream) - shift);
    const { interval, p, outcome, failed } = verdictOn(modules, values, by);
    const around = values.map((value) => value - truth);
    const flipped = signFlipTest(around, values.map(Math.abs));
    /** @param {readonly [number, number]} range @param {number} value */
    const contains = ([low, high], value) => low <= value + slack && high >= value - slack;
    const known = interval ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (contains(known, truth)) sums.bootstrap++;
    if (contains(studentInterval(values), truth)) sums.student++;
    if (flipped.greater > level / 2 && flipped.less > level / 2) sums.signFlip++;
    const sorted = values.toSorted((a, b) => a - b);
    if (contains([sorted[order - 1], sorted[pairs - order]], shape.median - shift)) sums.median++;
    const side = known[0] > by ? 'supported' : known[1] < by ? 'contradicted' : null;
    if (side && (p ?? 0) <= level) before[side]++;
    if (outcome !== 'undecided') now[outcome]++;
    if (shape.failing) {
      const others = failed?.others?.interval ?? known;
      if (contains(others, shape.failing.mean - shift)) sums.others++;
      if (contains(shareInterval(failed?.better.failed ?? 0, pairs), shape.failing.rate)) sums.failures++;
    }
  }
  /** @template {Record<string, number>} T @param {T} counts @returns {T} */
  const shares = (counts) =>
    /** @type {T} */ (Object.fromEntries(Object.entries(counts).map(([key, n]) => [key, n / sets])));
  return { ...shares(sums), before: shares(before), now: shares(now) };
}

/**
 * Coverage of the interval of the mean with more pairs. @param {Modules} modules @param {Shape} shape
 * @param {{ sets: number, pairs: number }} options
 */
export function coverage({ streams, bootstrapInterval }, shape, { sets, pairs }) {
  const stream = streams(33)(shape.name);
  let covered = 0;
  for (let set = 0; set < sets; set++) {
    const [low, high] = bootstrapInterval(Array.from({ length: pairs }, () => shape.draw(stream))) ?? [0, 0];
    if (low <= shape.mean + slack && high >= shape.mean - slack) covered++;
  }
  return covered / sets;
}

/** @param {readonly number[]} values @returns {[number, number]} */
function studentInterval(values) {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentQuantile * Math.sqrt(variance / n);
  return [mean - half, mean + half];
}

/**
 * Share of true claims that are supported, by interval and p-value alone and now.
 * @param {Modules} modules @param {(stream: import('./shapes.mjs').RandomStream) => number} draw
 * @param {{ sets: number, by: number, name: string }} options
 */
export function power(modules, draw, { sets, by, name }) {
  const stream = modules.streams(32)(name);
  let [before, now] = [0, 0];
  for (let set = 0; set < sets; set++) {
    const { interval, p, outcome } = verdictOn(
      modules,
      Array.from({ length: pairs }, () => draw(stream)),
      by,
    );
    if (interval && interval[0] > by && (p ?? 0) <= level) before++;
    if (outcome === 'supported') now++;
  }
  return { before: before / sets, now: now / sets };
}

/**
 * Exact coverage of two intervals for a share of failed runs, at a true share: a sum over all counts.
 * @param {Modules} modules @param {number} share @param {number} runs
 */
export function shareCoverage({ shareInterval }, share, runs) {
  let probability = (1 - share) ** runs;
  const covered = { clopperPearson: 0, wilson: 0 };
  for (let found = 0; found <= runs; found++) {
    const [low, high] = shareInterval(found, runs);
    if (low <= share && share <= high) covered.clopperPearson += probability;
    const [least, most] = wilsonInterval(found, runs);
    if (least <= share && share <= most) covered.wilson += probability;
    probability *= ((runs - found) / (found + 1)) * (share / (1 - share));
  }
  return covered;
}

/** Wilson's score interval (1927). @param {number} found @param {number} runs @returns {[number, number]} */
export function wilsonInterval(found, runs) {
  const z = 1.959964;
  const share = found / runs;
  const centre = (share + z ** 2 / (2 * runs)) / (1 + z ** 2 / runs);
  const half = (z / (1 + z ** 2 / runs)) * Math.sqrt((share * (1 - share)) / runs + z ** 2 / (4 * runs ** 2));
  return [centre - half, centre + half];
}
