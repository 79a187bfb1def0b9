/**
 * Thinning to what the screen can show: of all points that fall on one column of pixels, the lowest and the highest are kept, in
 * their order. Peaks survive, and a chart costs the same after a million steps as after a thousand.
 */

export interface Point {
  x: number;
  y: number;
}

export interface Thinning {
  /** Right end of the step axis; the left end is 0. */
  end: number;
  /** Columns of pixels between the two. */
  pixels: number;
  /** Not measured at every frame: missing values are passed over, where they otherwise break the line. */
  sparse?: boolean;
}

/**
 * @param steps Rising; the first `count` are used.
 * @param at Value at a frame; what is not finite is missing.
 * @returns Points with x rising; y is NaN where the line breaks.
 */
export function thin(steps: Uint32Array, count: number, at: (frame: number) => number, options: Thinning): Point[] {
  const points: Point[] = [];
  const scale = options.pixels / Math.max(1, options.end);
  let column = -1;
  let low: Point | undefined;
  let high: Point | undefined;
  const flush = () => {
    if (low && high) {
      if (low === high) points.push(low);
      else if (low.x <= high.x) points.push(low, high);
      else points.push(high, low);
    }
    low = undefined;
    high = undefined;
  };
  for (let frame = 0; frame < count; frame++) {
    const x = steps[frame];
    const y = at(frame);
    if (!Number.isFinite(y)) {
      if (options.sparse) continue;
      flush();
      column = -1;
      if (points.length > 0 && !Number.isNaN(points[points.length - 1].y)) points.push({ x, y: Number.NaN });
      continue;
    }
    const here = Math.floor(x * scale);
    if (here !== column) {
      flush();
      column = here;
    }
    if (!low || y < low.y) low = { x, y };
    if (!high || y > high.y) high = y === low.y && x === low.x ? low : { x, y };
  }
  flush();
  return points;
}

export interface Spread {
  x: number;
  low: number;
  high: number;
}

/** The same for a band: the lowest low and the highest high of each column of pixels. NaN in both where the band breaks. */
export function thinBand(
  steps: Uint32Array,
  count: number,
  low: (frame: number) => number,
  high: (frame: number) => number,
  options: Thinning,
): Spread[] {
  const spreads: Spread[] = [];
  const scale = options.pixels / Math.max(1, options.end);
  let column = -1;
  for (let frame = 0; frame < count; frame++) {
    const x = steps[frame];
    const spread = { x, low: low(frame), high: high(frame) };
    if (!Number.isFinite(spread.low) || !Number.isFinite(spread.high)) {
      if (options.sparse) continue;
      column = -1;
      if (spreads.length > 0 && !Number.isNaN(spreads[spreads.length - 1].low)) {
        spreads.push({ x, low: Number.NaN, high: Number.NaN });
      }
      continue;
    }
    const here = Math.floor(x * scale);
    const last = spreads[spreads.length - 1];
    if (here === column && last) {
      last.x = x;
      last.low = Math.min(last.low, spread.low);
      last.high = Math.max(last.high, spread.high);
    } else {
      spreads.push(spread);
      column = here;
    }
  }
  return spreads;
}
