/**
 * Smooths a line: at each step, the mean of all values in a centred window. Unlike an exponential average it does not lag, and bends
 * stay in place. Toward the ends the window narrows so that it stays centred: the first and the latest value are as measured, and the
 * last half window still changes while values arrive.
 */
import type { Frames } from '../../src/shared/frameColumns';

/** @param window Width of the window in steps. */
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
    // The start of the window only moves forward.
    while (steps[low] < steps[frame] - reach) low++;
    let sum = 0;
    let measured = 0;
    // Summed again each time, because a running sum keeps the rounding errors of earlier large values.
    for (let k = low; k < count && steps[k] <= steps[frame] + reach; k++) {
      if (!Number.isFinite(raw[k])) continue;
      sum += raw[k];
      measured++;
    }
    values[frame] = sum / measured;
  }
  return (frame) => values[frame] ?? Number.NaN;
}
