/** Designs of sequential tests for experiments: how many seeds, which, and why a test is not possible. */
import * as l10n from '@vscode/l10n';
import { firstLook, freshSeeds, type Looks, looksUpTo } from './claims/looks';
import { leastPairs } from './claims/verdict';
import type { Claim } from './schema';

export interface WantedTest {
  /** Largest number of seeds. */
  bound: number;
}

/**
 * Designs a sequential test of the claims of an experiment.
 * @param own Seeds of the experiment's file.
 * @param wanted `given` are seeds to use instead of fresh ones, in this order; their number is the bound then.
 * @returns The design, or the reason why there is none, as a clause.
 */
export function designed(
  claims: readonly Claim[],
  own: readonly number[],
  { bound, given }: WantedTest & { given?: readonly number[] | undefined },
): Looks | { problem: string } {
  if (claims.length === 0) {
    return {
      problem: l10n.t(
        'a test until the verdict is clear needs a claim about arms that run: add a "claim" to the file, or run both of its arms',
      ),
    };
  }
  const most = given?.length ?? bound;
  const first = firstLook(claims, leastPairs);
  if (most < first) {
    return {
      problem: l10n.t`a test until the verdict is clear needs at least ${first} seeds for its first look, and may have only ${most}: allow more`,
    };
  }
  const seeds = given ?? freshSeeds(own, most);
  if (seeds === null) {
    return { problem: l10n.t('there are not enough seeds above those of the file: give the seeds of the test') };
  }
  return { seeds, at: looksUpTo(first, most) };
}
