/**
 * From the runs of an experiment to what can be said of its claims. A verdict needs pairs enough, an interval that lies wholly on
 * one side of the smallest difference that matters, and a p-value, corrected for the number of claims, of at most 0.05; else the
 * claim is undecided, and the reason says what is missing.
 */

import type { Point } from '../../shared/sweep/grid';
import type { Claim } from '../schema';
import { count } from '../words';
import { whatWouldChange } from './change';
import { Evidence, type Pair as MadePair, type PlaceholderPair, type Role } from './evidence';
import { type EndedRun, metricInWords, smallerIsBetter } from './metric';
import type { Bound, Placeholder, Side, Uninformative } from './reading';
import {
  boundedWords,
  leftOutWords,
  missingWords,
  notCountedWords,
  placeholderWords,
  uninformativeWords,
} from './reasons';
import { holm } from './statistics';
import { type Asked, type Outcome, sideOf, type Tested, tested as testOf } from './tested';
import { compared, seedsFor } from './ways';

/** One seed in both arms, as a verdict shows it. */
export interface Pair {
  seed: number;
  /** Of the arm that is to be better; empty where it stands for all points. */
  point: Point;
  /** Of the other arm, where each stands at its own. */
  otherPoint?: Point;
  better: number;
  than: number;
  /** `better` − `than`, in the metric's own unit. */
  difference: number;
  /** Where one side is a placeholder: on which side of `difference` the true one is. Absent where it was measured. */
  bound?: Bound;
  /** Which of the two diverged; its number is then the worst that any run of the claim has. */
  diverged: Role[];
  /** Which of the two never reached the value of a claim about steps; its number is then a bound. Absent where both did. */
  notReached?: Role[];
}

/** One seed in both arms that measures no difference, and does not count. */
export interface UninformativePair {
  seed: number;
  point: Point;
  otherPoint?: Point;
  /** A number where this side was measured. */
  better: number | Placeholder['why'];
  than: number | Placeholder['why'];
  why: Uninformative;
}

/** What the pairs of one point of a sweep say by themselves. */
export interface PointVerdict {
  /** What the pairs share of the sweep. */
  point: Point;
  outcome: Outcome;
  difference: number | null;
  interval: [low: number, high: number] | null;
  /** Corrected by Holm's method for all points of all claims. */
  p: number | null;
  pairs: number;
  exact: boolean;
  bound: Bound | null;
  /** Number of pairs that do not count. */
  uninformative: number;
}

export interface Verdict {
  claim: Claim;
  /** What is compared, in words: `testAccuracy`, `best trainAccuracy − testAccuracy`. */
  compared: string;
  outcome: Outcome;
  /** Mean of the pairs' differences; null without pairs. */
  difference: number | null;
  /** Where a side of some pairs is a placeholder: on which side of `difference` the true one is. Null where all are measured. */
  bound: Bound | null;
  /** 95 % bootstrap interval of the mean; null with fewer than four pairs. */
  interval: [low: number, high: number] | null;
  /** Of the sign-flip test, corrected by Holm's method where there are several claims. */
  p: number | null;
  /** All differences are the same number, up to rounding: an identity, not an estimate, so that its p and interval mean little. */
  exact: boolean;
  /** Number of pairs that measure a difference. */
  pairs: number;
  /** Number of pairs that do not count, as neither side or only the wrong one was measured. */
  uninformative: number;
  /** Every pair, in the order of the runs. Over several points: one a seed, its mean over them. */
  differences: Pair[];
  /** Every pair that does not count. */
  placeholders: UninformativePair[];
  /** Why the outcome is what it is, as a sentence. */
  reason: string;
  /** How the arms were compared, as a sentence. */
  way: string;
  /** What would have to be otherwise for another outcome, as sentences. */
  change: string[];
  /** Of each point of a sweep, where the claim compares at several. */
  points: PointVerdict[];
}

/** Fewer say too little about other seeds, however clear they look. */
export const leastPairs = 20;
/** With more points than these none gets a verdict of its own: each takes thousands of resamples. */
export const mostPointVerdicts = 100;
const level = 0.05;

/** The verdicts of all claims, in their order. @param runs All that have ended, in any state. */
export function verdicts(claims: readonly Claim[], runs: readonly EndedRun[]): Verdict[] {
  const all = claims.map((claim, place) => ({ claim, ...compared(new Evidence(claim, place, runs)) }));
  const corrected = correctedTests(all);
  const points = all.map(({ claim, groups }) =>
    groups.length > 1 && groups.length <= mostPointVerdicts ? groups.map((group) => ({ claim, ...group })) : [],
  );
  const ofPoints = correctedTests(points.flat());
  return all.map(({ groups, way }, k) => {
    const tested = corrected[k];
    const [outcome, reason] = decided(tested, claims.length > 1 ? count(claims.length, 'claim') : '');
    const tooMany = groups.length > mostPointVerdicts ? ` There are too many points for a verdict of each.` : '';
    return {
      claim: tested.claim,
      compared: metricInWords(tested.claim),
      outcome,
      ...numbersOf(tested),
      differences: tested.pairs.map(shownPair),
      placeholders: tested.uninformative.map(shownPlaceholders),
      reason: [
        reason,
        ...(tested.pairs.length < leastPairs ? [] : notCountedWords(tested)),
        ...leftOutWords(tested),
        ...placeholderWords(tested),
        ...missingWords(tested),
      ].join(' '),
      way: way + tooMany,
      change: whatWouldChange(tested, outcome, leastPairs, groups.length > 1),
      points: ofPoints.splice(0, points[k].length).map((one) => pointVerdict(one)),
    };
  });
}

function correctedTests(asked: readonly Asked[]): Tested[] {
  const all = asked.map(testOf);
  const corrected = holm(all.map(({ p }) => p));
  return all.map((one, k) => ({ ...one, p: corrected[k] }));
}

function numbersOf({ difference, bound, interval, p, exact, pairs, uninformative }: Tested) {
  return { difference, bound, interval, p, exact, pairs: pairs.length, uninformative: uninformative.length };
}

function pointVerdict(tested: Tested): PointVerdict {
  return { point: tested.point ?? {}, outcome: decided(tested, 'all points')[0], ...numbersOf(tested) };
}

function shownPair({ kind: _, difference, notReached, ...pair }: MadePair): Pair {
  return {
    ...pair,
    difference: difference.value,
    ...(difference.kind === 'bound' && { bound: difference.is }),
    ...(notReached.length > 0 && { notReached }),
  };
}

function shownPlaceholders({ kind: _, better, than, ...pair }: PlaceholderPair): UninformativePair {
  const shown = (side: Side) => (side.kind === 'measured' ? side.value : side.why);
  return { ...pair, better: shown(better), than: shown(than) };
}

/** @param corrected For how many p has been corrected, in words; empty where it has not. */
function decided(tested: Tested, corrected: string): [Outcome, string] {
  const { claim, pairs, interval, p, exact, uninformative } = tested;
  if (pairs.length === 0 && uninformative.length === 0) return ['undecided', 'There is no pair of runs to compare.'];
  if (claim.diverged === 'undecided' && anyDiverged(tested)) {
    return ['undecided', 'Runs diverged, and the claim says that it is then undecided.'];
  }
  if (pairs.length < leastPairs || interval === null || p === null) return ['undecided', fewWords(tested)];
  const side = sideOf(claim, interval);
  if (side === 'between') {
    return [
      'undecided',
      exact ? `Every difference is ${boundsInWords(claim)}.` : `The interval holds ${boundsInWords(claim)}.`,
    ];
  }
  const where = side === 'supported' ? supportedWhere(claim) : contradictedWhere(claim);
  if (p > level && tested.opposing > 0) return ['undecided', boundedWords(tested, where)];
  if (p > level) {
    return ['undecided', `The p-value${corrected ? `, corrected for ${corrected},` : ''} is above ${level}.`];
  }
  return [side, exact ? `The difference is the same in every pair, ${where}.` : `The interval lies wholly ${where}.`];
}

function anyDiverged({ pairs, uninformative, leftOut }: Tested): boolean {
  const isDiverged = (side: Side) => side.kind === 'placeholder' && side.why === 'diverged';
  return (
    pairs.some(({ diverged }) => diverged.length > 0) ||
    [...uninformative, ...leftOut].some(({ better, than }) => isDiverged(better) || isDiverged(than))
  );
}

function fewWords(tested: Tested): string {
  const { claim, pairs, uninformative } = tested;
  const seeds = seedsFor(leastPairs, claim);
  const [what, why] =
    uninformative.length === 0
      ? ['pair', `give more seeds ("seeds": "1-${seeds}" in the file, or --seeds 1-${seeds})`]
      : ['informative pair', uninformativeWords(tested)];
  return `There ${pairs.length === 1 ? 'is' : 'are'} ${count(pairs.length, what)}, and a verdict takes ${leastPairs}: ${why}.`;
}

function boundsInWords({ within, by, ...claim }: Claim): string {
  if (within !== undefined) return `one of the ends of the band, −${within} and ${within}`;
  return by === 0 ? '0' : `the smallest difference that matters, ${smallerIsBetter({ by, ...claim }) ? '−' : ''}${by}`;
}

function supportedWhere({ within, by }: Claim): string {
  if (within !== undefined) return `within ±${within}`;
  return by === 0 ? 'on the claim’s side of 0' : `beyond the smallest difference that matters, ${by}`;
}

function contradictedWhere({ within, by }: Claim): string {
  if (within !== undefined) return `outside ±${within}`;
  return by === 0 ? 'on the other side of 0' : `below the smallest difference that matters, ${by}`;
}
