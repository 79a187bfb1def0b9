/**
 * Marks of classes, the same everywhere: a colour, and a shape that is filled or hollow and does not depend on colour. The colours are
 * tokens of `base.css`, apart from those of the arms.
 */
import { createSvg } from '../view/dom';
import { type Marker, markerPath } from '../view/markers';

export interface ClassMark {
  marker: Marker;
  filled: boolean;
  /** A CSS expression. */
  colour: string;
}

/** Number of distinct colours; further classes reuse them, with other shapes. */
export const classColours = 10;

/** Adjacent classes differ in shape and fill. */
const marks: Omit<ClassMark, 'colour'>[] = [
  { marker: 'dot', filled: true },
  { marker: 'dot', filled: false },
  { marker: 'triangle', filled: true },
  { marker: 'square', filled: false },
  { marker: 'plus', filled: true },
  { marker: 'diamond', filled: false },
  { marker: 'square', filled: true },
  { marker: 'triangle', filled: false },
  { marker: 'diamond', filled: true },
  { marker: 'wedge', filled: false },
  { marker: 'wedge', filled: true },
  { marker: 'plus', filled: false },
];

/** Number of distinct marks; further classes reuse them. */
export const markCount = marks.length;

export function classMark(label: number): ClassMark {
  return { ...marks[label % marks.length], colour: `var(--class-${(label % classColours) + 1})` };
}

/** The mark in a line of text. */
export function classIcon(label: number): SVGElement {
  const { marker, filled, colour } = classMark(label);
  return createSvg(
    'svg',
    { class: 'class-mark', width: 10, height: 12, 'aria-hidden': 'true' },
    createSvg('path', {
      d: markerPath(marker, 5, 6, 3.75),
      fill: filled ? colour : 'var(--bg)',
      stroke: colour,
      'stroke-width': 1.25,
    }),
  );
}
