/**
 * Ways to compare arms over a sweep. Each way makes groups of pairs, and from them the pairs on which the claim as a whole is
 * tested: one per seed, because runs that share a seed are not independent.
 */

import * as l10n from '@vscode/l10n';
import { formatPercent } from '../../shared/numbers';
import type { Point } from '../../shared/sweep/grid';
import { pointKey, pointWithoutAxes } from '../../shared/sweep/grid';
import { unexpected } from '../../shared/unexpected';
import type { Claim } from '../schema';
import { count, quote } from '../words';
import {
  type ArmAtPoint,
  type Evidence,
  type Made,
  meanPair,
  type Pair,
  type PlaceholderPair,
  pairOf,
  roles,
} from './evidence';
import { mean } from './inference';
import { shareInterval } from './proportion';
import { rankOf, type WhyNone } from './reading';
import { smallerIsBetter } from './runValue';

export interface Left {
  /** Number of pairs that the claim excludes because a run diverged. */
  excluded: number;
  /** Reasons of each pair with a missing run or number. */
  incomplete: (readonly WhyNone[])[];
  /** Pairs whose two sides measure no difference. */
  uninformative: PlaceholderPair[];
  /** Pairs at single points that measure no difference, so the seeds' means over the points omit them. */
  leftOut: PlaceholderPair[];
}

export interface Group extends Left {
  /** The sweep values that the group's pairs share; may be empty. */
  point: Point;
  made: ReadonlyMap<number, Made>;
  pairs: Pair[];
}

export interface Compared extends Left {
  /** The pairs on which the claim is tested. */
  pairs: Pair[];
  /** Several groups if each can have its own verdict. */
  groups: Group[];
  /** Description of the way, as sentences. */
  way: string;
}

export const ratePointer = '/training/optimizer/learningRate';

export function compared(evidence: Evidence): Compared {
  const { compare } = evidence.claim;
  switch (compare) {
    case 'same':
      return atTheSame(evidence);
    case 'own-best':
      return atOwnBest(evidence);
    case 'largest-converging':
      return atLargestConverging(evidence);
    default:
      return unexpected(compare);
  }
}

function atTheSame(evidence: Evidence): Compared {
  const { claim, seeds, arms } = evidence;
  const keys = [...new Set([...arms.better.keys(), ...arms.than.keys()])];
  const groups = keys.map((key) => {
    const [first, second] = [arms.better.get(key), arms.than.get(key)];
    const point = first?.point ?? second?.point ?? {};
    // A seed that neither arm has at this point is in a different part of the plan.
    const here = seeds.filter((seed) => first?.bySeed.has(seed) || second?.bySeed.has(seed));
    return grouped(point, new Map(here.map((seed) => [seed, pairOf(claim, seed, first, second)])));
  });
  const way =
    groups.length < 2
      ? l10n.t('Both arms with the same settings but for what the arms change.')
      : l10n.t`Both arms at the same ${count(groups.length, 'point')} of the sweep; of each seed the mean over them counts.`;
  return { ...overAll(groups, seeds), groups, way };
}

function grouped(point: Point, made: ReadonlyMap<number, Made>): Group {
  const all = [...made.values()];
  return {
    point,
    made,
    pairs: all.filter((pair) => pair.kind === 'pair'),
    excluded: all.filter((pair) => pair.kind === 'excluded').length,
    incomplete: all.flatMap((pair) => (pair.kind === 'incomplete' ? [pair.why] : [])),
    uninformative: all.filter((pair) => pair.kind === 'uninformative'),
    leftOut: [],
  };
}

/** One pair per seed: its mean over the groups. A seed must be in every group, unless a group excludes it. */
function overAll(groups: readonly Group[], seeds: readonly number[]): Pick<Compared, 'pairs' | keyof Left> {
  const [only, ...others] = groups;
  if (only && others.length === 0) return only;
  const over: { pairs: Pair[] } & Left = { pairs: [], excluded: 0, incomplete: [], uninformative: [], leftOut: [] };
  for (const seed of seeds) {
    const made = groups.map(
      ({ made: there }): Made => there.get(seed) ?? { kind: 'incomplete', why: ['not measured'] },
    );
    const pairs = made.filter((pair) => pair.kind === 'pair');
    const missing = made.flatMap((pair) => (pair.kind === 'incomplete' ? pair.why : []));
    const uninformative = made.filter((pair) => pair.kind === 'uninformative');
    if (missing.length > 0) {
      // Without one of its points, a seed's mean would measure something different.
      over.incomplete.push(missing);
    } else if (pairs.length > 0) {
      over.pairs.push(meanPair(seed, pairs));
      over.leftOut.push(...uninformative);
    } else if (uninformative.length > 0) {
      const whys = new Set(uninformative.map(({ why }) => why));
      over.uninformative.push({
        ...uninformative[0],
        point: {},
        ...(whys.size > 1 && { why: 'several reasons' }),
      });
    } else {
      over.excluded++;
    }
  }
  return over;
}

/** Share of the seeds that choose the points: one of three. They are excluded from the comparison. */
const choosingShare = 3;

/** Number of seeds that leaves the given number of pairs. */
export function seedsFor(pairs: number, { compare }: Claim): number {
  return compare === 'own-best' ? Math.ceil((pairs * choosingShare) / (choosingShare - 1)) : pairs;
}

/**
 * Compares each arm at its own best point. The best of many points looks better than it is on the seeds that chose it, so some
 * seeds choose and the others compare. Leaving out one seed at a time would use all of them, but the pairs would depend on
 * each other, because nearly all seeds choose each point: without any difference, such a test was wrong in one of four experiments.
 */
function atOwnBest(evidence: Evidence): Compared {
  const { claim, seeds, arms } = evidence;
  const choosing = seeds.slice(0, Math.floor(seeds.length / choosingShare));
  const [first, second] = roles.map((role) => best(arms[role], choosing, smallerIsBetter(claim)));
  const comparing = seeds.slice(choosing.length);
  const group = grouped({}, new Map(comparing.map((seed) => [seed, pairOf(claim, seed, first?.there, second?.there)])));
  const words = [first, second].map((found, k) => {
    const arm = quote(claim[roles[k]]);
    if (!found) return l10n.t`${arm} nowhere`;
    const where = inWords(found.there.point);
    return found.measured > 0
      ? l10n.t`${arm} at ${where}`
      : l10n.t`${arm} at ${where}, the first, as none of its runs that choose was measured`;
  });
  const chosenBy = count(choosing.length, 'seed');
  return {
    ...group,
    groups: [group],
    way:
      choosing.length === 1
        ? l10n.t`Each arm at its own best point, chosen by ${chosenBy} that is excluded from the comparison: ${words.join(', ')}.`
        : l10n.t`Each arm at its own best point, chosen by ${chosenBy} that are excluded from the comparison: ${words.join(', ')}.`,
  };
}

interface Best {
  there: ArmAtPoint;
  /** Number of choosing runs with a measured number; placeholders rank the others. */
  measured: number;
}

/** Finds the best point of an arm by some seeds. A diverged run is ranked worst. */
function best(points: Map<string, ArmAtPoint>, seeds: readonly number[], smaller: boolean): Best | undefined {
  const known = [...points.values()].map((there) => {
    const sides = seeds.flatMap((seed) => {
      const side = there.bySeed.get(seed)?.side;
      return side === undefined || typeof side === 'string' ? [] : [side];
    });
    const measured = sides.filter(({ kind }) => kind === 'measured').length;
    return { there, measured, count: sides.length, mean: mean(sides.map(rankOf)) };
  });
  // A point with fewer seeds would more often win by chance.
  const most = Math.max(1, ...known.map(({ count: n }) => n));
  const sign = smaller ? -1 : 1;
  // If all else is equal, a number is better than a placeholder of the same rank.
  const isBetter = (each: Best & { mean: number }, than: Best & { mean: number }) =>
    each.mean === than.mean ? each.measured > than.measured : sign * each.mean > sign * than.mean;
  return known
    .filter(({ count: n }) => n === most)
    .reduce<(typeof known)[number] | undefined>(
      (found, each) => (!found || isBetter(each, found) ? each : found),
      undefined,
    );
}

/**
 * After Watt: compares each arm at its largest learning rate at which most of its runs converge. The metric does not choose it. A
 * rate at which every run must converge depends on the seeds: with more of them, one that fails is more likely. Where 85 % of runs
 * converge, 20 runs have no majority in one of 4,000 experiments, and one that fails in 96 %.
 */
function atLargestConverging(evidence: Evidence): Compared {
  const { claim, seeds, arms } = evidence;
  const byRest = { better: largest(arms.better), than: largest(arms.than) };
  const keys = [...new Set([...byRest.better.keys(), ...byRest.than.keys()])];
  const said: string[] = [];
  const groups = keys.map((key) => {
    const [first, second] = [byRest.better.get(key), byRest.than.get(key)];
    const words = ([first, second] as const).map((found, k) => `${quote(claim[roles[k]])} ${choiceWords(found)}`);
    const rest = first?.rest ?? second?.rest ?? {};
    said.push(`${keys.length > 1 ? `${inWords(rest)}: ` : ''}${words.join(', ')}`);
    const [better, than] = [first?.best?.there, second?.best?.there];
    const here = better && than ? seeds : [];
    return grouped(rest, new Map(here.map((seed) => [seed, pairOf(claim, seed, better, than)])));
  });
  const shown = said.length > 6 ? [...said.slice(0, 6), l10n.t`and ${said.length - 6} more`] : said;
  const uncertain = [...byRest.better.values(), ...byRest.than.values()].some(isUncertain);
  const way = [
    l10n.t`Each arm at its own largest learning rate of the sweep at which most of its runs converge: ${shown.join('; ')}.`,
    l10n.t(
      'A run converges if its training loss, averaged over the last tenth of its steps, is at least a tenth below its first.',
    ),
    ...(uncertain
      ? [
          l10n.t(
            'A choice is uncertain: the 95 % interval of a share contains one half, so other seeds may choose a different rate.',
          ),
        ]
      : []),
  ];
  return { ...overAll(groups, seeds), groups, way: way.join(' ') };
}

/** An arm at one learning rate, with the number of its runs that converged. */
interface AtRate {
  there: ArmAtPoint;
  rate: number;
  converged: number;
  runs: number;
}

interface Largest {
  /** Values of the other axes. */
  rest: Point;
  /** Undefined if most runs converge at no rate. */
  best: AtRate | undefined;
  /** The next larger rate of the sweep, which was rejected. */
  next: AtRate | undefined;
}

/** The largest rate at which most runs of the arm converge, by the values of the other axes. */
function largest(points: Map<string, ArmAtPoint>): Map<string, Largest> {
  const byRest = new Map<string, { rest: Point; rates: AtRate[] }>();
  for (const there of points.values()) {
    const { [ratePointer]: rate, ...rest } = there.point;
    const known = byRest.get(pointKey(rest)) ?? { rest, rates: [] };
    byRest.set(pointKey(rest), known);
    const all = [...there.bySeed.values()];
    known.rates.push({ there, rate: Number(rate), converged: all.filter(converged).length, runs: all.length });
  }
  const chosen = [...byRest].map(([key, { rest, rates }]): [string, Largest] => {
    const sorted = rates.sort((a, b) => a.rate - b.rate);
    const place = sorted.findLastIndex((each) => 2 * each.converged > each.runs);
    return [key, { rest, best: sorted[place], next: sorted[place + 1] }];
  });
  return new Map(chosen);
}

function converged({ run }: { run: { status: string; converged?: boolean } }): boolean {
  return run.status === 'completed' && run.converged !== false;
}

/** `at 1 (converged: 20 of 20, 83.2 % to 100.0 %; at 10: 3 of 20, 3.2 % to 37.9 %)` */
function choiceWords(found: Largest | undefined): string {
  if (!found) return l10n.t('at none');
  const { best, next } = found;
  const above = next ? [l10n.t`at ${next.rate}: ${shareWords(next)}`] : [];
  if (!best) return l10n.t`at none (converged ${above.join('')})`;
  return l10n.t`at ${best.rate} (${[l10n.t`converged: ${shareWords(best)}`, ...above].join('; ')})`;
}

function shareWords({ converged: found, runs }: AtRate): string {
  const [low, high] = shareInterval(found, runs);
  return l10n.t`${found} of ${runs}, ${formatPercent(low)} to ${formatPercent(high)}`;
}

/** Whether the share at the chosen rate or at the rejected one may be on the other side of one half. */
function isUncertain({ best, next }: Largest): boolean {
  return [best, next].some((each) => {
    if (!each) return false;
    const [low, high] = shareInterval(each.converged, each.runs);
    return low <= 0.5 && high >= 0.5;
  });
}

function inWords(point: Point): string {
  return pointWithoutAxes(point) || l10n.t('its only point');
}
