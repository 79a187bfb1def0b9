/** The evidence of a verdict, drawn: every pair, their mean with its interval, 0, and what is too small to matter. */
import { visible } from '../../shared/text';
import type { Verdict } from '../claims/verdict';
import { plainNumber } from './report';

export interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

/** Of the differences that are drawn; empty where there are none. */
function drawn({ differences, interval, claim }: Verdict): number[] {
  const band = claim.within ?? claim.by;
  return [0, band, -band, ...differences.map(({ difference }) => difference), ...(interval ?? [])];
}

export function scaleOf(verdict: Verdict): Scale {
  const numbers = drawn(verdict);
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  const size = most - least || 1;
  const [low, high] = [least - 0.06 * size, most + 0.06 * size];
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) ticks.push(Number((k * step).toPrecision(12)));
  return { low, high, ticks };
}

const [width, height, inset] = [640, 96, 24];
const axisY = 70;
const meanY = 54;
const pairY = 30;
const radius = 3.5;

/** As SVG with classes alone: whoever puts it into a page says what they look like. @param label Plain text. */
export function plotSvg(verdict: Verdict, label: string): string {
  const { low, high, ticks } = scaleOf(verdict);
  const x = (value: number) => (inset + ((width - 2 * inset) * (value - low)) / (high - low)).toFixed(1);
  const { claim, interval, difference, differences } = verdict;
  const band = claim.within ?? claim.by;
  const parts: string[] = [];
  if (band > 0) {
    const from = Number(x(-band));
    parts.push(
      `<rect class="band" x="${from}" y="4" width="${(Number(x(band)) - from).toFixed(1)}" height="${axisY - 4}"/>`,
    );
  }
  parts.push(`<line class="axis" x1="${inset}" x2="${width - inset}" y1="${axisY}" y2="${axisY}"/>`);
  parts.push(`<line class="zero" x1="${x(0)}" x2="${x(0)}" y1="2" y2="${axisY}"/>`);
  for (const tick of ticks) {
    parts.push(`<line class="axis" x1="${x(tick)}" x2="${x(tick)}" y1="${axisY}" y2="${axisY + 4}"/>`);
    parts.push(`<text x="${x(tick)}" y="${axisY + 18}">${escaped(plainNumber(tick))}</text>`);
  }
  const ends = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const at of differences.map((pair) => Number(x(pair.difference))).sort((a, b) => a - b)) {
    // Pairs that would lie on each other go on up to two further rows.
    const free = ends.findIndex((end) => at - end >= 2 * radius);
    const row = free < 0 ? ends.indexOf(Math.min(...ends)) : free;
    ends[row] = at;
    parts.push(`<circle class="pair" cx="${at}" cy="${pairY - 9 * row}" r="${radius}"/>`);
  }
  if (interval) {
    const [from, to] = interval.map(x);
    parts.push(`<path class="interval" d="M${from} ${meanY - 5}v10M${from} ${meanY}H${to}M${to} ${meanY - 5}v10"/>`);
  }
  if (difference !== null) {
    parts.push(`<path class="mean" d="M${x(difference)} ${meanY - 6}l6 6l-6 6l-6 -6Z"/>`);
  }
  return `<svg class="evidence" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">${parts.join('')}</svg>`;
}

/** Text as it may stand in HTML, in an attribute too. */
export function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return visible(text).replace(/[&<>"']/g, (character) => names[character]);
}

const columns = 61;

/** As two lines of characters: the interval with its mean, above 0 and what is too small to matter. */
export function plotText(verdict: Verdict): string[] {
  const { interval, difference, claim } = verdict;
  if (difference === null) return [];
  const { low, high } = scaleOf(verdict);
  const column = (value: number) => Math.round(((columns - 1) * (value - low)) / (high - low));
  const line = Array<string>(columns).fill(' ');
  if (interval) {
    const [from, to] = interval.map(column);
    for (let k = from; k <= to; k++) line[k] = '─';
    line[from] = '├';
    line[to] = '┤';
  }
  line[column(difference)] = '◆';
  const axis = Array<string>(columns).fill('·');
  const band = claim.within ?? claim.by;
  if (band > 0) for (let k = column(-band); k <= column(band); k++) axis[k] = '▒';
  axis[column(0)] = '0';
  return [
    line.join('').trimEnd(),
    `${axis.join('')}  ${plainNumber(low)} to ${plainNumber(high)}${band > 0 ? `, ▒ ±${band}` : ''}`,
  ];
}
