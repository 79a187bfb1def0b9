/** Probabilities of predictions as levels of one byte, small enough to store and send for every cell of a plane. */

const levels = 254;

/** Level of a share: 1 to 254, below 128 exactly when the share is below a half; 0 where the share is NaN. */
export function levelOf(share: number): number {
  if (Number.isNaN(share)) return 0;
  return 1 + Math.max(0, Math.min(levels - 1, Math.floor(share * levels)));
}

/**
 * Share that a level represents: the middle of the level's shares, but 0 and 1 at the ends, because networks become certain and
 * values beyond a range are clamped to it. `levelOf` returns to the same level. NaN for level 0.
 */
export function shareOf(level: number): number {
  if (level === 0) return Number.NaN;
  if (level === 1 || level === levels) return level === 1 ? 0 : 1;
  return (level - 0.5) / levels;
}

/** Level of a value in a range. */
export function levelIn([low, high]: readonly [number, number], value: number): number {
  return levelOf((value - low) / (high - low));
}

/** Value that a level represents in a range; NaN for level 0. */
export function valueIn([low, high]: readonly [number, number], level: number): number {
  return low + shareOf(level) * (high - low);
}
