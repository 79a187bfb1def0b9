/**
 * Frames become fewer, as the host's do (src/runs/frameHistory.ts), and lose nothing that a chart would show: the first and the
 * newest stay as they are, and of every stretch of steps between them each channel's least and largest value, in the order in
 * which they came. Stretches are of equal length whatever was thinned before, so that old frames do not fade with every round.
 */

/** @returns Where each stretch begins among the frames, and, last, where the newest frame stands. */
function stretchesOf(steps: Uint32Array, count: number, most: number): number[] {
  const length = Math.max(1, (steps[count - 1] - steps[0]) / most);
  const begins: number[] = [];
  let stretch = -1;
  for (let frame = 1; frame < count - 1; frame++) {
    const here = Math.floor((steps[frame] - steps[0]) / length);
    if (here !== stretch) begins.push(frame);
    stretch = here;
  }
  return [...begins, count - 1];
}

/**
 * Thins the first `count` frames where they stand.
 * @param columns The values of each channel.
 * @param stretches That many at most, each of two frames at most.
 * @returns How many frames there are now.
 */
export function thinFrames(steps: Uint32Array, columns: Float32Array[], count: number, stretches: number): number {
  const begins = stretchesOf(steps, count, stretches);
  for (const column of columns) thinColumn(column, begins);
  let left = 1;
  for (let k = 0; k + 1 < begins.length; k++) {
    const [from, to] = [begins[k], begins[k + 1]];
    const middle = steps[(from + to) >> 1];
    steps[left++] = steps[from];
    if (to - from > 1) steps[left++] = middle;
  }
  steps[left++] = steps[count - 1];
  return left;
}

function thinColumn(column: Float32Array, begins: number[]): void {
  let left = 1;
  for (let k = 0; k + 1 < begins.length; k++) {
    const [from, to] = [begins[k], begins[k + 1]];
    let least = from;
    let largest = from;
    for (let frame = from + 1; frame < to; frame++) {
      // What was not measured is NaN, and gives way to any number.
      if (column[frame] < column[least] || Number.isNaN(column[least])) least = frame;
      if (column[frame] > column[largest] || Number.isNaN(column[largest])) largest = frame;
    }
    const [first, second] = [column[Math.min(least, largest)], column[Math.max(least, largest)]];
    column[left++] = first;
    if (to - from > 1) column[left++] = second;
  }
  column[left] = column[begins[begins.length - 1]];
}
