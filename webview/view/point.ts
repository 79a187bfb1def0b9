/** The displayed point of a sweep, and how its runs are found. */
import { cellKey } from '../../src/shared/sweep/cells';
import type { Axis, Point } from '../../src/shared/sweep/grid';

/** Positions of a point on the axes, in order. */
export type Places = number[];

/** Key of a run by arm, point and seed. */
export function runKey(arm: string, point: Point, axes: readonly Axis[], seed: number): string {
  return `${cellKey(arm, point, axes)} ${seed}`;
}

/** The selected positions if they are valid, otherwise the first of each axis. */
export function soundPlaces(axes: readonly Axis[], chosen: Places | null): Places {
  return axes.map(({ values }, k) => {
    const place = chosen?.[k];
    return place !== undefined && place < values.length ? place : 0;
  });
}
