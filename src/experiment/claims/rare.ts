/**
 * Rare events among the pairs of a claim: few pairs that carry the mean difference, and runs that failed. A mean over 20 seeds
 * says little about what happens in one seed of ten; `npm run calibrate` measures how little.
 */
import type { Claim } from '../schema';
import { type Pair, type PlaceholderPair, type Role, roles } from './evidence';
import { bootstrapInterval, mean, signTest } from './inference';
import { isOnePlace } from './places';
import { shareInterval } from './proportion';
import { smallerIsBetter } from './runValue';

/** Share of the difference that the few pairs carry. */
const carriedShare = 0.9;
/** Up to this share of the pairs counts as few. */
const fewShare = 1 / 4;
const level = 0.05;

/** Few pairs that carry most of the mean's distance from the claim's bound. */
export interface Carrying {
  seeds: number[];
  /** Number of pairs on the same side of the bound as the mean. */
  here: number;
  /** Two-sided p-value of the sign test of these pairs. */
  p: number;
  /** Whether the other pairs show that side too: the sign test is clear. */
  clear: boolean;
}

/**
 * @param threshold The bound of the claim, in the metric's own unit.
 * @param isAbove Whether the mean is above the bound.
 * @returns Null if more than a quarter of the pairs are needed for nine tenths of the distance.
 */
export function carrying(pairs: readonly Pair[], threshold: number, isAbove: boolean): Carrying | null {
  const sign = isAbove ? 1 : -1;
  const all = pairs
    .map(({ seed, difference }) => ({ seed, distance: sign * (difference.value - threshold) }))
    .sort((a, b) => b.distance - a.distance);
  const total = all.reduce((sum, { distance }) => sum + distance, 0);
  if (!(total > 0)) return null;
  let [carried, few] = [0, 0];
  while (few < all.length && carried < carriedShare * total) carried += all[few++].distance;
  if (few > fewShare * all.length) return null;
  const here = all.filter(({ distance }) => distance > 0).length;
  const p = signTest(here, all.length);
  return { seeds: all.slice(0, few).map(({ seed }) => seed), here, p, clear: p <= level };
}

/** Failed runs of one arm, with the exact 95 % interval of their share. */
export interface Failures {
  failed: number;
  runs: number;
  interval: [low: number, high: number];
}

export interface FailedRuns {
  better: Failures;
  than: Failures;
  /** The pairs in which neither run failed: their mean difference, and its interval if there are enough. */
  others: { pairs: number; difference: number; interval: [low: number, high: number] | null } | null;
}

/** Distance from the quartile beyond which a value is far out, in interquartile ranges (Tukey 1977). */
const farOut = 3;

/**
 * Runs that diverged, or whose accuracy or loss is far worse than that of the other runs of their arm: below the lower quartile by more
 * than three interquartile ranges, and by more than the smallest difference that matters. Null if no run failed.
 */
export function failedRuns(
  claim: Claim,
  pairs: readonly Pair[],
  uninformative: readonly PlaceholderPair[],
): FailedRuns | null {
  const bothDiverged = uninformative.filter(({ why }) => why === 'both diverged').length;
  const failed = { better: failedSeeds(claim, pairs, 'better'), than: failedSeeds(claim, pairs, 'than') };
  const runs = pairs.length + bothDiverged;
  const of = (role: Role): Failures => {
    const found = failed[role].size + bothDiverged;
    return { failed: found, runs, interval: shareInterval(found, runs) };
  };
  if (roles.every((role) => of(role).failed === 0)) return null;
  const rest = pairs.filter(({ seed }) => roles.every((role) => !failed[role].has(seed)));
  const differences = rest.map(({ difference }) => difference.value);
  const isMeasured = rest.every(({ difference }) => difference.kind === 'measured');
  const others =
    rest.length === 0 || rest.length === pairs.length || !isMeasured
      ? null
      : { pairs: rest.length, difference: mean(differences), interval: bootstrapInterval(differences) };
  return { better: of('better'), than: of('than'), others };
}

/** Whether a run of this metric can fail: by a low accuracy or a high loss. */
function isPerformance(claim: Claim): boolean {
  const isKnown = isOnePlace(claim) && /(accuracy|loss)$/i.test(claim.metric);
  return isKnown && (claim.take === 'final' || claim.take === 'best' || claim.take === 'average');
}

function failedSeeds(claim: Claim, pairs: readonly Pair[], role: Role): Set<number> {
  const diverged = new Set(pairs.filter((pair) => pair.diverged.includes(role)).map(({ seed }) => seed));
  if (!isPerformance(claim)) return diverged;
  const sign = smallerIsBetter(claim) ? -1 : 1;
  const measured = pairs.filter((pair) => !pair.diverged.includes(role) && !pair.notReached.includes(role));
  const sorted = measured.map((pair) => sign * pair[role]).sort((a, b) => a - b);
  const [lower, upper] = [0.25, 0.75].map((share) => sorted[Math.round(share * (sorted.length - 1))]);
  const least = lower - Math.max(farOut * (upper - lower), claim.within ?? claim.by);
  const isFailed = (pair: Pair) => diverged.has(pair.seed) || (measured.includes(pair) && sign * pair[role] < least);
  return new Set(pairs.filter(isFailed).map(({ seed }) => seed));
}
