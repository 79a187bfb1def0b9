/** The changes that would alter a verdict, computed from the pairs, as sentences. */

import * as l10n from '@vscode/l10n';
import { count } from '../../shared/counts';
import { formatResult } from '../../shared/numbers';
import { unexpected } from '../../shared/unexpected';
import { mean, std } from './inference';
import { missedShare } from './proportion';
import type { Side } from './reading';
import { smallerIsBetter } from './runValue';
import { leastWithMissed, type Outcome, type Tested } from './tested';

/** Largest number of pairs that is suggested. If more are needed, more pairs are no practical remedy. */
const mostPairs = 10_000;

/** Half the width of the central 95 % of a normal distribution, in standard deviations. */
const normalQuantile = 1.96;

/**
 * @param leastPairs Smallest number of pairs for a verdict.
 * @param several Whether a pair is a mean over several points, so that excluding a pair does not mean excluding one run.
 */
export function whatWouldChange(tested: Tested, outcome: Outcome, leastPairs: number, several: boolean): string[] {
  const { claim, pairs, difference, opposing } = tested;
  const fewer = fewerPlaceholders(tested);
  if (pairs.length === 0 || difference === null) {
    if (fewer.length > 0) return fewer;
    const isUndefined = tested.incomplete.some((whys) => whys.some((why) => why !== 'not measured'));
    return [
      isUndefined
        ? l10n.t('A claim about a number that every run has.')
        : l10n.t('Runs of both arms that share a seed and have ended.'),
    ];
  }
  if (pairs.length < leastPairs && tested.uninformative.length > 0) {
    return [...fewer, ...morePairs(pairs.length + tested.uninformative.length, leastPairs)];
  }
  if (outcome === 'undecided' && opposing > 0) return fewer;
  if (!several && claim.diverged !== 'exclude' && pairs.every(({ diverged }) => diverged.length > 0)) return fewer;
  const spread = pairs.length < 2 ? 0 : std(pairs.map((pair) => pair.difference.value));
  if (outcome === 'undecided' && tested.carrying && !tested.carrying.clear)
    return [rareOrCommon(tested.carrying.seeds.length)];
  if (spread === 0 && outcome === 'undecided' && pairs.length >= leastPairs) {
    return [l10n.t('A metric, or settings, in which the arms differ: here every pair has the same difference.')];
  }
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
    const others = pairs.filter((pair) => pair.diverged.length === 0);
    const without = mean(others.map((pair) => pair.difference.value));
    sentences.push(
      l10n.t`Without the ${count(diverged, 'pair')} in which a run diverged ("diverged": "exclude") the mean difference of the other ${others.length} would be ${formatResult(without)}.`,
    );
  }
  return sentences;
}

/** Suggests how more runs would reach a measured value. */
function fewerPlaceholders({ claim, pairs, uninformative, leftOut }: Tested): string[] {
  const isDiverged = (side: Side) => side.kind === 'placeholder' && side.why === 'diverged';
  const isNotReached = (side: Side) => side.kind === 'placeholder' && side.why === 'not reached';
  const sides = [...uninformative, ...leftOut].flatMap(({ better, than }) => [better, than]);
  const sentences: string[] = [];
  if (sides.some(isDiverged) || pairs.some(({ diverged }) => diverged.length > 0)) {
    sentences.push(l10n.t('Settings with which the arms do not diverge, such as a smaller learning rate.'));
  }
  if (sides.some(isNotReached) || pairs.some(({ notReached }) => notReached.length > 0)) {
    sentences.push(l10n.t`A "reach" that more runs get to than ${String(claim.reach)}, or more "steps".`);
  }
  return sentences;
}

/** @param few Number of pairs that carry the difference. */
function rareOrCommon(few: number): string {
  return few === 1
    ? l10n.t('More seeds, which show whether pairs like this one are rare or common.')
    : l10n.t`More seeds, which show whether pairs like these ${few} are rare or common.`;
}

function morePairs(there: number, least: number): string[] {
  return there < least ? [l10n.t`${count(least - there, 'further pair')}, the minimum for a verdict.`] : [];
}

/** With too few pairs for any verdict, a different bound would change nothing; only the number of missing pairs matters. */
function withFewPairs(tested: Tested, least: number): string[] {
  const there = tested.pairs.length;
  const { needed, towards } = outlook(tested);
  if (needed > least) return [decidedBy(needed, there, towards)];
  return [
    l10n.t`${count(least - there, 'further pair')}, the minimum for a verdict: if their mean and spread stay the same, the claim would then be ${inWords(towards)}.`,
  ];
}

/** Estimates the number of pairs for a verdict and its outcome, assuming that their mean and spread stay the same. */
function outlook({ claim, pairs, ...tested }: Tested): { needed: number; towards: 'supported' | 'contradicted' } {
  const difference = tested.difference as number;
  // Two or three pairs have no interval, but their spread allows an estimate of its width.
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
  if (centre <= claim.by) return { needed, towards: 'contradicted' };
  return { needed: withMissed(needed, centre, half * Math.sqrt(pairs.length), claim.by), towards: 'supported' };
}

/** Increases a number of pairs until support remains if the seeds that they may miss show no difference. @param width Half the width of the interval of one pair. */
function withMissed(needed: number, centre: number, width: number, by: number): number {
  if (by === 0) return needed;
  let pairs = needed;
  while (pairs <= mostPairs && (1 - missedShare(pairs)) * (centre - width / Math.sqrt(pairs)) <= by) pairs++;
  return pairs;
}

/** Changes for a claim with `by`. All numbers are oriented so that more is better. */
function ofDifference(whole: Tested, outcome: Outcome): string[] {
  const { claim, pairs, ...tested } = whole;
  const sign = smallerIsBetter(claim) ? -1 : 1;
  const interval = tested.interval as [number, number];
  const high = Math.max(...interval.map((end) => sign * end));
  const low = leastWithMissed(claim, interval, pairs.length);
  switch (outcome) {
    case 'supported':
      return [
        l10n.t`A "by" of ${formatResult(low)} or more would leave it undecided, one of ${formatResult(high)} or more would contradict it.`,
      ];
    case 'contradicted':
      return low > 0
        ? [l10n.t`A "by" below about ${formatResult(low)} would be supported.`]
        : [l10n.t`No "by" would support it: the interval ends at ${formatResult(high)}, in the claim’s direction.`];
    case 'undecided': {
      const { needed, towards } = outlook(whole);
      const sentences = [decidedBy(needed, pairs.length, towards)];
      if (low > 0 && low <= claim.by)
        sentences.push(l10n.t`A "by" below about ${formatResult(low)} would be supported.`);
      if (high >= claim.by) sentences.push(l10n.t`A "by" above about ${formatResult(high)} would be contradicted.`);
      return sentences;
    }
    default:
      return unexpected(outcome);
  }
}

/** Changes for a claim that two arms are alike. */
function ofBand(whole: Tested, outcome: Outcome): string[] {
  const { claim, pairs, ...tested } = whole;
  const [low, high] = tested.interval as [number, number];
  const furthest = Math.max(-low, high);
  const nearest = low > 0 ? low : high < 0 ? -high : 0;
  switch (outcome) {
    case 'supported':
      return [l10n.t`A "within" of ${formatResult(furthest)} or less would leave it undecided.`];
    case 'contradicted':
      return [l10n.t`A "within" above about ${formatResult(furthest)} would be supported.`];
    case 'undecided': {
      const { needed, towards } = outlook(whole);
      const sentences = [decidedBy(needed, pairs.length, towards)];
      sentences.push(l10n.t`A "within" above about ${formatResult(furthest)} would be supported.`);
      if (nearest > 0) sentences.push(l10n.t`A "within" below about ${formatResult(nearest)} would be contradicted.`);
      return sentences;
    }
    default:
      return unexpected(outcome);
  }
}

/** Changes if some differences are only bounded. A different `by` then has less effect than with measured differences. */
function ofBounds({ claim, ...tested }: Tested, outcome: Outcome, fewer: string[]): string[] {
  if (outcome !== 'supported') return fewer;
  const least = leastWithMissed(claim, tested.interval as [number, number], tested.pairs.length);
  return [l10n.t`A "by" of ${formatResult(least)} or more would leave it undecided.`];
}

/** Estimates the number of pairs at which the interval no longer contains the bound. Its width shrinks with their square root. */
function pairsNeeded(there: number, half: number, distance: number): number {
  return distance === 0 ? Number.POSITIVE_INFINITY : Math.ceil(there * (half / distance) ** 2);
}

function decidedBy(needed: number, there: number, towards: 'supported' | 'contradicted'): string {
  if (needed > mostPairs) {
    return l10n.t('More pairs would hardly decide it: the mean difference is almost at the bound.');
  }
  if (needed <= there)
    return l10n.t`A smaller p-value: with a few more pairs like these it would be ${inWords(towards)}.`;
  return l10n.t`About ${count(needed, 'pair')} in total, if their mean and spread stay the same: the claim would then be ${inWords(towards)}.`;
}

/** Formats an outcome as part of a sentence on the claim. */
function inWords(outcome: 'supported' | 'contradicted'): string {
  return outcome === 'supported' ? l10n.t('supported') : l10n.t('contradicted');
}
