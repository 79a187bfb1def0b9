/** Describes the runs behind a verdict: which were never measured, which pairs do not count, and why. */
import * as l10n from '@vscode/l10n';
import { formatDifference, formatPercent, pInWords } from '../../shared/numbers';
import { unexpected } from '../../shared/unexpected';
import type { Claim } from '../schema';
import { count, quote } from '../words';
import { type PlaceholderPair, type Role, roles } from './evidence';
import { missedShare } from './proportion';
import type { Failures } from './rare';
import type { Bound, Uninformative, WhyNone } from './reading';
import { metricInWords } from './runValue';
import type { Outcome, Tested } from './tested';

/** Formats uninformative pairs: `neither arm reached 0.99 in 20 of 20 pairs`; empty if every pair counts. */
export function uninformativeWords({ claim, pairs, uninformative }: Tested): string {
  const all = count(pairs.length + uninformative.length, 'pair');
  return byReason(uninformative)
    .map(([why, number], k) => {
      const words = uninformativeIn(why, claim);
      return k === 0 ? l10n.t`${words} in ${number} of ${all}` : l10n.t`${words} in ${number}`;
    })
    .join(', ');
}

/** The same as a sentence, for a verdict with enough pairs. */
export function notCountedWords(tested: Tested): string[] {
  const words = uninformativeWords(tested);
  if (words === '') return [];
  return [
    tested.uninformative.length === 1
      ? l10n.t`${capitalized(words)}. It measures no difference and does not count.`
      : l10n.t`${capitalized(words)}. They measure no difference and do not count.`,
  ];
}

/** Describes the pairs at single points of a sweep that the means over the points omit. */
export function leftOutWords({ claim, leftOut }: Tested): string[] {
  if (leftOut.length === 0) return [];
  const words = byReason(leftOut).map(([why, number]) => l10n.t`${uninformativeIn(why, claim)} in ${number}`);
  return [
    l10n.t`The means omit ${count(leftOut.length, 'pair')} at single points, which measure no difference: ${words.join(', ')}.`,
  ];
}

function byReason(pairs: readonly PlaceholderPair[]): [Uninformative, number][] {
  const found = new Map<Uninformative, number>();
  for (const { why } of pairs) found.set(why, (found.get(why) ?? 0) + 1);
  return [...found];
}

function uninformativeIn(why: Uninformative, claim: Claim): string {
  const reach = String(claim.reach);
  switch (why) {
    case 'both diverged':
      return l10n.t('both arms diverged');
    case 'neither reached':
      return l10n.t`neither arm reached ${reach}`;
    case 'diverged or not reached':
      return l10n.t`one arm diverged and the other never reached ${reach}`;
    case 'ended too early':
      return l10n.t`one arm ended without ${reach} before the other reached it`;
    case 'several reasons':
      return l10n.t('no point gave a difference');
    default:
      return unexpected(why);
  }
}

/** Describes the placeholders in pairs that count. */
export function placeholderWords({ claim, pairs }: Tested): string[] {
  const words: string[] = [];
  const of = (list: 'diverged' | 'notReached', role: Role) => pairs.filter((pair) => pair[list].includes(role)).length;
  const [better, than] = [of('diverged', 'better'), of('diverged', 'than')];
  if (better + than > 0) {
    words.push(l10n.t`Diverged runs are ranked worst: ${better} of the first arm, ${than} of the other.`);
  }
  const [first, second] = [of('notReached', 'better'), of('notReached', 'than')];
  if (first + second > 0) {
    words.push(
      l10n.t`Runs that never reached ${String(claim.reach)} count with one step more than their number of measured steps: ${first} of the first arm, ${second} of the other.`,
    );
  }
  const bounded = pairs.filter(({ difference }) => difference.kind === 'bound').length;
  if (bounded > 0) {
    words.push(boundWords(count(bounded, 'pair'), directionOf(pairs)));
  }
  return words;
}

function directionOf(pairs: Tested['pairs']): Bound {
  const sides = new Set(pairs.flatMap(({ difference }) => (difference.kind === 'bound' ? [difference.is] : [])));
  const [only] = sides;
  return sides.size === 1 ? only : 'unknown';
}

function boundWords(pairs: string, direction: Bound): string {
  switch (direction) {
    case 'at least':
      return l10n.t`So the difference of ${pairs} is a bound, not a measured number: the true one is that or more.`;
    case 'at most':
      return l10n.t`So the difference of ${pairs} is a bound, not a measured number: the true one is that or less.`;
    case 'unknown':
      return l10n.t`So the difference of ${pairs} is a bound, not a measured number.`;
    default:
      return unexpected(direction);
  }
}

/** Explains why bounds prevent the verdict that the interval suggests. @param where Location of the interval, in words. */
export function boundedWords({ claim, pairs, opposing }: Tested, where: string): string {
  const all = count(pairs.length, 'pair');
  if (claim.within !== undefined) {
    return l10n.t`The interval is ${where}, but in ${opposing} of ${all} only one arm has a number: the distance between the two is unknown, so they cannot be called alike.`;
  }
  return l10n.t`The interval is ${where}, but in ${opposing} of ${all} the difference may be far on the other side, because only a bound is known. With the signs of the differences alone, p is above 0.05.`;
}

/** Describes a difference that is the same for every seed by calculation. @param where Location of the difference, in words. */
export function exactWords(where: string): string {
  return l10n.t`The difference is the same in every pair, ${where}. It does not depend on the seed, so it is exact, and has no p-value.`;
}

/** Describes equal differences of counts, which can be equal by chance. */
export function sameWords({ pairs }: Tested, where: string): string {
  return l10n.t`The difference is the same in every pair, ${where}. Counts can be equal by chance: ${missedInWords(pairs.length)}.`;
}

function missedInWords(pairs: number): string {
  return l10n.t`${count(pairs, 'pair')} can miss up to ${formatPercent(missedShare(pairs))} of all seeds`;
}

/** Explains why few pairs prevent the verdict that the mean suggests. */
export function fewCarryWords(tested: Tested, where: string): string {
  const { pairs, carrying } = tested;
  const [here, p] = [carrying?.here ?? 0, pInWords(carrying?.p ?? 1)];
  return l10n.t`The interval is entirely ${where}, but only because of few pairs: ${carriedIn(tested)}. Of all pairs, ${here} of ${pairs.length} are on that side (sign test, ${p}).`;
}

/** Describes few pairs that carry the difference, in a verdict that the signs of all pairs confirm. */
export function carriedWords(tested: Tested, outcome: Outcome): string[] {
  const { pairs, carrying } = tested;
  if (!carrying || outcome === 'undecided') return [];
  const words = carriedIn(tested);
  return [
    l10n.t`${capitalized(words)}. The verdict does not rest on these alone: ${carrying.here} of ${pairs.length} pairs are on that side (sign test, ${pInWords(carrying.p)}).`,
  ];
}

function carriedIn({ claim, pairs, carrying }: Tested): string {
  const seeds = carrying?.seeds ?? [];
  const isBeyond = (claim.within ?? claim.by) > 0;
  const [few, all, list] = [seeds.length, count(pairs.length, 'pair'), seeds.join(', ')];
  if (few === 1) {
    return isBeyond
      ? l10n.t`${few} of ${all} carries 90 % of the difference beyond the bound (seed ${list})`
      : l10n.t`${few} of ${all} carries 90 % of the difference (seed ${list})`;
  }
  return isBeyond
    ? l10n.t`${few} of ${all} carry 90 % of the difference beyond the bound (seeds ${list})`
    : l10n.t`${few} of ${all} carry 90 % of the difference (seeds ${list})`;
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Explains why the seeds that the pairs may have missed prevent support. */
export function missedWords({ pairs }: Tested, where: string): string {
  return l10n.t`The interval is entirely ${where}, but ${missedInWords(pairs.length)}. If these show no difference, the mean may not be.`;
}

/** Describes failed runs: their share in each arm with its interval, and the difference of the other pairs. */
export function failedWords({ claim, failed }: Tested): string[] {
  if (!failed) return [];
  const shares = roles.map((role) => shareIn(failed[role], quote(claim[role])));
  const words = [
    l10n.t`Failed runs (diverged, or far worse than the others of their arm): ${shares.join(', ')}; 95 % intervals (Clopper–Pearson).`,
  ];
  if (failed.others) {
    const { pairs, difference, interval } = failed.others;
    const [others, mean] = [count(pairs, 'pair'), formatDifference(difference)];
    words.push(
      interval
        ? l10n.t`In the ${others} without a failed run the mean difference is ${mean}, 95 % interval ${formatDifference(interval[0])} to ${formatDifference(interval[1])}.`
        : l10n.t`In the ${others} without a failed run the mean difference is ${mean}.`,
    );
  }
  return words;
}

function shareIn({ failed, runs, interval: [low, high] }: Failures, arm: string): string {
  return l10n.t`${failed} of ${runs} (${formatPercent(low)} to ${formatPercent(high)}) of ${arm}`;
}

/** Describes the excluded and missing pairs. */
export function missingWords({ claim, excluded, incomplete }: Tested): string[] {
  const words: string[] = [];
  if (excluded > 0) {
    const pairs = count(excluded, 'pair');
    words.push(
      excluded === 1
        ? l10n.t`${pairs} with a diverged run is excluded.`
        : l10n.t`${pairs} with a diverged run are excluded.`,
    );
  }
  const reasons = new Map<WhyNone, number>();
  for (const whys of incomplete) {
    const why = whys.find((each) => each !== 'not measured') ?? 'not measured';
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  for (const [why, number] of reasons) {
    const [pairs, metric] = [count(number, 'pair'), quote(metricInWords(claim))];
    if (why === 'not measured') {
      words.push(
        number === 1
          ? l10n.t`${pairs} lacks a run that has ended, or its ${metric}.`
          : l10n.t`${pairs} lack a run that has ended, or its ${metric}.`,
      );
    } else {
      words.push(
        number === 1
          ? l10n.t`${pairs} has no ${metric}: ${whyInWords(why)}.`
          : l10n.t`${pairs} have no ${metric}: ${whyInWords(why)}.`,
      );
    }
  }
  return words;
}

function whyInWords(why: Exclude<WhyNone, 'not measured'>): string {
  switch (why) {
    case 'starts at 0':
      return l10n.t('a run’s first value is 0, so the ratio of its last value to its first is undefined');
    case 'measured once':
      return l10n.t('a run was measured at one step only, so there is no growth');
    case 'divided by 0':
      return l10n.t('a run’s divisor is 0 at every step at which it was measured');
    case 'no logarithm':
      return l10n.t('at every step of a run, a layer has 0 or less, which has no logarithm');
    case 'not finite':
      return l10n.t('a run’s value is infinite or not a number');
    case 'too large':
      return l10n.t('a run’s value is beyond 1e300, too large to be compared');
    default:
      return unexpected(why);
  }
}
