/** Exact intervals for the share of seeds in which something happens. */

/**
 * The two-sided exact interval of a share (Clopper & Pearson 1934): all shares for which neither tail of the binomial
 * distribution at the count is below (1 − level) / 2. Its coverage is never below the level.
 */
export function shareInterval(found: number, all: number, level = 0.95): [low: number, high: number] {
  const tail = (1 - level) / 2;
  const low = found === 0 ? 0 : solve((share) => atLeast(found, all, share) - tail);
  const high = found === all ? 1 : solve((share) => tail - (1 - atLeast(found + 1, all, share)));
  return [low, high];
}

/** The largest share of seeds that n seeds can miss entirely: the upper end of the exact interval for 0 of n. 16.8 % for n = 20. */
export function missedShare(all: number, level = 0.95): number {
  return 1 - ((1 - level) / 2) ** (1 / all);
}

/** Probability of at least `found` of `all`. */
function atLeast(found: number, all: number, share: number): number {
  if (share <= 0) return found === 0 ? 1 : 0;
  if (share >= 1) return 1;
  let sum = 0;
  // In logarithms, because the terms underflow for many seeds.
  let term = 0;
  for (let k = 1; k <= found; k++) term += Math.log((all - k + 1) / k);
  for (let k = found; k <= all; k++) {
    sum += Math.exp(term + k * Math.log(share) + (all - k) * Math.log1p(-share));
    term += Math.log((all - k) / (k + 1));
  }
  return Math.min(1, sum);
}

/** Root in [0, 1] of an increasing function, by bisection. */
function solve(increasing: (share: number) => number): number {
  let [low, high] = [0, 1];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (increasing(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
