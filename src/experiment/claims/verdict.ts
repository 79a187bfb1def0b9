/**
 * Computes the verdicts of an experiment's claims from its runs. A verdict needs enough pairs, an interval that is entirely on
 * one side of the smallest difference that matters, and a p-value, corrected for the number of claims, of at most 0.05. The verdict must
 * not rest on few pairs, and support must remain if the seeds that the pairs may have missed show no difference.
 * Otherwise the claim is undecided, and the reason states what is missing. docs/calibration.md has the measured error rates.
 */

import * as l10n from '@vscode/l10n';
import { moreSeeds } from '../../shared/moreSeeds';
import type { Point } from '../../shared/sweep/grid';
import type { Claim } from '../schema';
import { count } from '../words';
import { whatWouldChange } from './change';
import { Evidence, type Pair as MadePair, type PlaceholderPair, type Role } from './evidence';
import { holm } from './inference';
import { type Looks, levelOf, lookReached, lookWords, type VerdictLook } from './looks';
import type { FailedRuns } from './rare';
import type { Bound, Placeholder, Side, Uninformative } from './reading';
import {
  boundedWords,
  carriedWords,
  exactWords,
  failedWords,
  fewCarryWords,
  leftOutWords,
  missedWords,
  missingWords,
  notCountedWords,
  placeholderWords,
  sameWords,
  uninformativeWords,
} from './reasons';
import { type EndedRun, metricInWords, smallerIsBetter } from './runValue';
import { holdsWithMissed, type Outcome, sideOf, type TestableClaim, type Tested, tested as testOf } from './tested';
import { compared, seedsFor } from './ways';

/** One seed in both arms, as shown in a verdict. */
export interface Pair {
  seed: number;
  /** Point of the arm that is claimed to be better; empty if the pair covers all points. */
  point: Point;
  /** Point of the other arm, if each arm has its own. */
  otherPoint?: Point;
  better: number;
  than: number;
  /** `better` − `than`, in the metric's own unit. */
  difference: number;
  /** The side of `difference` on which the true difference is, if one side is a placeholder; absent if both were measured. */
  bound?: Bound;
  /** The diverged sides. Their number is the worst of all runs of the claim. */
  diverged: Role[];
  /** The sides that never reached the value of a `stepsTo` claim, with a bound as their number; absent if both reached it. */
  notReached?: Role[];
}

/** One seed in both arms that measures no difference and does not count. */
export interface UninformativePair {
  seed: number;
  point: Point;
  otherPoint?: Point;
  /** The number of this side, if it was measured. */
  better: number | Placeholder['why'];
  than: number | Placeholder['why'];
  why: Uninformative;
}

/** The verdict of the pairs of one point of a sweep. */
export interface PointVerdict {
  /** The sweep values that the pairs share. */
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
  /** Level of the interval in a sequential test; absent for 95 %. */
  level?: number;
}

export interface Verdict {
  claim: Claim;
  /** The compared metric, in words: `testAccuracy`, `best trainAccuracy − testAccuracy`. */
  compared: string;
  outcome: Outcome;
  /** Mean of the pairs' differences; null without pairs. */
  difference: number | null;
  /** The side of `difference` on which the true difference is, if some pairs have a placeholder; null if all are measured. */
  bound: Bound | null;
  /** Bootstrap interval of the mean, of 95 % or `level`; null with fewer than four pairs. docs/calibration.md has its measured coverage. */
  interval: [low: number, high: number] | null;
  /**
   * p-value of the sign-flip test, multiplied by the looks of a sequential test, and corrected by Holm's method if there are several
   * claims; null for an exact difference.
   */
  p: number | null;
  /** Whether all differences are the same number, up to rounding: an identity, not an estimate. */
  exact: boolean;
  /** Number of pairs that measure a difference. */
  pairs: number;
  /** Number of pairs that do not count, because neither side or only the wrong one was measured. */
  uninformative: number;
  /** Every pair, in the order of the runs. Over several points: one per seed, with its mean over them. */
  differences: Pair[];
  /** Seeds of the few pairs that carry nine tenths of the difference beyond the claim's bound; null if more than a quarter do. */
  carriedBy: number[] | null;
  /** Failed runs of each arm, and the difference of the other pairs; null if none failed. */
  failed: FailedRuns | null;
  /** Every pair that does not count. */
  placeholders: UninformativePair[];
  /** Reason for the outcome, as a sentence. */
  reason: string;
  /** How the arms were compared, as a sentence. */
  way: string;
  /** The changes that would alter the verdict, as sentences. */
  change: string[];
  /** Verdicts of each point of a sweep, if the claim compares at several. */
  points: PointVerdict[];
  /** Level of the interval in a sequential test; absent for 95 %. */
  level?: number;
  /** The look of a sequential test; absent for a fixed number of seeds. */
  look?: VerdictLook;
}

/** Smallest number of pairs for a verdict. Fewer show too little about other seeds, however clear they look. */
export const leastPairs = 20;
/** Maximum number of points with their own verdicts, because each needs thousands of resamples. */
const mostPointVerdicts = 100;
const level = 0.05;

/**
 * Whether more seeds may decide a claim, so that a sequential test continues. Ending early cannot raise its error. More seeds have no effect
 * if no pair measures a difference, or if every pair has the same one by calculation.
 */
export function mayBecomeClear(found: readonly Verdict[]): boolean {
  return found.some(({ outcome, pairs, exact }) => outcome === 'undecided' && pairs > 0 && !exact);
}

/**
 * Computes the verdicts of all claims, in their order.
 * @param runs All finished runs, with any status.
 * @param looks The design, if they are of a sequential test. Its last complete look is judged.
 */
export function verdicts(claims: readonly Claim[], runs: readonly EndedRun[], looks?: Looks | null): Verdict[] {
  if (!looks) return verdictsOn(claims, runs, null);
  const reached = lookReached(looks, claims, runs);
  return verdictsOn(claims, reached.runs, reached.look);
}

function verdictsOn(claims: readonly Claim[], runs: readonly EndedRun[], look: VerdictLook | null): Verdict[] {
  const all = claims.map((claim, place) => ({ claim, ...compared(new Evidence(claim, place, runs)) }));
  const looks = look?.of ?? 1;
  const level = looks > 1 ? { level: levelOf(looks) } : {};
  const correctedTests = (testable: readonly TestableClaim[]) => corrected(testable, looks);
  const corrections = correctedTests(all.map((one) => ({ ...one, isOfRuns: one.groups.length < 2 })));
  const points = all.map(({ claim, groups }) =>
    groups.length > 1 && groups.length <= mostPointVerdicts
      ? groups.map((group) => ({ claim, isOfRuns: true, ...group }))
      : [],
  );
  const ofPoints = correctedTests(points.flat());
  return all.map(({ groups, way }, k) => {
    const tested = corrections[k];
    const [outcome, reason] = decided(tested, claims.length > 1 ? count(claims.length, 'claim') : '', look);
    const tooMany =
      groups.length > mostPointVerdicts ? [l10n.t('There are too many points for a verdict of each.')] : [];
    return {
      claim: tested.claim,
      compared: metricInWords(tested.claim),
      outcome,
      ...numbersOf(tested),
      differences: tested.pairs.map(shownPair),
      carriedBy: tested.carrying?.seeds ?? null,
      failed: tested.failed,
      placeholders: tested.uninformative.map(shownPlaceholders),
      reason: [
        reason,
        ...(tested.pairs.length < leastPairs ? [] : notCountedWords(tested)),
        ...leftOutWords(tested),
        ...carriedWords(tested, outcome),
        ...placeholderWords(tested),
        ...failedWords(tested),
        ...missingWords(tested),
        ...(look
          ? lookWords(
              look,
              outcome !== 'undecided' ? 'clear' : tested.pairs.length > 0 && !tested.exact ? 'open' : 'hopeless',
            )
          : []),
      ].join(' '),
      way: [way, ...tooMany].join(' '),
      change: whatWouldChange(tested, outcome, leastPairs, groups.length > 1),
      points: ofPoints.splice(0, points[k].length).map((one) => ({ ...pointVerdict(one), ...level })),
      ...level,
      ...(look && { look }),
    };
  });
}

function corrected(testable: readonly TestableClaim[], looks: number): Tested[] {
  const all = testable.map((one) => testOf(one, looks));
  const ps = holm(all.map(({ p }) => p));
  return all.map((one, k) => ({ ...one, p: ps[k] }));
}

function numbersOf({ difference, bound, interval, p, exact, pairs, uninformative }: Tested) {
  return { difference, bound, interval, p, exact, pairs: pairs.length, uninformative: uninformative.length };
}

function pointVerdict(tested: Tested): PointVerdict {
  return { point: tested.point ?? {}, outcome: decided(tested, l10n.t('all points'), null)[0], ...numbersOf(tested) };
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

/** @param corrected Number of claims for which p is corrected, in words; empty if p is not corrected. */
function decided(tested: Tested, corrected: string, look: VerdictLook | null): [Outcome, string] {
  const { claim, pairs, interval, p, exact, uninformative } = tested;
  if (pairs.length === 0 && uninformative.length === 0)
    return [
      'undecided',
      look?.look === 0 ? l10n.t('The first look is not complete.') : l10n.t('There is no pair of runs to compare.'),
    ];
  if (claim.diverged === 'undecided' && anyDiverged(tested)) {
    return ['undecided', l10n.t('Runs diverged, and the claim is then undecided ("diverged": "undecided").')];
  }
  if (pairs.length < leastPairs || interval === null || (p === null && !exact))
    return ['undecided', fewWords(tested, look)];
  const isConstant = interval[0] === interval[1];
  const side = sideOf(claim, interval);
  if (side === 'between') {
    return [
      'undecided',
      isConstant
        ? l10n.t`Every difference is ${boundsInWords(claim)}.`
        : l10n.t`The interval contains ${boundsInWords(claim)}.`,
    ];
  }
  const where = side === 'supported' ? supportedWhere(claim) : contradictedWhere(claim);
  if (exact) return [side, exactWords(where)];
  if (p !== null && p > level && tested.opposing > 0) return ['undecided', boundedWords(tested, where)];
  if (p !== null && p > level) {
    return [
      'undecided',
      corrected
        ? l10n.t`The p-value, corrected for ${corrected}, is above ${level}.`
        : l10n.t`The p-value is above ${level}.`,
    ];
  }
  if (tested.carrying && !tested.carrying.clear) return ['undecided', fewCarryWords(tested, where)];
  if (side === 'supported' && !holdsWithMissed(tested)) return ['undecided', missedWords(tested, where)];
  return [side, isConstant ? sameWords(tested, where) : l10n.t`The interval is entirely ${where}.`];
}

function anyDiverged({ pairs, uninformative, leftOut }: Tested): boolean {
  const isDiverged = (side: Side) => side.kind === 'placeholder' && side.why === 'diverged';
  return (
    pairs.some(({ diverged }) => diverged.length > 0) ||
    [...uninformative, ...leftOut].some(({ better, than }) => isDiverged(better) || isDiverged(than))
  );
}

function fewWords(tested: Tested, look: VerdictLook | null): string {
  const { claim, pairs, uninformative } = tested;
  const seeds = seedsFor(leastPairs, claim);
  const [there, why] =
    uninformative.length === 0
      ? [count(pairs.length, 'pair'), look ? [] : [moreSeeds(seeds)]]
      : [count(pairs.length, 'informative pair'), [uninformativeWords(tested)]];
  const few =
    pairs.length === 1
      ? l10n.t`There is ${there}, and a verdict needs at least ${leastPairs}`
      : l10n.t`There are ${there}, and a verdict needs at least ${leastPairs}`;
  return `${[few, ...why].join(': ')}.`;
}

function boundsInWords({ within, by, ...claim }: Claim): string {
  if (within !== undefined) return l10n.t`one of the ends of the band, −${within} and ${within}`;
  return by === 0
    ? '0'
    : l10n.t`the smallest difference that matters, ${smallerIsBetter({ by, ...claim }) ? '−' : ''}${by}`;
}

function supportedWhere({ within, by }: Claim): string {
  if (within !== undefined) return l10n.t`within ±${within}`;
  return by === 0 ? l10n.t('on the claim’s side of 0') : l10n.t`beyond the smallest difference that matters, ${by}`;
}

function contradictedWhere({ within, by }: Claim): string {
  if (within !== undefined) return l10n.t`outside ±${within}`;
  return by === 0 ? l10n.t('on the other side of 0') : l10n.t`below the smallest difference that matters, ${by}`;
}
