/** Tests a claim on its pairs: computes the mean difference, its interval and the p-value. */
import type { Point } from '../../shared/sweep/grid';
import type { Claim } from '../schema';
import type { Pair } from './evidence';
import { bootstrapInterval, signFlipTest, signTest } from './inference';
import { type Bound, meanDifference } from './reading';
import { smallerIsBetter } from './runValue';
import type { Left } from './ways';

export type Outcome = 'supported' | 'contradicted' | 'undecided';

/** A claim with its pairs. */
export interface TestableClaim extends Left {
  claim: Claim;
  pairs: Pair[];
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
  /** Whether all differences are the same number, up to rounding: they do not vary with the seed. */
  exact: boolean;
  /** Number of pairs with a bound only that may contradict the interval. */
  opposing: number;
}

/** Rounding error of a difference and of a bound, relative to the larger of their two numbers. */
const rounding = 8 * 2 ** -53;
/** Smallest number of equal differences that are called exact. Fewer are equal by chance too often. */
const fewestForExact = 4;

export function tested(testable: TestableClaim): Tested {
  const { claim, pairs } = testable;
  const differences = pairs.map(({ difference }) => difference.value);
  const nothing = { difference: null, bound: null, interval: null, p: null, exact: false, opposing: 0 };
  if (pairs.length === 0) return { ...testable, ...nothing };
  const whole = meanDifference(pairs.map(({ difference }) => difference));
  const bound = whole.kind === 'bound' ? whole.is : null;
  const alone = { ...testable, ...nothing, difference: whole.value, bound };
  if (pairs.length < 2) return alone;
  const sizes = pairs.map(({ better, than }) => Math.max(Math.abs(better), Math.abs(than), claim.within ?? claim.by));
  const slack = rounding * Math.max(...sizes);
  const interval = bootstrapInterval(differences);
  const isConstant =
    Math.max(...differences) - Math.min(...differences) <= slack || (interval !== null && interval[0] === interval[1]);
  if (isConstant && bound === null && pairs.length >= fewestForExact) {
    const value = atBound(whole.value, claim, slack);
    const known: [number, number] = [value, value];
    const { p } = pOf(claim, pairs, Array(pairs.length).fill(value), sizes, known);
    return { ...alone, difference: value, interval: known, p, exact: true };
  }
  return { ...alone, interval, ...pOf(claim, pairs, differences, sizes, interval) };
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
