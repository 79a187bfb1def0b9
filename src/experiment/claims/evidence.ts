/** The runs of a claim's two arms, found by point and seed, each with the number that it counts for. */

import type { Point } from '../../shared/sweep/grid';
import { pointKey } from '../../shared/sweep/grid';
import type { Claim } from '../schema';
import { type EndedRun, metricOf, smallerIsBetter } from './metric';

export type Role = 'better' | 'than';
export const roles = ['better', 'than'] as const;

/** One seed in both arms. */
export interface Pair {
  seed: number;
  /** Of the arm that is to be better; empty where it stands for all points. */
  point: Point;
  /** Of the other arm, where each stands at its own. */
  otherPoint?: Point;
  better: number;
  than: number;
  /** `better` − `than`, in the metric's own unit. */
  difference: number;
  /** Which of the two diverged; its number is then the worst that any run of the claim has. */
  diverged: Role[];
}

/** What a run counts for. */
export interface Counted {
  run: EndedRun;
  /** Undefined where the run has not ended by itself, or has no such number. */
  value: number | undefined;
  diverged: boolean;
}

/** An arm at one point, by seed. */
export interface ArmAtPoint {
  point: Point;
  bySeed: Map<number, Counted>;
}

export class Evidence {
  /** By the key of the point, in the order of the runs. */
  readonly arms: Record<Role, Map<string, ArmAtPoint>> = { better: new Map(), than: new Map() };
  /** In the order of the runs. */
  readonly seeds: number[];

  /** @param place Of the claim among the experiment's. */
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
        const value =
          run.status === 'completed' ? (run.numbers ? run.numbers[place] : metricOf(run, claim)) : undefined;
        const counted = { run, value, diverged: run.status === 'diverged' };
        const key = pointKey(run.point);
        const there = this.arms[role].get(key) ?? { point: run.point, bySeed: new Map() };
        this.arms[role].set(key, there);
        there.bySeed.set(run.seed, counted);
        seeds.add(run.seed);
        all.push(counted);
      }
    }
    this.seeds = [...seeds];
    const worst = worstOf(all, claim);
    for (const counted of all) if (counted.diverged) counted.value = worst;
  }
}

/** Where every run diverged there is no worst number, and all are equals. */
function worstOf(all: readonly Counted[], claim: Claim): number {
  const smaller = smallerIsBetter(claim);
  let worst: number | undefined;
  for (const { value } of all) {
    if (value !== undefined && (worst === undefined || (smaller ? value > worst : value < worst))) worst = value;
  }
  return worst ?? 0;
}

/** A seed's pair, or why there is none. */
export function pairOf(
  claim: Claim,
  seed: number,
  first: ArmAtPoint | undefined,
  second: ArmAtPoint | undefined,
): Pair | 'incomplete' | 'excluded' {
  const [a, b] = [first?.bySeed.get(seed), second?.bySeed.get(seed)];
  if (!a || !b) return 'incomplete';
  const diverged = roles.filter((role) => (role === 'better' ? a : b).diverged);
  if (claim.diverged === 'exclude' && diverged.length > 0) return 'excluded';
  if (a.value === undefined || b.value === undefined) return 'incomplete';
  const otherPoint = pointKey(a.run.point) === pointKey(b.run.point) ? {} : { otherPoint: b.run.point };
  const { value: better } = a;
  const { value: than } = b;
  return { seed, point: a.run.point, ...otherPoint, better, than, difference: better - than, diverged };
}
