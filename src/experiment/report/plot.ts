/** Draws the evidence of a verdict as SVG and as lines of characters. */
import * as l10n from '@vscode/l10n';
import { formatPlain, formatResult } from '../../shared/numbers';
import { visible } from '../../shared/text';
import { bandOf, verdictAxis, verdictShapes } from '../../shared/verdictPlot';
import type { Verdict } from '../claims/verdict';
import { hasWidth } from './report';

/** @param label Plain text. */
export function plotSvg(verdict: Verdict, label: string): string {
  const { viewBox, shapes } = verdictShapes(verdict, 'wide', formatPlain);
  const elements = shapes.map(([tag, attributes, text = '']) => {
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
    return `<${tag}${written.join('')}>${escaped(text)}</${tag}>`;
  });
  return markup`<svg class="evidence" viewBox="${viewBox}" role="img" aria-label="${escaped(label)}">${elements.join('')}</svg>`;
}

/** Joins the parts of HTML or CSS without changing them: callers escape their text. */
export const markup = String.raw;

/** Escapes text for HTML, including attributes. */
export function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return visible(text).replace(/[&<>"']/g, (character) => names[character]);
}

const columns = 61;

/** Draws two lines of characters: the interval with its mean, and below it 0 and the band of differences too small to matter. */
export function plotText(verdict: Verdict): string[] {
  const { interval, difference } = verdict;
  if (difference === null) return [];
  const { low, high } = verdictAxis(verdict);
  const column = (value: number) => Math.round(((columns - 1) * (value - low)) / (high - low));
  const line = Array<string>(columns).fill(' ');
  if (hasWidth(interval)) {
    const [from, to] = interval.map(column);
    for (let k = from; k <= to; k++) line[k] = '─';
    line[from] = '├';
    line[to] = '┤';
  }
  line[column(difference)] = '◆';
  const axis = Array<string>(columns).fill('·');
  const band = bandOf(verdict);
  if (band > 0) for (let k = column(-band); k <= column(band); k++) axis[k] = '▒';
  axis[column(0)] = '0';
  return [
    line.join('').trimEnd(),
    `${axis.join('')}  ${l10n.t`${formatResult(low)} to ${formatResult(high)}`}${band > 0 ? `, ▒ ±${band}` : ''}`,
  ];
}
