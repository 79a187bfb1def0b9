/**
 * How arms are compared over a sweep. Each way makes groups of pairs, and from them the pairs that the claim as a whole is
 * tested on: one a seed, since runs that share a seed are not independent of each other.
 */
import type { Point } from '../plan';
import { pointKey, pointWithoutAxes } from '../sweep/grid';
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
      return compare satisfies never;
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

/**
 * The best of many points looks better than it is on the seeds that it was chosen by. So each seed is left out of the choice of
 * its own point: its number has had no say in it, and its mean is right whatever the choice was.
 */
function atOwnBest(evidence: Evidence): Compared {
  const { claim, seeds, arms } = evidence;
  const choose = {
    better: chooser(arms.better, smallerIsBetter(claim)),
    than: chooser(arms.than, smallerIsBetter(claim)),
  };
  const chosen = { better: new Map<string, number>(), than: new Map<string, number>() };
  const made = seeds.map((seed): [number, Made] => {
    const [first, second] = roles.map((role) => {
      const best = choose[role](seed);
      if (best) chosen[role].set(pointKey(best.point), (chosen[role].get(pointKey(best.point)) ?? 0) + 1);
      return best;
    });
    return [seed, pairOf(claim, seed, first, second)];
  });
  const words = roles.map((role) => `${quote(claim[role])} ${choicesInWords(arms[role], chosen[role])}`);
  const group = grouped({}, new Map(made));
  return {
    ...group,
    groups: [group],
    way: `Each arm at its own best point, for every seed chosen by the other seeds: ${words.join('; ')}.`,
  };
}

/** The best point of an arm by the seeds other than one; a diverged run counts as the worst. */
function chooser(points: Map<string, ArmAtPoint>, smaller: boolean): (seed: number) => ArmAtPoint | undefined {
  const known = [...points.values()].map((there) => {
    const values = [...there.bySeed.values()].flatMap(({ value }) => (value === undefined ? [] : [value]));
    return { there, count: values.length, sum: values.reduce((sum, value) => sum + value, 0) };
  });
  return (seed) => {
    const without = known.map(({ there, count: n, sum }) => {
      const own = there.bySeed.get(seed)?.value;
      return own === undefined ? { there, n, sum } : { there, n: n - 1, sum: sum - own };
    });
    // A point with fewer seeds would win by luck more often.
    const most = Math.max(0, ...without.map(({ n }) => n));
    if (most === 0) return undefined;
    let best: { there: ArmAtPoint; mean: number } | undefined;
    for (const { there, n, sum } of without) {
      const mean = sum / n;
      if (n === most && (!best || (smaller ? mean < best.mean : mean > best.mean))) best = { there, mean };
    }
    return best?.there;
  };
}

function choicesInWords(points: Map<string, ArmAtPoint>, chosen: Map<string, number>): string {
  const most = [...chosen].sort((a, b) => b[1] - a[1]);
  if (most.length === 0) return 'nowhere';
  const words = most.slice(0, 3).map(([key, times]) => {
    const point = points.get(key)?.point ?? {};
    return `${most.length === 1 ? '' : `${times} times `}at ${inWords(point)}`;
  });
  return words.join(', ') + (most.length > 3 ? ` and at ${most.length - 3} more` : '');
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
