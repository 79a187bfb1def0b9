/** What would have to be otherwise for another outcome: computed from the pairs, as sentences. */

import { count, formatResult } from '../../shared/numbers';
import { unexpected } from '../../shared/unexpected';
import { smallerIsBetter } from './metric';
import type { Side } from './reading';
import { mean, std } from './statistics';
import type { Outcome, Tested } from './tested';

/** Beyond so many pairs it is no longer a matter of more of them. */
const mostPairs = 10_000;

/** 95 % of a normal distribution are no further from its mean, in standard deviations. */
const normalQuantile = 1.96;

/**
 * @param leastPairs What a verdict takes.
 * @param several Whether a pair is a mean over several points, so that leaving one out is not leaving out a run.
 */
export function whatWouldChange(tested: Tested, outcome: Outcome, leastPairs: number, several: boolean): string[] {
  const { claim, pairs, difference, opposing } = tested;
  const fewer = fewerPlaceholders(tested);
  if (pairs.length === 0 || difference === null) {
    if (fewer.length > 0) return fewer;
    const isUndefined = tested.incomplete.some((whys) => whys.some((why) => why !== 'not measured'));
    return [
      isUndefined
        ? 'A claim about a number that every run has.'
        : 'Runs of both arms that share a seed and have ended.',
    ];
  }
  if (pairs.length < leastPairs && tested.uninformative.length > 0) {
    return [...fewer, ...morePairs(pairs.length + tested.uninformative.length, leastPairs)];
  }
  if (outcome === 'undecided' && opposing > 0) return fewer;
  if (!several && claim.diverged !== 'exclude' && pairs.every(({ diverged }) => diverged.length > 0)) return fewer;
  const spread = pairs.length < 2 ? 0 : std(pairs.map((pair) => pair.difference.value));
  if (tested.exact || spread === 0) return morePairs(pairs.length, leastPairs);
  const isBounded = tested.bound !== null;
  if (pairs.length < leastPairs)
    return isBounded ? morePairs(pairs.length, leastPairs) : withFewPairs(tested, leastPairs);
  const sentences = isBounded
    ? ofBounds(tested, outcome, fewer)
    : claim.within === undefined
      ? ofDifference(tested, outcome)
      : ofBand(tested, outcome);
  const diverged = pairs.filter((pair) => pair.diverged.length > 0).length;
  if (diverged > 0 && claim.diverged === 'worst' && !several) {
    const kept = pairs.filter((pair) => pair.diverged.length === 0);
    const without = mean(kept.map((pair) => pair.difference.value));
    sentences.push(
      `Without the ${count(diverged, 'pair')} in which a run diverged ("diverged": "exclude") the mean difference of the other ${kept.length} would be ${formatResult(without)}.`,
    );
  }
  return sentences;
}

/** How more runs would give a number. */
function fewerPlaceholders({ claim, pairs, uninformative, leftOut }: Tested): string[] {
  const isDiverged = (side: Side) => side.kind === 'placeholder' && side.why === 'diverged';
  const isNotReached = (side: Side) => side.kind === 'placeholder' && side.why === 'not reached';
  const sides = [...uninformative, ...leftOut].flatMap(({ better, than }) => [better, than]);
  const sentences: string[] = [];
  if (sides.some(isDiverged) || pairs.some(({ diverged }) => diverged.length > 0)) {
    sentences.push('Settings with which the arms do not diverge, such as a smaller learning rate.');
  }
  if (sides.some(isNotReached) || pairs.some(({ notReached }) => notReached.length > 0)) {
    sentences.push(`A "reach" that more runs get to than ${claim.reach}, or more "steps".`);
  }
  return sentences;
}

function morePairs(there: number, least: number): string[] {
  return there < least ? [`${count(least - there, 'further pair')}, which is what a verdict takes at least.`] : [];
}

/** Without pairs enough for any verdict, another bound would change nothing: what counts is how many more it takes. */
function withFewPairs(tested: Tested, least: number): string[] {
  const there = tested.pairs.length;
  const { needed, towards } = outlook(tested);
  if (needed > least) return [decidedBy(needed, there, towards)];
  return [
    `${count(least - there, 'further pair')}, which is what a verdict takes at least: if their mean and their spread stay as they are, it would then be ${towards}.`,
  ];
}

/** How many pairs it takes, if their mean and their spread stay as they are, and for which outcome. */
function outlook({ claim, pairs, ...tested }: Tested): { needed: number; towards: 'supported' | 'contradicted' } {
  const difference = tested.difference as number;
  // Two or three pairs have no interval; how far one would reach if their spread stayed as it is can be said all the same.
  const reach = (normalQuantile * std(pairs.map((pair) => pair.difference.value))) / Math.sqrt(pairs.length);
  const [low, high] = tested.interval ?? [difference - reach, difference + reach];
  if (claim.within !== undefined) {
    const centre = Math.abs(difference);
    const needed = pairsNeeded(pairs.length, (high - low) / 2, Math.abs(claim.within - centre));
    return { needed, towards: centre < claim.within ? 'supported' : 'contradicted' };
  }
  const centre = smallerIsBetter(claim) ? -difference : difference;
  const half = Math.max(difference - low, high - difference);
  const needed = pairsNeeded(pairs.length, half, Math.abs(centre - claim.by));
  return { needed, towards: centre > claim.by ? 'supported' : 'contradicted' };
}

/** Of a claim with `by`: all in the direction in which more is better. */
function ofDifference(whole: Tested, outcome: Outcome): string[] {
  const { claim, pairs, ...tested } = whole;
  const sign = smallerIsBetter(claim) ? -1 : 1;
  const [low, high] = ordered((tested.interval as [number, number]).map((end) => sign * end));
  switch (outcome) {
    case 'supported':
      return [
        `A "by" of ${formatResult(low)} or more would leave it undecided, one of ${formatResult(high)} or more would contradict it.`,
      ];
    case 'contradicted':
      return low > 0
        ? [`A "by" below about ${formatResult(low)} would be supported.`]
        : [`No "by" would support it: the interval ends at ${formatResult(high)}, in the claim’s direction.`];
    case 'undecided': {
      const { needed, towards } = outlook(whole);
      const sentences = [decidedBy(needed, pairs.length, towards)];
      if (low > 0 && low <= claim.by) sentences.push(`A "by" below about ${formatResult(low)} would be supported.`);
      if (high >= claim.by) sentences.push(`A "by" above about ${formatResult(high)} would be contradicted.`);
      return sentences;
    }
    default:
      return unexpected(outcome);
  }
}

/** Of a claim that two arms are alike. */
function ofBand(whole: Tested, outcome: Outcome): string[] {
  const { claim, pairs, ...tested } = whole;
  const [low, high] = tested.interval as [number, number];
  const furthest = Math.max(-low, high);
  const nearest = low > 0 ? low : high < 0 ? -high : 0;
  switch (outcome) {
    case 'supported':
      return [`A "within" of ${formatResult(furthest)} or less would leave it undecided.`];
    case 'contradicted':
      return [`A "within" above about ${formatResult(furthest)} would be supported.`];
    case 'undecided': {
      const { needed, towards } = outlook(whole);
      const sentences = [decidedBy(needed, pairs.length, towards)];
      sentences.push(`A "within" above about ${formatResult(furthest)} would be supported.`);
      if (nearest > 0) sentences.push(`A "within" below about ${formatResult(nearest)} would be contradicted.`);
      return sentences;
    }
    default:
      return unexpected(outcome);
  }
}

/** Where the differences of some pairs are bounds: another `by` says less than it does of numbers. */
function ofBounds({ claim, ...tested }: Tested, outcome: Outcome, fewer: string[]): string[] {
  if (outcome !== 'supported') return fewer;
  const [low, high] = tested.interval as [number, number];
  return [`A "by" of ${formatResult(smallerIsBetter(claim) ? -high : low)} or more would leave it undecided.`];
}

function ordered([a, b]: number[]): [number, number] {
  return a < b ? [a, b] : [b, a];
}

/** The interval shrinks with the root of the number of pairs: how many it takes until it is no wider than the way to the bound. */
function pairsNeeded(there: number, half: number, distance: number): number {
  return distance === 0 ? Number.POSITIVE_INFINITY : Math.ceil(there * (half / distance) ** 2);
}

function decidedBy(needed: number, there: number, towards: string): string {
  if (needed > mostPairs) {
    return 'More pairs would hardly decide it: the mean difference lies almost at the bound.';
  }
  if (needed <= there) return `A smaller p-value: with a few more pairs like these it would be ${towards}.`;
  return `About ${count(needed, 'pair')} in all, if their mean and their spread stay as they are: it would then be ${towards}.`;
}
