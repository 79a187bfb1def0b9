/**
 * Strokes of the digits 0 to 9, in several styles each. A glyph is in a box: x from 0 (left) to 1 (right),
 * y from 0 (top) to 1 (bottom). A stroke runs smoothly through its knots, except at corners.
 */
import { cos, sin } from '../../math';

export interface Knot {
  x: number;
  y: number;
  /** The stroke turns sharply here. */
  corner: boolean;
}

export type Stroke = readonly Knot[];
/** One way of writing a digit. */
export type Glyph = readonly Stroke[];

type Point = readonly [number, number];

function smooth(...points: Point[]): Knot[] {
  return points.map(([x, y]) => ({ x, y, corner: false }));
}

function angular(...points: Point[]): Knot[] {
  return points.map(([x, y]) => ({ x, y, corner: true }));
}

/**
 * Part of an ellipse around (x, y), from one angle to another in turns: 0 is right, 0.25 down, 0.5 left, 0.75 up.
 * From the smaller to the larger it goes clockwise, as seen on the page.
 */
function arc(x: number, y: number, across: number, down: number, from: number, to: number): Knot[] {
  const pieces = Math.max(2, Math.ceil(Math.abs(to - from) * 8));
  return Array.from({ length: pieces + 1 }, (_, k) => {
    const angle = 2 * Math.PI * (from + ((to - from) * k) / pieces);
    return { x: x + across * cos(angle), y: y + down * sin(angle), corner: false };
  });
}

/** By digit. Each of a digit's styles is equally likely. */
export const glyphs: readonly (readonly Glyph[])[] = [
  [
    [arc(0.5, 0.5, 0.46, 0.5, 0.75, -0.25)],
    [arc(0.5, 0.5, 0.34, 0.5, 0.75, -0.25)],
    // Starts at the upper right and closes with a small overlap.
    [arc(0.5, 0.5, 0.42, 0.48, 0.88, -0.2)],
  ],
  [
    [angular([0.5, 0], [0.5, 1])],
    [angular([0.28, 0.22], [0.54, 0], [0.54, 1])],
    [angular([0.26, 0.24], [0.52, 0], [0.52, 1]), angular([0.24, 1], [0.8, 1])],
  ],
  [
    [
      [
        ...smooth([0.08, 0.24], [0.22, 0.05], [0.52, 0], [0.82, 0.12], [0.84, 0.36], [0.6, 0.64]),
        ...angular([0.06, 1], [0.94, 1]),
      ],
    ],
    // With a loop at the foot.
    [
      smooth(
        [0.1, 0.2],
        [0.3, 0.03],
        [0.62, 0.02],
        [0.84, 0.22],
        [0.7, 0.55],
        [0.4, 0.88],
        [0.16, 0.98],
        [0.08, 0.86],
        [0.22, 0.78],
        [0.5, 0.92],
        [0.74, 1],
        [0.96, 0.92],
      ),
    ],
    [[...arc(0.48, 0.28, 0.4, 0.28, 0.5, 1.08), ...angular([0.08, 1], [0.92, 1])]],
  ],
  [
    [
      [
        ...smooth([0.1, 0.14], [0.32, 0], [0.66, 0.03], [0.8, 0.22], [0.66, 0.42]),
        ...angular([0.36, 0.47]),
        ...smooth([0.72, 0.54], [0.9, 0.74], [0.72, 0.96], [0.36, 1], [0.06, 0.86]),
      ],
    ],
    // With a flat top.
    [
      [
        ...angular([0.1, 0.02], [0.82, 0.02], [0.42, 0.42]),
        ...smooth([0.76, 0.48], [0.9, 0.7], [0.74, 0.94], [0.38, 1], [0.06, 0.88]),
      ],
    ],
  ],
  [
    // Open.
    [angular([0.2, 0.02], [0.1, 0.56], [0.94, 0.56]), angular([0.72, 0.08], [0.68, 1])],
    // Closed.
    [angular([0.66, 1], [0.66, 0], [0.04, 0.66], [0.96, 0.66])],
    [
      [...smooth([0.14, 0.04], [0.08, 0.34], [0.18, 0.52], [0.46, 0.54]), ...angular([0.84, 0.46])],
      angular([0.82, 0.02], [0.76, 1]),
    ],
  ],
  [
    [
      [
        ...angular([0.88, 0.02], [0.2, 0.02], [0.14, 0.44]),
        ...smooth([0.5, 0.36], [0.82, 0.48], [0.9, 0.7], [0.74, 0.94], [0.4, 1], [0.06, 0.9]),
      ],
    ],
    // With the bar drawn last and the back bent.
    [
      [
        ...smooth([0.24, 0.04], [0.18, 0.22]),
        ...angular([0.18, 0.44]),
        ...smooth([0.48, 0.4], [0.8, 0.52], [0.82, 0.8], [0.54, 0.99], [0.1, 0.94]),
      ],
      angular([0.22, 0.04], [0.92, 0]),
    ],
  ],
  [
    [
      smooth(
        [0.76, 0.02],
        [0.44, 0.16],
        [0.18, 0.44],
        [0.12, 0.72],
        [0.26, 0.96],
        [0.6, 1],
        [0.86, 0.82],
        [0.78, 0.58],
        [0.5, 0.5],
        [0.24, 0.62],
        [0.14, 0.76],
      ),
    ],
    // With a straight stem.
    [[...angular([0.58, 0]), ...smooth([0.2, 0.58]), ...arc(0.5, 0.75, 0.35, 0.25, 0.52, -0.48)]],
    [[...smooth([0.86, 0.12], [0.62, 0], [0.3, 0.12], [0.12, 0.46]), ...arc(0.5, 0.7, 0.38, 0.3, 0.5, -0.5)]],
  ],
  [
    [angular([0.06, 0.02], [0.92, 0.02], [0.36, 1])],
    // With a bar.
    [angular([0.06, 0.02], [0.92, 0.02], [0.4, 1]), angular([0.3, 0.52], [0.82, 0.52])],
    [[...angular([0.06, 0.16], [0.12, 0.02], [0.9, 0.02]), ...smooth([0.64, 0.34], [0.46, 0.68], [0.42, 1])]],
  ],
  [
    [
      smooth(
        [0.78, 0.14],
        [0.5, 0],
        [0.2, 0.14],
        [0.26, 0.36],
        [0.5, 0.5],
        [0.8, 0.66],
        [0.8, 0.9],
        [0.5, 1],
        [0.2, 0.9],
        [0.2, 0.66],
        [0.5, 0.5],
        [0.76, 0.34],
        [0.78, 0.14],
      ),
    ],
    // Two rings.
    [arc(0.5, 0.24, 0.3, 0.24, 0.25, 1.25), arc(0.5, 0.74, 0.4, 0.26, -0.25, 0.75)],
  ],
  [
    [[...arc(0.46, 0.28, 0.36, 0.28, -0.02, -1.02), ...angular([0.82, 0.26], [0.74, 1])]],
    // With a bent tail.
    [[...arc(0.48, 0.3, 0.36, 0.3, 0, -1), ...smooth([0.82, 0.6], [0.66, 0.92], [0.36, 1], [0.14, 0.9])]],
    [
      [
        ...smooth([0.84, 0.14], [0.5, 0], [0.16, 0.16], [0.16, 0.42], [0.5, 0.5]),
        ...angular([0.84, 0.14]),
        ...smooth([0.82, 0.6], [0.6, 1]),
      ],
    ],
  ],
];
