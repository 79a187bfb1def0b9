/**
 * A run's contribution to a claim: a measured number, a placeholder that ranks the run without measuring it, or nothing. Only
 * measured numbers have a `value`, so the difference of two placeholders cannot be computed.
 */
import { mean } from './inference';

export interface Measured {
  kind: 'measured';
  value: number;
}

/** Represents an unknown number beyond a known bound. */
export interface Placeholder {
  kind: 'placeholder';
  why: 'diverged' | 'not reached';
  /** The end of the range of the unknown number. */
  bound: number;
  /** On which side of the bound the unknown number is. */
  beyond: 'above' | 'below';
}

export interface NoNumber {
  kind: 'none';
  why: WhyNone;
}

export type WhyNone =
  | 'not measured'
  | 'starts at 0'
  | 'measured once'
  | 'divided by 0'
  | 'no logarithm'
  | 'not finite'
  | 'too large';

/** Contribution of a completed run. */
export type Reading = Measured | Placeholder | NoNumber;

/** One side of a pair. */
export type Side = Measured | Placeholder;

/** Largest size of a number for which sums and differences of a few numbers cannot overflow. */
const largest = 1e300;

export function measured(value: number): Reading {
  if (!Number.isFinite(value)) return none('not finite');
  return Math.abs(value) > largest ? none('too large') : { kind: 'measured', value };
}

export function none(why: WhyNone): NoNumber {
  return { kind: 'none', why };
}

/** The measured number or the bound, for choosing the better of two runs, never for a difference. */
export function rankOf(side: Side): number {
  return side.kind === 'measured' ? side.value : side.bound;
}

/** The side of its number on which a difference is; unknown if it is the mean of bounds on both sides. */
export type Bound = 'at least' | 'at most' | 'unknown';

/** The difference that a pair measures. */
export type Difference =
  | { kind: 'measured'; value: number }
  /** `value` is the possible difference nearest to 0. */
  | { kind: 'bound'; value: number; is: Bound };

/** Why a pair measures no difference. */
export type Uninformative =
  | 'both diverged'
  | 'neither reached'
  | 'diverged or not reached'
  | 'ended too early'
  | 'several reasons';

/** `a` − `b`, or the reason why it is unknown. */
export function differenceOf(a: Side, b: Side): Difference | Uninformative {
  if (a.kind === 'measured') {
    if (b.kind === 'measured') return { kind: 'measured', value: a.value - b.value };
    return ordered(a.value - b.bound, b.beyond === 'above' ? 'at most' : 'at least');
  }
  if (b.kind === 'measured') return ordered(a.bound - b.value, a.beyond === 'above' ? 'at least' : 'at most');
  if (a.why !== b.why) return 'diverged or not reached';
  return a.why === 'diverged' ? 'both diverged' : 'neither reached';
}

/** Rejects bounds that leave the order open: a difference of at least −5 does not show which side is larger. */
function ordered(value: number, is: 'at least' | 'at most'): Difference | Uninformative {
  const isOrdered = is === 'at least' ? value >= 0 : value <= 0;
  return isOrdered ? { kind: 'bound', value, is } : 'ended too early';
}

/** The mean of a seed's differences at several points. */
export function meanDifference(all: readonly Difference[]): Difference {
  const value = mean(all.map((each) => each.value));
  const sides = new Set(all.flatMap((each) => (each.kind === 'bound' ? [each.is] : [])));
  if (sides.size === 0) return { kind: 'measured', value };
  const [only] = sides;
  return { kind: 'bound', value, is: sides.size === 1 ? only : 'unknown' };
}
