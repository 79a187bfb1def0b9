/**
 * Digits written by nobody: 28×28 grey pixels, black 0, white 1. Features [count × 784], row by row from the top left.
 * Each is a glyph of its digit, its knots moved a little, then slanted, turned, stretched, put somewhere about the
 * middle and drawn with a pen of some width and brightness. The noise is added to every pixel and nothing is cut off,
 * so that its standard deviation is what was asked for: with noise, some pixels lie a little below 0 or above 1.
 * The ranges are such that no linear classifier gets 95 % of them right, and a small net more than 98 %.
 */
import { cos, sin } from '../../math';
import type { RandomStream, Streams } from '../../random';
import type { DigitsSource } from '../dataSpecification';
import type { Dataset } from '../dataset';
import { generated } from '../generated';
import { draw, pathOf } from './draw';
import { type Glyph, glyphs, type Stroke } from './strokes';

/** Pixels along each side. */
const size = 28;

/** How far digits differ from one another. Lengths in pixels, angles in radians; a range is drawn from evenly. */
const variety = {
  /** Standard deviation of the knots' places, in widths and heights of the glyph. */
  knots: 0.025,
  width: [9, 16],
  height: [15, 21],
  /** How far the top leans to the right, in heights. */
  slant: [-0.15, 0.4],
  turn: [-0.15, 0.15],
  /** Off the middle, across and down. */
  place: [-2.5, 2.5],
  /** Half the pen's width. */
  radius: [0.7, 1.5],
  ink: [0.7, 1],
} as const;

export function digits({ train, test, noise }: DigitsSource, stream: Streams): Dataset {
  return generated(
    {
      train,
      test,
      classNames: glyphs.map((_, digit) => String(digit)),
      featureCount: size * size,
      featureNames: [],
      image: { width: size, height: size, channels: 1 },
      draw(label, random, row) {
        const styles = glyphs[label];
        write(styles[random.integer(styles.length)], random, row);
        for (let k = 0; k < row.length; k++) row[k] += noise * random.normal();
      },
    },
    stream,
  );
}

/** Writes a glyph in a hand of its own. */
function write(glyph: Glyph, random: RandomStream, pixels: Float32Array): void {
  const some = ([low, high]: readonly [number, number]) => random.uniformBetween(low, high);
  const width = some(variety.width);
  const height = some(variety.height);
  const slant = some(variety.slant);
  const turn = some(variety.turn);
  const middleX = (size - 1) / 2 + some(variety.place);
  const middleY = (size - 1) / 2 + some(variety.place);
  const radius = some(variety.radius);
  const ink = some(variety.ink);
  const [across, down] = [cos(turn), sin(turn)];

  const placed = (stroke: Stroke): Stroke =>
    stroke.map(({ x, y, corner }) => {
      const fromMiddleY = height * (y - 0.5 + variety.knots * random.normal());
      const fromMiddleX = width * (x - 0.5 + variety.knots * random.normal()) - slant * fromMiddleY;
      return {
        x: middleX + across * fromMiddleX - down * fromMiddleY,
        y: middleY + down * fromMiddleX + across * fromMiddleY,
        corner,
      };
    });
  for (const stroke of glyph) draw(pathOf(placed(stroke)), radius, ink, pixels, size);
}
