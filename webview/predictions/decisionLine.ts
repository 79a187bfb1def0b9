/**
 * The boundary between the most probable classes of the cells of a plane, by marching squares. Between two cells of different classes,
 * the position follows from how far each class leads.
 */
import type { Prediction } from '../session/predictionRows';

export interface Point {
  /** Columns from the middle of the first cell. */
  x: number;
  /** Rows from the middle of the first cell. */
  y: number;
}

export type Segment = [from: Point, to: Point];

export function decisionLine(cells: readonly Prediction[], columns: number, rows: number): Segment[] {
  const segments: Segment[] = [];
  // Extends the outermost cells, so that the line reaches the edge.
  const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  const placed = (value: number, count: number) => Math.max(-0.5, Math.min(count - 0.5, value));
  for (let row = -1; row < rows; row++) {
    for (let column = -1; column < columns; column++) {
      const at = (dx: number, dy: number) => ({
        x: placed(column + dx, columns),
        y: placed(row + dy, rows),
        prediction: cells[clamp(row + dy, rows) * columns + clamp(column + dx, columns)],
      });
      const corners = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
      const crossings: Point[] = [];
      corners.forEach((corner, k) => {
        const next = corners[(k + 1) % 4];
        const crossing = crossed(corner.prediction, next.prediction);
        if (crossing === null) return;
        crossings.push({
          x: corner.x + crossing * (next.x - corner.x),
          y: corner.y + crossing * (next.y - corner.y),
        });
      });
      if (crossings.length === 2) {
        segments.push([crossings[0], crossings[1]]);
      } else if (crossings.length > 2) {
        // Three or more classes meet: the segments join at the mean of their crossings.
        const middle = {
          x: crossings.reduce((sum, { x }) => sum + x, 0) / crossings.length,
          y: crossings.reduce((sum, { y }) => sum + y, 0) / crossings.length,
        };
        for (const crossing of crossings) segments.push([crossing, middle]);
      }
    }
  }
  return segments;
}

/** Position of the boundary between two adjacent cells, 0 to 1; null without a boundary. */
function crossed(a: Prediction, b: Prediction): number | null {
  if (a.top === b.top || a.top < 0 || b.top < 0) return null;
  const both = a.ahead + b.ahead;
  return both > 0 ? a.ahead / both : 0.5;
}
