/** Draws the evidence of a verdict: every pair's difference, their mean with its interval, 0, and what is too small to matter. */
import type { Verdict } from '../src/protocol';
import { createSvg } from './dom';
import { formatPlain } from './format';

const [width, height, inset] = [320, 64, 16];
const axisY = 46;
const ringY = 18;
const radius = 3.5;

export interface PlotScale {
  low: number;
  high: number;
  ticks: number[];
}

/** What matters may be said as large as a number can be; an axis has to hold twice as much. */
function bandOf({ within, by }: Verdict['claim']): number {
  return Math.min(within ?? by, 1e300);
}

/** An axis that holds 0, all pairs, the interval, and the band. */
export function plotScale({ differences, interval, claim }: Verdict): PlotScale {
  const band = bandOf(claim);
  const numbers = [0, band, -band, ...differences.map(({ difference }) => difference), ...(interval ?? [])];
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const size = most - least || 1;
  const [low, high] = [least - 0.06 * size, most + 0.06 * size];
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) ticks.push(k * step);
  return { low, high, ticks };
}

/** @param factor From the metric's own unit to the one that is written, 100 for points of a percentage. */
export function verdictPlot(verdict: Verdict, label: string, factor: number): SVGElement {
  const scale = plotScale(verdict);
  const x = (value: number) => inset + ((width - 2 * inset) * (value - scale.low)) / (scale.high - scale.low);
  const { claim, interval, difference, differences } = verdict;
  const band = bandOf(claim);
  const parts: SVGElement[] = [];
  if (band > 0)
    parts.push(createSvg('rect', { class: 'band', x: x(-band), y: 4, width: x(band) - x(-band), height: axisY - 4 }));
  parts.push(
    createSvg('line', { class: 'axis', x1: inset, x2: width - inset, y1: axisY, y2: axisY }),
    createSvg('line', { class: 'zero', x1: x(0), x2: x(0), y1: 2, y2: axisY }),
  );
  for (const tick of scale.ticks) {
    parts.push(createSvg('line', { class: 'axis', x1: x(tick), x2: x(tick), y1: axisY, y2: axisY + 4 }));
    parts.push(createSvg('text', { x: x(tick), y: axisY + 16 }, formatPlain(factor * tick)));
  }
  for (const [row, value] of stacked(differences.map((pair) => x(pair.difference)))) {
    parts.push(createSvg('circle', { class: 'pair', cx: value, cy: ringY - 7 * row, r: radius }));
  }
  // Differences that are all the same have an interval without width.
  if (interval && interval[0] < interval[1]) {
    const [from, to] = interval.map(x);
    parts.push(createSvg('path', { class: 'interval', d: `M${from} 30v8M${from} 34H${to}M${to} 30v8` }));
  }
  if (difference !== null) {
    const centre = x(difference);
    parts.push(
      createSvg('path', { class: 'mean', d: `M${centre - 5} 34L${centre} 29L${centre + 5} 34L${centre} 39Z` }),
    );
  }
  return createSvg(
    'svg',
    { class: 'evidence', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    ...parts,
  );
}

/** Pairs that would lie on each other go on up to two further rows. */
function stacked(places: number[]): [row: number, place: number][] {
  const ends = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return places
    .toSorted((a, b) => a - b)
    .map((place) => {
      const free = ends.findIndex((end) => place - end >= 2 * radius);
      const row = free < 0 ? ends.indexOf(Math.min(...ends)) : free;
      ends[row] = place;
      return [row - 0.5 * Number(row === 2), place];
    });
}
