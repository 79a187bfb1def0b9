/** All values of a chart at a step, for the tooltip and for screen readers. */
import * as l10n from '@vscode/l10n';
import { formatCount } from '../../src/shared/numbers';
import { placeInWords } from '../view/period';
import type { TooltipRow } from '../view/tooltip';
import { type Band, type ChartContent, type Series, type Swatch, valueAt } from './content';
import { wordsOf } from './names';
import { formatReading, swatchElement } from './readings';

/** `0.60 to 0.65`; empty without values. */
function rangeInWords(content: ChartContent, [low, high]: readonly [number, number]): string {
  return Number.isFinite(low) && Number.isFinite(high)
    ? l10n.t`${formatReading(content, low)} to ${formatReading(content, high)}`
    : '';
}

function valueInWords(content: ChartContent, series: Series, step: number): string {
  const value = valueAt(series, step);
  const { divergedAt } = series.run.state;
  return !Number.isFinite(value) && divergedAt && step >= divergedAt.step
    ? l10n.t`diverged at ${formatCount(divergedAt.step)}`
    : formatReading(content, value);
}

/** Spread and number of seeds of a value. */
function remark(content: ChartContent, series: Series, step: number): string {
  const { spread, seeds } = series;
  const range = spread ? rangeInWords(content, spread.at(step)) : '';
  const count = seeds?.countAt(step) ?? 0;
  return [
    range && spread ? spread.words(range) : '',
    seeds && count > 0 ? l10n.t`${formatCount(count)} of ${formatCount(seeds.planned)} seeds` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function ofBand(content: ChartContent, { run, low, high, sparse }: Band, step: number): string {
  const edge = (at: Band['low']) => valueAt({ name: '', run, at, ...(sparse && { sparse }) }, step);
  return rangeInWords(content, [edge(low), edge(high)]) || formatReading(content, Number.NaN);
}

export interface ReadoutRow {
  swatch?: Swatch;
  name: string;
  value: string;
  more: string;
}

/** In the order of the legend: a row for each sign in it, then one for each arm that only has a band. */
export function readoutRows(content: ChartContent, step: number): ReadoutRow[] {
  const rows: ReadoutRow[] = [];
  for (const { swatch, label, long, series, isExtra } of content.readings) {
    if (swatch || rows.length === 0) rows.push({ ...(swatch && { swatch }), name: '', value: '', more: '' });
    const row = rows[rows.length - 1];
    const name = long ?? label ?? '';
    if (swatch) row.name = name;
    if (!series) continue;
    const value = valueInWords(content, series, step);
    if (isExtra) {
      const isMeasured = Number.isFinite(valueAt(series, step));
      row.more = [row.more, isMeasured ? `${name} ${value}` : ''].filter(Boolean).join(', ');
      continue;
    }
    row.value = [row.value, ...(swatch ? [] : [name]), value].filter(Boolean).join(' ');
    row.more = [row.more, remark(content, series, step)].filter(Boolean).join(', ');
  }
  for (const band of content.bands) {
    if (!band.arm) continue;
    const swatch: Swatch = { kind: 'arm', style: band.arm };
    rows.push({ swatch, name: wordsOf(band.name), value: ofBand(content, band, step), more: '' });
  }
  return rows;
}

export function tooltipRows(content: ChartContent, step: number): TooltipRow[] {
  return readoutRows(content, step).map(({ swatch, ...row }) => ({
    ...row,
    ...(swatch && { swatch: swatchElement(swatch) }),
  }));
}

/** `step 1,200: without 0.066, BatchNorm 0.62`. */
export function readoutInWords(content: ChartContent, step: number): string {
  const rows = readoutRows(content, step).map(({ name, value, more }) => {
    const words = [name, value].filter(Boolean).join(' ');
    return more ? `${words} (${more})` : words;
  });
  return [placeInWords(content, step), rows.join(', ')].filter(Boolean).join(': ');
}
