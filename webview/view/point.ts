/** Which point of a sweep is shown, and how its runs are found. */
import { cellKey } from '../../src/shared/sweep/cells';
import type { Axis, Point } from '../../src/shared/sweep/grid';

/** Places of a point on the axes, in their order. */
export type Places = number[];

/** The key under which a run of an arm, at a point, with a seed, is found. */
export function runKey(arm: string, point: Point, axes: readonly Axis[], seed: number): string {
  return `${cellKey(arm, point, axes)} ${seed}`;
}

/** The chosen places where there are such, else the first of each axis. */
export function soundPlaces(axes: readonly Axis[], chosen: Places | null): Places {
  return axes.map(({ values }, k) => {
    const place = chosen?.[k];
    return place !== undefined && place < values.length ? place : 0;
  });
}
