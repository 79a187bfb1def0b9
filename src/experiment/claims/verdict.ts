/**
 * From the runs of an experiment to what can be said of its claims. A verdict needs pairs enough, an interval that lies wholly on
 * one side of the smallest difference that matters, and a p-value, corrected for the number of claims, of at most 0.05; else the
 * claim is undecided, and the reason says what is missing.
 */
import type { Claim } from '../schema';
import { count, quote } from '../words';
import { type EndedRun, metricInWords, metricOf, smallerIsBetter } from './metric';
import { bootstrapInterval, holm, mean, signFlipTest } from './statistics';

export type Outcome = 'supported' | 'contradicted' | 'undecided';

/** One seed in both arms. */
export interface Pair {
  seed: number;
  point: Readonly<Record<string, unknown>>;
  better: number;
  than: number;
  /** `better` − `than`, in the metric's own unit. */
  difference: number;
  /** Which of the two diverged; its number is then the worst that any run of the claim has. */
  diverged: ('better' | 'than')[];
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
  /** Every pair, in the order of the runs. */
  differences: Pair[];
  /** Why the outcome is what it is, as a sentence. */
  reason: string;
}

/** Fewer say too little about other seeds, however clear they look. */
export const leastPairs = 20;
const level = 0.05;

/** The verdicts of all claims, in their order. @param runs All that have ended, in any state. */
export function verdicts(claims: readonly Claim[], runs: readonly EndedRun[]): Verdict[] {
  const tested = claims.map((claim) => test(claim, runs));
  const corrected = holm(tested.map(({ p }) => p));
  return tested.map((one, k) => decided({ ...one, p: corrected[k] }, claims.length));
}

interface Tested {
  claim: Claim;
  pairs: Pair[];
  /** Pairs that are missing a run or its number, and why. */
  missing: string[];
  difference: number | null;
  interval: [number, number] | null;
  p: number | null;
}

function test(claim: Claim, runs: readonly EndedRun[]): Tested {
  const { pairs, missing } = pairsOf(claim, runs);
  const differences = pairs.map(({ difference }) => difference);
  if (differences.length < 2) {
    return { claim, pairs, missing, difference: differences[0] ?? null, interval: null, p: null };
  }
  const interval = bootstrapInterval(differences);
  return { claim, pairs, missing, difference: mean(differences), interval, p: pOf(claim, differences, interval) };
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

function decided({ claim, pairs, missing, difference, interval, p }: Tested, claims: number): Verdict {
  const told = (outcome: Outcome, reason: string): Verdict => ({
    claim,
    compared: metricInWords(claim),
    outcome,
    difference,
    interval,
    p,
    pairs: pairs.length,
    differences: pairs,
    reason: [reason, ...divergedWords(pairs), ...missing].join(' '),
  });
  if (pairs.length === 0) return told('undecided', 'There is no pair of runs to compare.');
  if (pairs.every(({ diverged }) => diverged.length === 2)) {
    return told('undecided', 'Both arms diverged with every seed: there is nothing to compare.');
  }
  if (claim.diverged === 'undecided' && pairs.some(({ diverged }) => diverged.length > 0)) {
    return told('undecided', 'Runs diverged, and the claim says that it is then undecided.');
  }
  if (pairs.length < leastPairs || interval === null || p === null) {
    const first = `There ${pairs.length === 1 ? 'is' : 'are'} ${count(pairs.length, 'pair')}, and a verdict takes ${leastPairs}:`;
    return told('undecided', `${first} give more seeds (--seeds 1-${leastPairs}).`);
  }
  const side = sideOf(claim, interval);
  if (side === 'between') return told('undecided', `The interval holds ${boundsInWords(claim)}.`);
  if (p > level) {
    const corrected = claims > 1 ? `, corrected for ${count(claims, 'claim')},` : '';
    return told('undecided', `The p-value${corrected} is above ${level}.`);
  }
  return told(
    side,
    `The interval lies wholly ${side === 'supported' ? supportedWhere(claim) : contradictedWhere(claim)}.`,
  );
}

function sideOf(claim: Claim, [low, high]: [number, number]): 'supported' | 'contradicted' | 'between' {
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

function pairsOf(claim: Claim, runs: readonly EndedRun[]): { pairs: Pair[]; missing: string[] } {
  const of = (arm: string) => runs.filter((run) => run.arm === arm);
  const numbers = runs
    .filter(({ arm, status }) => (arm === claim.better || arm === claim.than) && status === 'completed')
    .map((run) => metricOf(run, claim))
    .filter((value) => value !== undefined);
  const worst = smallerIsBetter(claim) ? Math.max(...numbers) : Math.min(...numbers);
  const pairs: Pair[] = [];
  const left = { excluded: 0, incomplete: 0 };
  for (const first of of(claim.better)) {
    const second = of(claim.than).find(
      ({ seed, point }) => seed === first.seed && JSON.stringify(point) === JSON.stringify(first.point),
    );
    if (!second) {
      left.incomplete++;
      continue;
    }
    const diverged = (['better', 'than'] as const).filter(
      (role) => (role === 'better' ? first : second).status === 'diverged',
    );
    if (claim.diverged === 'exclude' && diverged.length > 0) {
      left.excluded++;
      continue;
    }
    // Where every run diverged there is no worst number, and the pair is one of equals.
    const value = (run: EndedRun) =>
      run.status === 'diverged'
        ? numbers.length > 0
          ? worst
          : 0
        : run.status === 'completed'
          ? metricOf(run, claim)
          : undefined;
    const [better, than] = [value(first), value(second)];
    if (better === undefined || than === undefined) {
      left.incomplete++;
      continue;
    }
    const { seed, point } = first;
    pairs.push({ seed, point, better, than, difference: better - than, diverged });
  }
  return { pairs, missing: missingWords(left, claim) };
}

function missingWords({ excluded, incomplete }: { excluded: number; incomplete: number }, claim: Claim): string[] {
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
