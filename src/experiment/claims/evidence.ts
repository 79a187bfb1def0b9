/** Finds the runs of a claim's two arms by point and seed, and pairs them. */

import type { Point } from '../../shared/sweep/grid';
import { pointKey } from '../../shared/sweep/grid';
import type { Claim } from '../schema';
import { mean } from './inference';
import {
  type Difference,
  differenceOf,
  meanDifference,
  none,
  rankOf,
  type Side,
  type Uninformative,
  type WhyNone,
} from './reading';
import { type EndedRun, readingOf, smallerIsBetter } from './runValue';

export type Role = 'better' | 'than';
export const roles = ['better', 'than'] as const;

/** The runs of one seed in both arms. */
interface SeedRuns {
  seed: number;
  /** Point of the arm that is claimed to be better; empty if the pair covers all points. */
  point: Point;
  /** Point of the other arm, if each arm has its own. */
  otherPoint?: Point;
}

/** One seed in both arms, with at least one measured side. */
export interface Pair extends SeedRuns {
  kind: 'pair';
  /** Each side, or over several points the mean of the numbers that rank it. */
  better: number;
  than: number;
  /** `better` − `than`, in the metric's own unit. */
  difference: Difference;
  /** The diverged sides. Their number is the worst of all runs of the claim. */
  diverged: Role[];
  /** The sides that never reached the value of a `stepsTo` claim. Their number is a bound. */
  notReached: Role[];
}

/** One seed in both arms that does not measure the difference. */
export interface PlaceholderPair extends SeedRuns {
  kind: 'uninformative';
  why: Uninformative;
  better: Side;
  than: Side;
}

/** One seed with a missing run or number, or one that the claim excludes. */
export type Unpaired = { kind: 'incomplete'; why: readonly WhyNone[] } | { kind: 'excluded' };

export type Made = Pair | PlaceholderPair | Unpaired;

/** A run's contribution to a claim. */
export interface Counted {
  run: EndedRun;
  /** The reason, if the run did not complete or has no number. */
  side: Side | WhyNone;
}

/** Runs of an arm at one point, by seed. */
export interface ArmAtPoint {
  point: Point;
  bySeed: Map<number, Counted>;
}

export class Evidence {
  /** By the key of the point, in the order of the runs. */
  readonly arms: Record<Role, Map<string, ArmAtPoint>> = { better: new Map(), than: new Map() };
  /** In the order of the runs. */
  readonly seeds: number[];

  /** @param place Index of the claim in the experiment. */
  constructor(
    readonly claim: Claim,
    place: number,
    runs: readonly EndedRun[],
  ) {
    const seeds = new Set<number>();
    const all: Counted[] = [];
    for (const role of roles) {
      for (const run of runs) {
        if (run.arm !== claim[role]) continue;
        const counted = { run, side: sideOf(run, claim, place) };
        const key = pointKey(run.point);
        const there = this.arms[role].get(key) ?? { point: run.point, bySeed: new Map() };
        this.arms[role].set(key, there);
        there.bySeed.set(run.seed, counted);
        seeds.add(run.seed);
        all.push(counted);
      }
    }
    this.seeds = [...seeds];
    const side = divergedSide(all, claim);
    for (const counted of all) if (counted.run.status === 'diverged') counted.side = side;
  }
}

function sideOf(run: EndedRun, claim: Claim, place: number): Side | WhyNone {
  if (run.status !== 'completed') return 'not measured';
  const reading = (run.readings ? run.readings[place] : readingOf(run, claim)) ?? none('not measured');
  return reading.kind === 'none' ? reading.why : reading;
}

/** Placeholder of a diverged run: as bad as the worst of all, or worse. If every run diverged, the bound has no use. */
function divergedSide(all: readonly Counted[], claim: Claim): Side {
  const smaller = smallerIsBetter(claim);
  const ranks = all.flatMap(({ side }) => (typeof side === 'string' ? [] : [rankOf(side)]));
  const bound = ranks.length === 0 ? 0 : ranks.reduce((a, b) => (smaller ? Math.max(a, b) : Math.min(a, b)));
  return { kind: 'placeholder', why: 'diverged', bound, beyond: smaller ? 'above' : 'below' };
}

/** A seed's pair, or the reason why it has none. */
export function pairOf(
  claim: Claim,
  seed: number,
  first: ArmAtPoint | undefined,
  second: ArmAtPoint | undefined,
): Made {
  const [a, b] = [first?.bySeed.get(seed), second?.bySeed.get(seed)];
  if (!a || !b) return { kind: 'incomplete', why: ['not measured'] };
  const isDiverged = a.run.status === 'diverged' || b.run.status === 'diverged';
  if (claim.diverged === 'exclude' && isDiverged) return { kind: 'excluded' };
  const [better, than] = [a.side, b.side];
  if (typeof better === 'string' || typeof than === 'string') {
    return { kind: 'incomplete', why: [better, than].filter((side) => typeof side === 'string') };
  }
  const isElsewhere = pointKey(a.run.point) !== pointKey(b.run.point);
  const runs = { seed, point: a.run.point, ...(isElsewhere && { otherPoint: b.run.point }) };
  const difference = differenceOf(better, than);
  if (typeof difference === 'string') return { kind: 'uninformative', ...runs, why: difference, better, than };
  const having = (why: 'diverged' | 'not reached') =>
    roles.filter((role) => {
      const side = role === 'better' ? better : than;
      return side.kind === 'placeholder' && side.why === why;
    });
  return {
    kind: 'pair',
    ...runs,
    better: rankOf(better),
    than: rankOf(than),
    difference,
    diverged: having('diverged'),
    notReached: having('not reached'),
  };
}

/** Combines a seed's pairs at several points. @param pairs At least one. */
export function meanPair(seed: number, pairs: readonly Pair[]): Pair {
  const having = (list: 'diverged' | 'notReached') =>
    roles.filter((role) => pairs.some((pair) => pair[list].includes(role)));
  return {
    kind: 'pair',
    seed,
    point: {},
    better: mean(pairs.map(({ better }) => better)),
    than: mean(pairs.map(({ than }) => than)),
    difference: meanDifference(pairs.map(({ difference }) => difference)),
    diverged: having('diverged'),
    notReached: having('notReached'),
  };
}
