/** Tests a claim on its pairs: computes the mean difference, its interval and the p-value. */
import type { Point } from '../../shared/sweep/grid';
import type { Claim } from '../schema';
import { type Pair, roles } from './evidence';
import { bootstrapInterval, signFlipTest, signTest } from './inference';
import { levelOf } from './looks';
import { missedShare } from './proportion';
import { type Carrying, carrying, type FailedRuns, failedRuns } from './rare';
import { type Bound, meanDifference } from './reading';
import { smallerIsBetter } from './runValue';
import type { Left } from './ways';

export type Outcome = 'supported' | 'contradicted' | 'undecided';

/** A claim with its pairs. */
export interface TestableClaim extends Left {
  claim: Claim;
  pairs: Pair[];
  /** Whether each side of a pair is one run, not a mean over the points of a sweep. */
  isOfRuns: boolean;
  /** The sweep values that the pairs share. */
  point?: Point;
}

/** A claim with its pairs and the results of its test. */
export interface Tested extends TestableClaim {
  difference: number | null;
  /** The side of its number on which the difference is; null if it is measured. */
  bound: Bound | null;
  interval: [number, number] | null;
  p: number | null;
  /** Whether all differences are the same number, up to rounding, by calculation and not by chance. It has no p-value then. */
  exact: boolean;
  /** Few pairs that carry the difference beyond the claim's bound; null if more than a quarter do. */
  carrying: Carrying | null;
  /** Failed runs, if pairs are of single runs; null if none failed. */
  failed: FailedRuns | null;
  /** Number of pairs with a bound only that may contradict the interval. */
  opposing: number;
}

/** Rounding error of a difference and of a bound, relative to the larger of their two numbers. */
const rounding = 8 * 2 ** -53;
/** Smallest number of equal differences that are called exact. Fewer are equal by chance too often. */
const fewestForExact = 4;

/** @param looks Number of looks of a sequential test, which widen the interval and raise p by Bonferroni's inequality. */
export function tested(testable: TestableClaim, looks = 1): Tested {
  const found = testedOnce(testable, levelOf(looks));
  return { ...found, p: found.p === null ? null : Math.min(1, looks * found.p) };
}

function testedOnce(testable: TestableClaim, level: number): Tested {
  const { claim, pairs, isOfRuns } = testable;
  const differences = pairs.map(({ difference }) => difference.value);
  const nothing = {
    ...{ difference: null, bound: null, interval: null, p: null, exact: false, opposing: 0, carrying: null },
    failed: isOfRuns && pairs.length > 0 ? failedRuns(claim, pairs, testable.uninformative) : null,
  };
  if (pairs.length === 0) return { ...testable, ...nothing };
  const whole = meanDifference(pairs.map(({ difference }) => difference));
  const bound = whole.kind === 'bound' ? whole.is : null;
  const alone = { ...testable, ...nothing, difference: whole.value, bound };
  if (pairs.length < 2) return alone;
  const sizes = pairs.map(({ better, than }) => Math.max(Math.abs(better), Math.abs(than), claim.within ?? claim.by));
  const slack = rounding * Math.max(...sizes);
  const interval = bootstrapInterval(differences, level);
  const isConstant = isSame(differences, slack) || (interval !== null && interval[0] === interval[1]);
  if (isConstant && bound === null && pairs.length >= fewestForExact) {
    const value = atBound(whole.value, claim, slack);
    const known: [number, number] = [value, value];
    const found = { ...alone, difference: value, interval: known };
    if (!isByChance(claim, pairs, slack)) return { ...found, exact: true };
    return { ...found, p: pOf(claim, pairs, Array(pairs.length).fill(value), sizes, known).p };
  }
  const found = { ...alone, interval, ...pOf(claim, pairs, differences, sizes, interval) };
  return { ...found, carrying: interval && carryingPairs(claim, pairs, interval) };
}

function isSame(values: readonly number[], slack: number): boolean {
  return Math.max(...values) - Math.min(...values) <= slack;
}

/** Whether equal differences can be chance: every run of each arm has the same number, and the metric is a count or a share. */
function isByChance({ metric, take }: Claim, pairs: readonly Pair[], slack: number): boolean {
  const isCount = take === 'stepsTo' || /accuracy$|\/(zeros|dead|saturated|share)$/i.test(metric);
  return (
    isCount &&
    roles.every((role) =>
      isSame(
        pairs.map((pair) => pair[role]),
        slack,
      ),
    )
  );
}

function carryingPairs(claim: Claim, pairs: readonly Pair[], [low, high]: [number, number]): Carrying | null {
  const { within, by } = claim;
  const bounds = within === undefined ? [smallerIsBetter(claim) ? -by : by] : [-within, within];
  const [below, above] = [bounds[0], bounds[bounds.length - 1]];
  if (low > above) return carrying(pairs, above, true);
  return high < below ? carrying(pairs, below, false) : null;
}

/** Replaces a number that differs from a bound of the claim only by rounding with that bound. */
function atBound(value: number, { within, by, ...claim }: Claim, slack: number): number {
  const bounds = within === undefined ? [smallerIsBetter({ by, ...claim }) ? -by : by] : [-within, within];
  return bounds.find((bound) => Math.abs(value - bound) <= slack) ?? value;
}

/**
 * p of the hypothesis that must be rejected for the claim, or for its opposite, whichever the interval supports. If a difference
 * is only bounded and may be anywhere beyond its bound, no test of the mean is valid. For a claim about an order, the signs are
 * still known: the sign test must reject as well, and such a pair counts against. For a claim about a band, p is 1.
 */
function pOf(
  claim: Claim,
  pairs: readonly Pair[],
  differences: readonly number[],
  sizes: readonly number[],
  interval: [number, number] | null,
): { p: number; opposing: number } {
  const { within, by } = claim;
  const flipped = (values: number[]) => signFlipTest(values, sizes);
  const from = (values: readonly number[], threshold: number) => values.map((value) => finite(value - threshold));
  if (within === undefined) {
    const sign = smallerIsBetter(claim) ? -1 : 1;
    const { twoSided } = flipped(
      from(
        differences.map((value) => sign * value),
        by,
      ),
    );
    const side = interval ? sideOf(claim, interval) : 'between';
    if (side === 'between') return { p: twoSided, opposing: 0 };
    const isAbove = (side === 'supported') === (sign === 1);
    return withSigns(twoSided, pairs, sign * by, isAbove);
  }
  if (interval && interval[0] > within) {
    return withSigns(flipped(from(differences, within)).twoSided, pairs, within, true);
  }
  if (interval && interval[1] < -within) {
    return withSigns(flipped(from(differences, -within)).twoSided, pairs, -within, false);
  }
  const opposing = pairs.filter(({ difference }) => difference.kind === 'bound').length;
  if (opposing > 0) return { p: 1, opposing };
  // Two one-sided tests (Schuirmann 1987).
  return {
    p: Math.max(flipped(from(differences, -within)).greater, flipped(from(differences, within)).less),
    opposing,
  };
}

/** Limits a bound, because the file may state any number. */
function finite(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

/** @param isAbove Whether the interval is above the threshold, in the metric's own unit, or below it. */
function withSigns(
  p: number,
  pairs: readonly Pair[],
  threshold: number,
  isAbove: boolean,
): { p: number; opposing: number } {
  const isOpposing = ({ difference }: Pair) =>
    difference.kind === 'bound' && difference.is !== (isAbove ? 'at least' : 'at most');
  const opposing = pairs.filter(isOpposing).length;
  if (opposing === 0) return { p, opposing };
  const here = pairs.filter((pair) => {
    const { value } = pair.difference;
    return !isOpposing(pair) && (isAbove ? value > threshold : value < threshold);
  });
  return { p: Math.max(p, signTest(here.length, pairs.length)), opposing };
}

/** The side of the claim's bounds on which an interval is. */
export function sideOf(claim: Claim, [low, high]: [number, number]): 'supported' | 'contradicted' | 'between' {
  const { within, by } = claim;
  if (within !== undefined) {
    if (low > -within && high < within) return 'supported';
    return low > within || high < -within ? 'contradicted' : 'between';
  }
  const [least, most] = smallerIsBetter(claim) ? [-high, -low] : [low, high];
  if (least > by) return 'supported';
  return most < by ? 'contradicted' : 'between';
}

/**
 * Whether the support remains if the seeds that these pairs may have missed show no difference. Without this, the claim that a
 * difference exceeds its bound is false in 12 % of data sets where one seed in ten fails; with it, in none (docs/calibration.md).
 */
export function holdsWithMissed({ claim, interval, pairs, exact }: Tested): boolean {
  if (claim.within !== undefined || claim.by === 0 || interval === null || exact) return true;
  return leastWithMissed(claim, interval, pairs.length) > claim.by;
}

/** The end of the interval nearer to no difference, in the claim's direction, if the missed seeds show no difference. */
export function leastWithMissed(claim: Claim, [low, high]: [number, number], pairs: number): number {
  const least = smallerIsBetter(claim) ? -high : low;
  return least > 0 ? (1 - missedShare(pairs)) * least : least;
}
