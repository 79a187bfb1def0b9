/**
 * How arms are compared over a sweep. Each way makes groups of pairs, and from them the pairs that the claim as a whole is
 * tested on: one a seed, since runs that share a seed are not independent of each other.
 */

import type { Point } from '../../shared/sweep/grid';
import { pointKey, pointWithoutAxes } from '../../shared/sweep/grid';
import { unexpected } from '../../shared/unexpected';
import type { Claim } from '../schema';
import { count, quote } from '../words';
import { type ArmAtPoint, type Evidence, type Pair, pairOf, type Role, roles } from './evidence';
import { smallerIsBetter } from './metric';

export interface Left {
  /** Pairs that the claim leaves out because a run diverged. */
  excluded: number;
  /** Pairs that are missing a run or its number. */
  incomplete: number;
}

export interface Group extends Left {
  /** What the group's pairs share; empty where they share nothing of the sweep. */
  point: Point;
  made: ReadonlyMap<number, Made>;
  pairs: Pair[];
}

export interface Compared extends Left {
  /** Those that the claim is tested on. */
  pairs: Pair[];
  /** Several where each can be given a verdict of its own. */
  groups: Group[];
  /** Which way it is, as sentences. */
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
    // A seed that neither arm has there is of another part of the plan.
    const here = seeds.filter((seed) => first?.bySeed.has(seed) || second?.bySeed.has(seed));
    return grouped(point, new Map(here.map((seed) => [seed, pairOf(claim, seed, first, second)])));
  });
  const way =
    groups.length < 2
      ? 'Both arms with the same settings but for what the arms change.'
      : `Both arms at the same ${count(groups.length, 'point')} of the sweep; of each seed the mean over them counts.`;
  return { ...overAll(groups, seeds), groups, way };
}

type Made = Pair | 'incomplete' | 'excluded';

function grouped(point: Point, made: ReadonlyMap<number, Made>): Group {
  const all = [...made.values()];
  return {
    point,
    made,
    pairs: all.filter((pair) => typeof pair === 'object'),
    excluded: all.filter((pair) => pair === 'excluded').length,
    incomplete: all.filter((pair) => pair === 'incomplete').length,
  };
}

/** One pair a seed: its mean over the groups, all of which it has to be in unless the claim leaves it out there. */
function overAll(groups: readonly Group[], seeds: readonly number[]): Pick<Compared, 'pairs' | keyof Left> {
  const [only, ...others] = groups;
  if (only && others.length === 0) return only;
  const over: { pairs: Pair[] } & Left = { pairs: [], excluded: 0, incomplete: 0 };
  for (const seed of seeds) {
    const made = groups.map((group) => group.made.get(seed) ?? 'incomplete');
    const pairs = made.filter((pair) => typeof pair === 'object');
    if (made.includes('incomplete')) {
      // Without one of its points a seed's mean would be of something else.
      over.incomplete++;
    } else if (pairs.length === 0) {
      over.excluded++;
    } else {
      const better = meanOf(pairs, 'better');
      const than = meanOf(pairs, 'than');
      const diverged = roles.filter((role) => pairs.some((pair) => pair.diverged.includes(role)));
      over.pairs.push({ seed, point: {}, better, than, difference: better - than, diverged });
    }
  }
  return over;
}

function meanOf(pairs: readonly Pair[], role: Role): number {
  return pairs.reduce((sum, pair) => sum + pair[role], 0) / pairs.length;
}

/** One seed of three has a say in the choice, and none in the comparison. */
const choosingShare = 3;

/** How many seeds it takes to be left with so many pairs. */
export function seedsFor(pairs: number, { compare }: Claim): number {
  return compare === 'own-best' ? Math.ceil((pairs * choosingShare) / (choosingShare - 1)) : pairs;
}

/**
 * The best of many points looks better than it is on the seeds that it was chosen by. So some seeds choose, and the others
 * compare. Leaving out one seed at a time would use all of them, but the pairs would then hang together, as each point is
 * chosen by nearly all: under no difference such a test was wrong in one of four experiments.
 */
function atOwnBest(evidence: Evidence): Compared {
  const { claim, seeds, arms } = evidence;
  const choosing = seeds.slice(0, Math.floor(seeds.length / choosingShare));
  const [first, second] = roles.map((role) => best(arms[role], choosing, smallerIsBetter(claim)));
  const comparing = seeds.slice(choosing.length);
  const group = grouped({}, new Map(comparing.map((seed) => [seed, pairOf(claim, seed, first, second)])));
  const words = [first, second].map(
    (there, k) => `${quote(claim[roles[k]])} ${there ? `at ${inWords(there.point)}` : 'nowhere'}`,
  );
  return {
    ...group,
    groups: [group],
    way: `Each arm at its own best point, chosen by ${count(choosing.length, 'seed')} that ${choosing.length === 1 ? 'is' : 'are'} left out of the comparison: ${words.join(', ')}.`,
  };
}

/** The best point of an arm by some seeds; a diverged run counts as the worst. */
function best(points: Map<string, ArmAtPoint>, seeds: readonly number[], smaller: boolean): ArmAtPoint | undefined {
  const known = [...points.values()].map((there) => {
    const values = seeds.flatMap((seed) => there.bySeed.get(seed)?.value ?? []);
    return { there, count: values.length, mean: values.reduce((sum, value) => sum + value, 0) / values.length };
  });
  // A point with fewer seeds would win by luck more often.
  const most = Math.max(1, ...known.map(({ count: n }) => n));
  const sign = smaller ? -1 : 1;
  return known
    .filter(({ count: n }) => n === most)
    .reduce<(typeof known)[number] | undefined>(
      (found, each) => (!found || sign * each.mean > sign * found.mean ? each : found),
      undefined,
    )?.there;
}

/** After Watt: each arm at the largest learning rate at which all its runs converge, which is no choice by the metric. */
function atLargestConverging(evidence: Evidence): Compared {
  const { claim, seeds, arms } = evidence;
  const byRest = { better: largest(arms.better), than: largest(arms.than) };
  const keys = [...new Set([...byRest.better.keys(), ...byRest.than.keys()])];
  const said: string[] = [];
  const groups = keys.map((key) => {
    const [first, second] = [byRest.better.get(key), byRest.than.get(key)];
    const words = ([first, second] as const).map((found, k) => {
      const rate = found?.best?.point[ratePointer];
      return `${quote(claim[roles[k]])} ${rate === undefined ? 'at none' : `at ${rate}`}`;
    });
    const rest = first?.rest ?? second?.rest ?? {};
    said.push(`${keys.length > 1 ? `${inWords(rest)}: ` : ''}${words.join(', ')}`);
    const [better, than] = [first?.best, second?.best];
    const here = better && than ? seeds : [];
    return grouped(rest, new Map(here.map((seed) => [seed, pairOf(claim, seed, better, than)])));
  });
  const shown = said.length > 6 ? [...said.slice(0, 6), `and ${said.length - 6} more`] : said;
  const way = `Each arm at its own largest learning rate of the sweep at which every run converged: ${shown.join('; ')}.`;
  return { ...overAll(groups, seeds), groups, way };
}

/** By the other axes: the largest rate at which the arm's runs all converge. */
function largest(points: Map<string, ArmAtPoint>): Map<string, { rest: Point; best: ArmAtPoint | undefined }> {
  const found = new Map<string, { rest: Point; best: ArmAtPoint | undefined }>();
  const rateOf = ({ point }: ArmAtPoint) => Number(point[ratePointer]);
  for (const there of points.values()) {
    const { [ratePointer]: _, ...rest } = there.point;
    const known = found.get(pointKey(rest)) ?? { rest, best: undefined };
    found.set(pointKey(rest), known);
    if (![...there.bySeed.values()].every(converged)) continue;
    if (!known.best || rateOf(there) > rateOf(known.best)) known.best = there;
  }
  return found;
}

function converged({ run }: { run: { status: string; converged?: boolean } }): boolean {
  return run.status === 'completed' && run.converged !== false;
}

function inWords(point: Point): string {
  return pointWithoutAxes(point) || 'its only point';
}
