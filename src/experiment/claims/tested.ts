/** What a verdict is made of: a claim with its pairs, and what was computed of them. */

import type { Point } from '../../shared/sweep/grid';
import type { Claim } from '../schema';
import type { Pair } from './evidence';
import type { Left } from './ways';

export type Outcome = 'supported' | 'contradicted' | 'undecided';

/** A claim with its pairs, and what comes of them. */
export interface Tested extends Left {
  claim: Claim;
  pairs: Pair[];
  /** What the pairs share of the sweep. */
  point?: Point;
  difference: number | null;
  interval: [number, number] | null;
  p: number | null;
}
