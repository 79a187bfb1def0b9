// @ts-check
/** Eight shapes of paired differences, to measure how often intervals contain the true value and how often verdicts are false. */

/** @typedef {import('../../../src/engine/random').RandomStream} RandomStream */

/**
 * @typedef {object} Shape
 * @property {string} name
 * @property {string} words
 * @property {(stream: RandomStream) => number} draw
 * @property {number} mean True mean of the draws.
 * @property {number} median True median of the draws; for a lattice, the value that the median interval must contain.
 * @property {{ rate: number, mean: number }} [failing] Rate of failed seeds, and the true mean of the others.
 */

/** @param {number} trials @param {number} share @param {RandomStream} stream */
function binomial(trials, share, stream) {
  let found = 0;
  for (let k = 0; k < trials; k++) if (stream.uniform() < share) found++;
  return found;
}

/** Student's t with three degrees of freedom: a normal number over the root of a mean square of three. @param {RandomStream} stream */
function heavyTailed(stream) {
  const square = stream.normal() ** 2 + stream.normal() ** 2 + stream.normal() ** 2;
  return stream.normal() / Math.sqrt(square / 3);
}

/** Accuracy of a run of 500 test examples that trained, minus .5. @param {RandomStream} stream */
const trainedRun = (stream) => binomial(500, 0.98, stream) / 500 - 0.5;

/** @type {readonly Shape[]} */
export const shapes = [
  { name: 'normal', words: 'standard normal', draw: (stream) => stream.normal(), mean: 0, median: 0 },
  {
    name: 'exponential',
    words: 'exponential',
    draw: (stream) => -Math.log(1 - stream.uniform()),
    mean: 1,
    median: Math.LN2,
  },
  {
    name: 'binomial',
    words: 'differences of two accuracies of 500 examples, 95 % each',
    draw: (stream) => (binomial(500, 0.95, stream) - binomial(500, 0.95, stream)) / 500,
    mean: 0,
    median: 0,
  },
  {
    name: 'failures',
    words: 'an accuracy of 98 % against 50 %, but one seed in ten fails: 50 ± 2 %',
    draw: (stream) => (stream.uniform() < 0.1 ? 0.02 * stream.normal() : trainedRun(stream)),
    mean: 0.9 * 0.48,
    median: 0.48,
    failing: { rate: 0.1, mean: 0.48 },
  },
  {
    name: 'outliers',
    words: 'normal, but 12 standard deviations lower in one seed of twelve',
    draw: (stream) => stream.normal() - (stream.uniform() < 1 / 12 ? 12 : 0),
    mean: -1,
    // Normal quantile of the share s with 1/12 + s · 11/12 = 1/2: s = 5/11.
    median: -0.11419,
    failing: { rate: 1 / 12, mean: 0 },
  },
  {
    name: 'ties',
    words: 'eight seeds of ten show no difference, the others ±1',
    draw: (stream) => {
      const draw = stream.uniform();
      return draw < 0.1 ? -1 : draw < 0.2 ? 1 : 0;
    },
    mean: 0,
    median: 0,
  },
  {
    name: 'lattice',
    words: 'normal, rounded to two thirds of a standard deviation',
    draw: (stream) => Math.round(1.5 * stream.normal()) / 1.5,
    mean: 0,
    median: 0,
  },
  { name: 'heavy tails', words: 'Student’s t with 3 degrees of freedom', draw: heavyTailed, mean: 0, median: 0 },
];
