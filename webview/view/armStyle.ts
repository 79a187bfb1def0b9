/**
 * Colour, dash and marker of each arm, the same everywhere, by the arm's position in the experiment. Colours are CSS expressions over
 * the tokens in `panel.css`.
 */
import { createSvg } from './dom';
import { type Marker, markerPath } from './markers';

export interface ArmStyle {
  colour: string;
  /** Lengths of line and gap in pixels; empty for a solid line. */
  dash: number[];
  marker: Marker;
}

const markers: Marker[] = ['triangle', 'dot', 'square', 'diamond', 'wedge', 'plus'];
const dashes = [[5, 3], [], [1.5, 3], [8, 3, 2, 3], [10, 4], [3, 2]];
const colours = 6;

/** Colours repeat after six arms, with different markers and dashes. */
export function armStyle(place: number): ArmStyle {
  const round = Math.floor(place / colours);
  return {
    colour: `var(--arm-${(place % colours) + 1})`,
    dash: dashes[(place + round) % dashes.length],
    marker: markers[(place + 2 * round) % markers.length],
  };
}

/**
 * Colour of a layer in an arm's ramp, from the text's colour (shallow) to the arm's (deep).
 * @param depth 0 for the first of the layers, 1 for the last.
 */
export function rampColour(style: ArmStyle, depth: number): string {
  // not translated: CSS
  return `color-mix(in oklab, ${style.colour} ${Math.round(12 + 88 * depth ** 0.8)}%, var(--fg))`;
}

/** A sample of the arm's line with its marker, for the legend. */
export function armLine(style: ArmStyle): SVGElement {
  return createSvg(
    'svg',
    { width: 28, height: 12, 'aria-hidden': 'true' },
    createSvg('line', {
      x1: 0,
      x2: 28,
      y1: 6,
      y2: 6,
      stroke: style.colour,
      'stroke-width': 1.6,
      'stroke-dasharray': style.dash.join(' '),
    }),
    createSvg('path', {
      d: markerPath(style.marker, 14, 6, 4),
      fill: style.colour,
      stroke: 'var(--bg)',
      'stroke-width': 2,
      'paint-order': 'stroke',
    }),
  );
}

/** The arm's marker alone. */
export function armMarker(style: ArmStyle): SVGElement {
  return createSvg(
    'svg',
    { width: 10, height: 12, 'aria-hidden': 'true' },
    createSvg('path', { d: markerPath(style.marker, 5, 6, 4), fill: style.colour }),
  );
}

/** A short piece of line in any colour. */
export function lineSwatch(colour: string, width: number): SVGElement {
  return createSvg(
    'svg',
    { width: 8, height: 12, 'aria-hidden': 'true' },
    createSvg('line', { x1: 0, x2: 8, y1: 6, y2: 6, stroke: colour, 'stroke-width': width }),
  );
}

/** Two dots, for values that are drawn as points. */
export function dotsSwatch(colour: string): SVGElement {
  return createSvg(
    'svg',
    { width: 12, height: 12, 'aria-hidden': 'true' },
    createSvg('circle', { cx: 3, cy: 8, r: 1.5, fill: colour }),
    createSvg('circle', { cx: 8, cy: 4, r: 1.5, fill: colour }),
  );
}

/** A small sample of the ramp of layers. */
export function rampSwatch(style: ArmStyle): SVGElement {
  const parts = Array.from({ length: 6 }, (_, part) =>
    createSvg('rect', { x: part * 8, width: 8, height: 8, fill: rampColour(style, part / 5) }),
  );
  return createSvg('svg', { class: 'ramp', width: 48, height: 8, 'aria-hidden': 'true' }, ...parts);
}
