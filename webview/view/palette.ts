/**
 * Colours of heat maps: viridis (van der Walt & Smith, 2015), whose steps look equally large to every colour vision and in grey.
 * It is the same in every theme, so a number has one colour.
 */
import { createSvg } from './dom';

type Colour = readonly [red: number, green: number, blue: number];

/** At equal distances; between them, colours are interpolated. */
const stops: readonly Colour[] = [
  [68, 1, 84],
  [71, 45, 123],
  [59, 82, 139],
  [44, 114, 142],
  [33, 145, 140],
  [40, 174, 128],
  [94, 201, 98],
  [173, 220, 48],
  [253, 231, 37],
];

/** @param level From 0 (dark) to 1 (bright). */
export function paletteColour(level: number): Colour {
  const at = Math.max(0, Math.min(1, level)) * (stops.length - 1);
  const place = Math.min(stops.length - 2, Math.floor(at));
  const [from, to] = [stops[place], stops[place + 1]];
  const mixed = (k: number) => Math.round(from[k] + (to[k] - from[k]) * (at - place));
  return [mixed(0), mixed(1), mixed(2)];
}

/** Many drawings need few colours: `rgb(…)` of the nearest of these levels. */
const levels = 32;
const written = Array.from({ length: levels + 1 }, (_, k) => `rgb(${paletteColour(k / levels).join(', ')})`);

export function paletteFill(level: number): string {
  return written[Math.round(Math.max(0, Math.min(1, level)) * levels)];
}

/** Ends of the part of the palette whose colours have a contrast of 3:1 with a dark or a light background. */
const lineLevels = { dark: [0.4, 1], light: [0.55, 0] } as const;

/**
 * `rgb(…)` of a line, which must be clear on the background: brighter is better on a dark background, darker on a light one.
 * @param level From 0 (worst) to 1 (best).
 */
export function lineFill(level: number, background: keyof typeof lineLevels): string {
  const [worst, best] = lineLevels[background];
  return paletteFill(worst + (best - worst) * Math.max(0, Math.min(1, level)));
}

/** Relative luminance, from 0 to 1 (WCAG 2). */
export function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Luminance at which black and white text have the same contrast. */
const middle = 0.179;

/** Colours a table cell and its text; without a level it has those of the page. */
export function paintCell(cell: HTMLElement, level: number | null): void {
  const colour = level === null ? null : paletteColour(level);
  const values = colour
    ? [`rgb(${colour.join(' ')})`, luminance(colour) > middle ? 'black' : 'white']
    : ['transparent', 'inherit'];
  for (const [k, name] of ['--cell', '--ink'].entries()) {
    if (cell.style.getPropertyValue(name) !== values[k]) cell.style.setProperty(name, values[k]);
  }
}

/** Rectangles of a colour bar. */
const parts = 16;
const partWidth = 4;

/** Colour and horizontal place of each part of a bar of the given width. */
export function barParts(width: number, fill = paletteFill): { x: number; width: number; fill: string }[] {
  return Array.from({ length: parts }, (_, k) => ({
    x: (k * width) / parts,
    width: width / parts,
    fill: fill(k / (parts - 1)),
  }));
}

/** A colour bar without its numbers. */
export function colourBar(fill = paletteFill): SVGElement {
  const width = parts * partWidth;
  const rectangles = barParts(width, fill).map((part) => createSvg('rect', { ...part, y: 0, height: 10 }));
  return createSvg('svg', { class: 'colour-bar', width, height: 10, 'aria-hidden': 'true' }, ...rectangles);
}
