// @ts-check
/**
 * Levels of the looks of group-sequential tests by alpha spending (Lan & DeMets 1983), computed by the recursion of Armitage, McPherson
 * & Rowe (1969) for a statistic whose values at the looks are jointly normal. Only compared with what verdicts use.
 */

const level = 0.05;
/** Points of the grid between the boundaries. */
const points = 801;

/** @param {(x: number) => number} erf */
export function groupSequential(erf) {
  /** @param {number} z */
  const normal = (z) => (1 + erf(z / Math.SQRT2)) / 2;
  /** @param {number} z */
  const density = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  // Each side spends half of the error.
  const quantile = root((z) => normal(z) - (1 - level / 4), 0, 10);

  /** Error spent up to a share of the seeds, of two forms. */
  const spending = {
    /** @param {number} share */
    pocock: (share) => level * Math.log(1 + (Math.E - 1) * share),
    /** @param {number} share */
    obrienFleming: (share) => 4 * (1 - normal(quantile / Math.sqrt(share))),
  };

  /**
   * Boundaries of |z| at the looks. @param {readonly number[]} at Seeds at each look. @param {keyof typeof spending} form
   * @returns {number[]}
   */
  function boundaries(at, form) {
    const most = at[at.length - 1];
    /** Sub-density, on a grid of sums, of tests that have not ended. @type {{ sums: number[], mass: number[] }} */
    let open = { sums: [0], mass: [1] };
    let [before, spent] = [0, 0];
    const found = [];
    for (const seeds of at) {
      const spread = Math.sqrt((seeds - before) / most);
      const scale = Math.sqrt(seeds / most);
      const toSpend = spending[form](seeds / most);
      /** @param {number} z */
      const leaving = (z) =>
        open.sums.reduce((sum, from, k) => {
          const beyond = 1 - normal((z * scale - from) / spread) + normal((-z * scale - from) / spread);
          return sum + open.mass[k] * beyond;
        }, 0);
      const already = spent;
      const boundary = root((z) => toSpend - already - leaving(z), 0, 12);
      found.push(boundary);
      const width = (2 * boundary * scale) / (points - 1);
      const sums = Array.from({ length: points }, (_, k) => -boundary * scale + k * width);
      const mass = sums.map((to, place) => {
        const arriving = open.sums.reduce((sum, from, k) => sum + open.mass[k] * density((to - from) / spread), 0);
        // Simpson's rule.
        const weight = place === 0 || place === points - 1 ? 1 : place % 2 === 1 ? 4 : 2;
        return ((arriving / spread) * width * weight) / 3;
      });
      open = { sums, mass };
      [before, spent] = [seeds, toSpend];
    }
    return found;
  }

  /**
   * Two-sided levels of the looks. @param {readonly number[]} at @param {keyof typeof spending} form
   * @returns {number[]}
   */
  const levels = (at, form) => boundaries(at, form).map((z) => 2 * (1 - normal(z)));
  return { boundaries, levels };
}

/** Root of an increasing function, by bisection. @param {(x: number) => number} increasing @param {number} low @param {number} high */
function root(increasing, low, high) {
  let [least, most] = [low, high];
  for (let round = 0; round < 50; round++) {
    const middle = (least + most) / 2;
    if (increasing(middle) < 0) least = middle;
    else most = middle;
  }
  return least;
}

/**
 * Half the width of the asymptotic confidence sequence of a mean (Waudby-Smith et al. 2024, Theorem 2.2), which holds at all numbers of
 * seeds at once, narrowest near 20 seeds. @param {number} seeds @param {number} std
 */
export function sequenceWidth(seeds, std) {
  const tuned = -2 * Math.log(level);
  const rho2 = (tuned + Math.log(tuned + 1)) / 20;
  const scaled = seeds * rho2 + 1;
  return std * Math.sqrt(((2 * scaled) / (seeds ** 2 * rho2)) * Math.log(Math.sqrt(scaled) / level));
}
