/** Marks of classes: shapes, filled or hollow, independent of colour. */
import { createSvg } from '../view/dom';
import { type Marker, markerPath } from '../view/markers';

export interface ClassMark {
  marker: Marker;
  filled: boolean;
}

/** Adjacent classes differ in shape and fill. */
const marks: ClassMark[] = [
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
  return marks[label % marks.length];
}

/** The mark in a line of text. */
export function classIcon(label: number): SVGElement {
  const { marker, filled } = classMark(label);
  return createSvg(
    'svg',
    { width: 10, height: 12, 'aria-hidden': 'true' },
    createSvg('path', {
      d: markerPath(marker, 5, 6, 3.75),
      fill: filled ? 'var(--fg)' : 'var(--bg)',
      stroke: 'var(--fg)',
      'stroke-width': 1.25,
    }),
  );
}
