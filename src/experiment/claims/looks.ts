/**
 * Sequential tests: the claims of an experiment are judged at looks, numbers of seeds that are fixed before the first run. Training ends
 * at the first look at which every claim is clear, or at the last one.
 *
 * The error is kept by Bonferroni's inequality over the looks: with K looks, p is multiplied by K, and the interval has a level of
 * 1 − 0.05 / K. The probability of a false verdict at any look is then at most the sum of the looks' probabilities, 0.05, whatever the
 * distribution and the dependence of the looks. Boundaries that use the dependence (Pocock 1977, O'Brien & Fleming 1979, Lan & DeMets
 * 1983) need joint normality, which a comparison of own best points, for example, does not have. docs/calibration.md compares them.
 */
import * as l10n from '@vscode/l10n';
import { formatPercent } from '../../shared/numbers';
import type { Claim } from '../schema';
import { mostSeed } from '../seeds';
import type { EndedRun } from './runValue';
import { seedsFor } from './ways';

/** The design of a sequential test, fixed before its first run. */
export interface Looks {
  /** All seeds up to the bound, in the order in which they are trained. */
  seeds: readonly number[];
  /** Number of seeds at each look, ascending. The last one is the bound. */
  at: readonly number[];
}

/** The look at which a claim was judged. */
export interface VerdictLook {
  /** From 1; 0 if no look is complete. */
  look: number;
  /** Number of looks. */
  of: number;
  /** Number of seeds at each look. */
  at: number[];
  /** Number of seeds that the verdict has; 0 if no look is complete. */
  seeds: number;
}

/** Share of false verdicts that all looks together may have. */
export const sequentialError = 0.05;

/** Numbers of seeds at the looks: the first, twice as many at each further look, and the bound. */
export function looksUpTo(first: number, bound: number): number[] {
  const at: number[] = [];
  for (let seeds = first; seeds < bound; seeds *= 2) at.push(seeds);
  return [...at, bound];
}

/** Number of seeds at the first look: enough for the pairs that the verdict of every claim needs. */
export function firstLook(claims: readonly Claim[], leastPairs: number): number {
  return Math.max(...claims.map((claim) => seedsFor(leastPairs, claim)));
}

/**
 * Seeds that the file does not have, because its own results may have been seen before: from the next multiple of 100, plus 1. The same
 * file always gives the same seeds, so that starting a test again cannot give a different verdict.
 * @returns Null if there are not enough.
 */
export function freshSeeds(own: readonly number[], number: number): number[] | null {
  const largest = own.reduce((most, seed) => Math.max(most, seed), 0);
  const first = 100 * Math.ceil(Math.max(1, largest) / 100) + 1;
  if (first + number - 1 > mostSeed) return null;
  return Array.from({ length: number }, (_, k) => first + k);
}

/** Reads a design from a file; null if it is not valid. */
export function readLooks(value: unknown): Looks | null {
  const { seeds, at } = (value ?? {}) as Partial<Looks>;
  const isCount = (item: unknown): item is number => Number.isSafeInteger(item) && Number(item) >= 0;
  if (!Array.isArray(seeds) || !Array.isArray(at) || !seeds.every(isCount) || !at.every(isCount)) return null;
  const isAscending = at.every((each, k) => each > (at[k - 1] ?? 0));
  if (!isAscending || at.at(-1) !== seeds.length || new Set(seeds).size < seeds.length) return null;
  return { seeds, at };
}

/** A look, and the runs that it judges. */
export interface Reached {
  look: VerdictLook;
  runs: EndedRun[];
}

/** Finds the last look at which all runs of the compared arms have ended. Runs of further seeds are left out. */
export function lookReached({ seeds, at }: Looks, claims: readonly Claim[], runs: readonly EndedRun[]): Reached {
  const isCompared = (arm: string) => claims.some(({ better, than }) => better === arm || than === arm);
  const bySeed = new Map<number, { ended: number; all: EndedRun[] }>();
  const variants = new Set<string>();
  for (const run of runs) {
    if (!isCompared(run.arm)) continue;
    variants.add(JSON.stringify([run.arm, run.point]));
    const known = bySeed.get(run.seed) ?? { ended: 0, all: [] };
    bySeed.set(run.seed, known);
    known.all.push(run);
    if (run.status !== 'cancelled') known.ended++;
  }
  const isOpen = (seed: number) => (bySeed.get(seed)?.ended ?? 0) < variants.size;
  const open = seeds.findIndex(isOpen);
  const complete = open < 0 ? seeds.length : open;
  const look = variants.size === 0 ? 0 : at.filter((number) => number <= complete).length;
  const reached = look === 0 ? 0 : at[look - 1];
  return {
    look: { look, of: at.length, at: [...at], seeds: reached },
    runs: seeds.slice(0, reached).flatMap((seed) => bySeed.get(seed)?.all ?? []),
  };
}

/** Level of the intervals of a test with this number of looks. */
export function levelOf(looks: number): number {
  return 1 - sequentialError / looks;
}

/** `20, 40 and 80` */
export function atInWords(at: readonly number[]): string {
  return at.length < 2 ? at.join() : l10n.t`${at.slice(0, -1).join(', ')} and ${at[at.length - 1]}`;
}

/** Describes the test that a verdict belongs to, as sentences. @param state Whether the verdict is clear, may become so, or cannot. */
export function lookWords({ look, of, at, seeds }: VerdictLook, state: 'clear' | 'open' | 'hopeless'): string[] {
  const bound = at[at.length - 1];
  if (look === 0) {
    return [l10n.t`This is a sequential test, which looks at ${atInWords(at)} seeds: resume it to train the rest.`];
  }
  const error =
    of === 1
      ? []
      : [
          l10n.t`p is multiplied by the ${of} planned looks, and the interval has a level of ${formatPercent(levelOf(of))}, so that at most 5 % of such tests give a false verdict at any look.`,
        ];
  const where = l10n.t`This is look ${look} of ${of}, at ${seeds} seeds, of a sequential test, which looks at ${atInWords(at)} seeds.`;
  if (state === 'clear') return [where, ...error];
  if (state === 'hopeless')
    return [where, l10n.t('More seeds are not trained for this claim: they would not change this.')];
  const next =
    look < of
      ? l10n.t`The next look is at ${at[look]} seeds.`
      : l10n.t`Its bound of ${bound} seeds is reached. More seeds are a new test, with seeds that this one has not used.`;
  return [where, ...error, next];
}
