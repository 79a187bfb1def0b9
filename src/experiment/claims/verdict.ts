/**
 * From the runs of an experiment to what can be said of its claims. A verdict needs pairs enough, an interval that lies wholly on
 * one side of the smallest difference that matters, and a p-value, corrected for the number of claims, of at most 0.05; else the
 * claim is undecided, and the reason says what is missing.
 */

import type { Point } from '../../shared/sweep/grid';
import type { Claim } from '../schema';
import { count, quote } from '../words';
import { whatWouldChange } from './change';
import { Evidence, type Pair } from './evidence';
import { type EndedRun, metricInWords, smallerIsBetter } from './metric';
import { bootstrapInterval, holm, mean, signFlipTest } from './statistics';
import type { Outcome, Tested } from './tested';
import { compared, type Left, seedsFor } from './ways';

export type { Pair } from './evidence';

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
}

export interface Verdict {
  claim: Claim;
  /** What is compared, in words: `testAccuracy`, `best trainAccuracy − testAccuracy`. */
  compared: string;
  outcome: Outcome;
  /** Mean of the pairs' differences; null without pairs. */
  difference: number | null;
  /** 95 % bootstrap interval of the mean; null with fewer than two pairs. */
  interval: [low: number, high: number] | null;
  /** Of the sign-flip test, corrected by Holm's method where there are several claims. */
  p: number | null;
  /** Number of pairs. */
  pairs: number;
  /** Every pair, in the order of the runs. Over several points: one a seed, its mean over them. */
  differences: Pair[];
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
      difference: tested.difference,
      interval: tested.interval,
      p: tested.p,
      pairs: tested.pairs.length,
      differences: tested.pairs,
      reason: [reason, ...divergedWords(tested.pairs), ...missingWords(tested, tested.claim)].join(' '),
      way: way + tooMany,
      change: whatWouldChange(tested, outcome, leastPairs, groups.length > 1),
      points: ofPoints.splice(0, points[k].length).map((one) => pointVerdict(one)),
    };
  });
}

function correctedTests(asked: readonly ({ claim: Claim; pairs: Pair[]; point?: Point } & Left)[]): Tested[] {
  const tested = asked.map(test);
  const corrected = holm(tested.map(({ p }) => p));
  return tested.map((one, k) => ({ ...one, p: corrected[k] }));
}

function test({ claim, pairs, point, excluded, incomplete }: Omit<Tested, 'difference' | 'interval' | 'p'>): Tested {
  const about = { claim, pairs, point, excluded, incomplete };
  const differences = pairs.map(({ difference }) => difference);
  if (differences.length < 2) return { ...about, difference: differences[0] ?? null, interval: null, p: null };
  const interval = bootstrapInterval(differences);
  return { ...about, difference: mean(differences), interval, p: pOf(claim, differences, interval) };
}

function pointVerdict(tested: Tested): PointVerdict {
  const { point = {}, difference, interval, p, pairs } = tested;
  return { point, outcome: decided(tested, 'all points')[0], difference, interval, p, pairs: pairs.length };
}

/** Of the hypothesis that has to be false for the claim, or for its contrary, whichever the interval speaks for. */
function pOf(claim: Claim, differences: number[], interval: [number, number]): number {
  const { within, by } = claim;
  if (within === undefined) {
    const sign = smallerIsBetter(claim) ? -1 : 1;
    return signFlipTest(differences.map((value) => sign * value - by)).twoSided;
  }
  // Two one-sided tests (Schuirmann 1987), or one against the bound that the interval lies beyond.
  const above = signFlipTest(differences.map((value) => value + within));
  const below = signFlipTest(differences.map((value) => value - within));
  if (interval[0] > within) return below.twoSided;
  if (interval[1] < -within) return above.twoSided;
  return Math.max(above.greater, below.less);
}

/** @param corrected For how many p has been corrected, in words; empty where it has not. */
function decided({ claim, pairs, interval, p }: Tested, corrected: string): [Outcome, string] {
  if (pairs.length === 0) return ['undecided', 'There is no pair of runs to compare.'];
  if (pairs.every(({ diverged }) => diverged.length === 2)) {
    return ['undecided', 'Both arms diverged with every seed: there is nothing to compare.'];
  }
  if (claim.diverged === 'undecided' && pairs.some(({ diverged }) => diverged.length > 0)) {
    return ['undecided', 'Runs diverged, and the claim says that it is then undecided.'];
  }
  if (pairs.length < leastPairs || interval === null || p === null) {
    const first = `There ${pairs.length === 1 ? 'is' : 'are'} ${count(pairs.length, 'pair')}, and a verdict takes ${leastPairs}:`;
    return [
      'undecided',
      `${first} give more seeds ("seeds": "1-${seedsFor(leastPairs, claim)}" in the file, or --seeds 1-${seedsFor(leastPairs, claim)}).`,
    ];
  }
  const side = sideOf(claim, interval);
  if (side === 'between') return ['undecided', `The interval holds ${boundsInWords(claim)}.`];
  if (p > level) {
    return ['undecided', `The p-value${corrected ? `, corrected for ${corrected},` : ''} is above ${level}.`];
  }
  return [side, `The interval lies wholly ${side === 'supported' ? supportedWhere(claim) : contradictedWhere(claim)}.`];
}

/** On which side of what the claim says an interval lies. */
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

function divergedWords(pairs: readonly Pair[]): string[] {
  const of = (role: 'better' | 'than') => pairs.filter(({ diverged }) => diverged.includes(role)).length;
  const [better, than] = [of('better'), of('than')];
  if (better + than === 0) return [];
  return [`Runs that diverged count as the worst there is: ${better} of the first arm, ${than} of the other.`];
}

function missingWords({ excluded, incomplete }: Left, claim: Claim): string[] {
  const words: string[] = [];
  if (excluded > 0)
    words.push(`${count(excluded, 'pair')} with a diverged run ${excluded === 1 ? 'is' : 'are'} left out.`);
  if (incomplete > 0) {
    words.push(
      `${count(incomplete, 'pair')} ${incomplete === 1 ? 'lacks' : 'lack'} a run that has ended, or its ${quote(metricInWords(claim))}.`,
    );
  }
  return words;
}
