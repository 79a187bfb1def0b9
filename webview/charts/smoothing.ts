/**
 * Smoothing of a line: at each step the mean of all values in a window that reaches equally far to both sides. So what is
 * smoothed is not late, as it is with an exponential average, and a bend stays where it is. Toward the ends the window
 * narrows to what there is on both sides: the first and the newest value are as they were measured, and the last half window
 * still settles while values come in.
 */
import type { Frames } from '../../src/shared/frameColumns';

/** @param window Steps from its one end to the other. */
export function smoothed(frames: Frames, at: (frame: number) => number, window: number): (frame: number) => number {
  const { steps, count } = frames;
  const raw = Float64Array.from({ length: count }, (_, frame) => at(frame));
  const first = raw.findIndex(Number.isFinite);
  const last = raw.findLastIndex(Number.isFinite);
  const values = new Float64Array(count).fill(Number.NaN);
  let low = 0;
  for (let frame = 0; frame < count; frame++) {
    if (!Number.isFinite(raw[frame])) continue;
    const reach = Math.min(window / 2, steps[frame] - steps[first], steps[last] - steps[frame]);
    // The window's beginning only moves forward.
    while (steps[low] < steps[frame] - reach) low++;
    let sum = 0;
    let measured = 0;
    // Added up anew each time: of running sums, what once was huge would leave nothing but rounding behind it.
    for (let k = low; k < count && steps[k] <= steps[frame] + reach; k++) {
      if (!Number.isFinite(raw[k])) continue;
      sum += raw[k];
      measured++;
    }
    values[frame] = sum / measured;
  }
  return (frame) => values[frame] ?? Number.NaN;
}
