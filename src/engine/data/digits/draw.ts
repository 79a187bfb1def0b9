/** Strokes become grey pixels: curves through their knots, then the share of each pixel that the pen covers. */
import type { Knot, Stroke } from './strokes';

/** A path of straight pieces: x0, y0, x1, y1, … in pixels; the middle of the first pixel is at (0, 0). */
export type Path = readonly number[];

/** Straight pieces between two knots of a curve. */
const pieces = 5;

/**
 * The stroke as a path: a Catmull–Rom spline from corner to corner, straight where two corners meet.
 */
export function pathOf(stroke: Stroke): number[] {
  const path: number[] = [stroke[0].x, stroke[0].y];
  for (let k = 0; k + 1 < stroke.length; k++) {
    const from = stroke[k];
    const to = stroke[k + 1];
    if (from.corner && to.corner) {
      path.push(to.x, to.y);
      continue;
    }
    // Beyond a corner or an end the curve knows of nothing.
    const before = from.corner || k === 0 ? from : stroke[k - 1];
    const after = to.corner || k + 2 === stroke.length ? to : stroke[k + 2];
    for (let piece = 1; piece <= pieces; piece++) {
      const t = piece / pieces;
      path.push(between(before, from, to, after, 'x', t), between(before, from, to, after, 'y', t));
    }
  }
  return path;
}

/** The cubic that has at `from` and `to` the slopes (to − before) / 2 and (after − from) / 2. */
function between(before: Knot, from: Knot, to: Knot, after: Knot, axis: 'x' | 'y', t: number): number {
  const [a, b, c, d] = [before[axis], from[axis], to[axis], after[axis]];
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/**
 * Draws a path with a round pen into grey pixels [size × size], row by row, where 0 is black. A pixel gets `ink` where
 * its middle lies within the pen, nothing from one pixel farther out, and a share between; lines that cross don't add up.
 * @param radius Half the pen's width in pixels, taken to the middle of its soft edge.
 */
export function draw(path: Path, radius: number, ink: number, pixels: Float32Array, size: number): void {
  const reach = radius + 0.5;
  for (let k = 0; k + 3 < path.length; k += 2) {
    const [x0, y0, x1, y1] = [path[k], path[k + 1], path[k + 2], path[k + 3]];
    const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach));
    const bottom = Math.min(size - 1, Math.floor(Math.max(y0, y1) + reach));
    const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach));
    const right = Math.min(size - 1, Math.floor(Math.max(x0, x1) + reach));
    const [dx, dy] = [x1 - x0, y1 - y0];
    const square = dx * dx + dy * dy;
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        // The nearest point of the piece, from 0 at its beginning to 1 at its end.
        const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / square));
        const [offX, offY] = [x - x0 - along * dx, y - y0 - along * dy];
        const distance = Math.sqrt(offX * offX + offY * offY);
        const grey = ink * Math.min(1, reach - distance);
        const pixel = y * size + x;
        if (grey > pixels[pixel]) pixels[pixel] = grey;
      }
    }
  }
}
