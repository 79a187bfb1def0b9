// @ts-check
/** Simulates sequential tests: how often their verdicts are false, and how many seeds they need. */
import { groupSequential, sequenceWidth } from './groupSequential.mjs';
import { verdictOn } from './simulate.mjs';

/** @typedef {import('./shapes.mjs').Shape} Shape */
/** @typedef {import('./shapes.mjs').RandomStream} RandomStream */

/**
 * @typedef {import('./simulate.mjs').Modules & {
 *   erf: (x: number) => number,
 *   looksUpTo: typeof import('../../../src/experiment/claims/looks').looksUpTo,
 * }} Modules
 */

/**
 * @typedef {object} Method
 * @property {string} name
 * @property {string} words
 * @property {(values: readonly number[]) => number | null} seeds Number of seeds at which a verdict is clear; null if none is.
 */

const level = 0.05;
const bound = 80;

/** The methods. The first is that of verdicts, computed by their own code. @param {Modules} modules @returns {Method[]} */
export function methodsOf(modules) {
  const { signFlipTest, looksUpTo, erf } = modules;
  const at = looksUpTo(20, bound);
  const { levels } = groupSequential(erf);
  /** The rule of a verdict by interval and p, at one level a look. @param {readonly number[]} each */
  const byLevels = (each) => (/** @type {readonly number[]} */ values) => {
    const look = at.findIndex((seeds, k) => {
      const first = values.slice(0, seeds);
      if (isFarFromClear(modules, first)) return false;
      const wide = plainInterval(modules, values, seeds);
      if (wide[0] <= 0 && wide[1] >= 0) return false;
      const [low, high] = each[k] === level ? wide : intervalOf(modules, first, each[k]);
      return (low > 0 || high < 0) && signFlipTest(first, first.map(Math.abs)).twoSided <= each[k];
    });
    return look < 0 ? null : at[look];
  };
  return [
    {
      name: '**verdicts**',
      words: `0.05 / ${at.length} at each look (Bonferroni), with all conditions of a verdict`,
      seeds: (values) => verdictAt(modules, values, at),
    },
    {
      name: 'Pocock-like',
      words: 'alpha spending, about the same level at each look (Lan & DeMets 1983)',
      seeds: byLevels(levels(at, 'pocock')),
    },
    {
      name: 'O’Brien–Fleming-like',
      words: 'alpha spending, little at early looks (Lan & DeMets 1983)',
      seeds: byLevels(levels(at, 'obrienFleming')),
    },
    {
      name: 'confidence sequence',
      words: 'asymptotic, a look after every seed from 20 on (Waudby-Smith et al. 2024)',
      seeds: sequenceEnd,
    },
    { name: 'uncorrected', words: '0.05 at each look', seeds: byLevels(at.map(() => level)) },
  ];
}

/**
 * Whether p of the sign-flip test is above 0.05 for certain, so that nothing else need be computed: by the Berry–Esseen theorem for sums
 * of independent numbers, the signs of which are random, with the constant 0.56 (Shevtsova 2010). @param {Modules} modules @param {readonly number[]} values
 */
function isFarFromClear({ erf }, values) {
  let [sum, squares, cubes] = [0, 0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
    cubes += Math.abs(value) ** 3;
  }
  if (squares === 0) return true;
  const beyond = 1 - erf(Math.abs(sum) / Math.sqrt(2 * squares));
  return beyond - (2 * 0.56 * cubes) / squares ** 1.5 > level;
}

/** Intervals of 95 % that were computed, by the values and the number of seeds. @type {WeakMap<readonly number[], Map<number, [number, number]>>} */
const known = new WeakMap();

/**
 * The interval of 95 % of the first values. If it contains 0, so does each wider one, which then need not be computed.
 * @param {Modules} modules @param {readonly number[]} values @param {number} seeds
 */
function plainInterval(modules, values, seeds) {
  const own = known.get(values) ?? new Map();
  known.set(values, own);
  const interval = own.get(seeds) ?? intervalOf(modules, values.slice(0, seeds), level);
  own.set(seeds, interval);
  return interval;
}

/** @param {Modules} modules @param {readonly number[]} values @param {number} error @returns {[number, number]} */
function intervalOf({ bootstrapInterval }, values, error) {
  return bootstrapInterval(values, 1 - error) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
}

/** The look at which the verdict by the code of the extension is clear. @param {Modules} modules @param {readonly number[]} values @param {readonly number[]} at */
function verdictAt(modules, values, at) {
  const looks = { seeds: values.map((_, k) => k + 1), at };
  return (
    at.find((seeds) => {
      if (isFarFromClear(modules, values.slice(0, seeds))) return false;
      const [low, high] = plainInterval(modules, values, seeds);
      if (low <= 0 && high >= 0) return false;
      return verdictOn(modules, values.slice(0, seeds), 0, looks).outcome !== 'undecided';
    }) ?? null
  );
}

/** @param {readonly number[]} values */
function sequenceEnd(values) {
  let [sum, squares] = [0, 0];
  for (const [k, value] of values.entries()) {
    sum += value;
    squares += value * value;
    const seeds = k + 1;
    if (seeds < 20) continue;
    const mean = sum / seeds;
    const std = Math.sqrt(Math.max(0, (squares - seeds * mean * mean) / (seeds - 1)));
    if (Math.abs(mean) > sequenceWidth(seeds, std)) return seeds;
  }
  return null;
}

/**
 * Share of false verdicts, where the mean is 0. @param {Modules} modules @param {readonly Method[]} methods @param {Shape} shape
 * @param {number} sets @returns {number[]} One share a method.
 */
export function falseShares(modules, methods, shape, sets) {
  const ends = endsOf(modules, methods, (stream) => shape.draw(stream) - shape.mean, shape.name, sets);
  return ends.map((each) => each.filter((seeds) => seeds !== null).length / sets);
}

/**
 * How many seeds a test of normal differences needs. @param {Modules} modules @param {readonly Method[]} methods
 * @param {number} effect Mean, in standard deviations. @param {number} sets
 * @returns {{ median: number | null, mean: number, clear: number }[]} One a method: seeds until a verdict is clear; a test that ends
 * without one has the bound.
 */
export function seedsNeeded(modules, methods, effect, sets) {
  const ends = endsOf(modules, methods, (stream) => effect + stream.normal(), `effect ${effect}`, sets);
  return ends.map((each) => {
    const sorted = each.map((seeds) => seeds ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
    const median = sorted[Math.floor(sets / 2)];
    return {
      median: Number.isFinite(median) ? median : null,
      mean: sorted.reduce((sum, seeds) => sum + Math.min(seeds, bound), 0) / sets,
      clear: sorted.filter(Number.isFinite).length / sets,
    };
  });
}

/**
 * @param {Modules} modules @param {readonly Method[]} methods @param {(stream: RandomStream) => number} draw @param {string} name
 * @param {number} sets
 */
function endsOf(modules, methods, draw, name, sets) {
  const stream = modules.streams(34)(name);
  /** @type {(number | null)[][]} */
  const ends = methods.map(() => []);
  for (let set = 0; set < sets; set++) {
    const values = Array.from({ length: bound }, () => draw(stream));
    for (const [k, { seeds }] of methods.entries()) ends[k].push(seeds(values));
  }
  return ends;
}
