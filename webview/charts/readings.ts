/** The row of values above a chart: rebuilt when its entries change, otherwise only updated. */

import * as l10n from '@vscode/l10n';
import { formatCount, formatPercent, formatValue } from '../../src/shared/numbers';
import { unexpected } from '../../src/shared/unexpected';
import { armMarker, dotsSwatch, lineSwatch } from '../view/armStyle';
import { create, setText } from '../view/dom';
import { colourBar } from '../view/palette';
import { placeInWords, placesInWords } from '../view/period';
import { isWhole } from '../view/span';
import { type ChartContent, legendOf, missingSeeds, type Reading, type Series, type Swatch, valueAt } from './content';
import { wordsOf } from './names';

export function formatReading(content: ChartContent, value: number): string {
  return content.format === 'percent' ? formatPercent(value) : formatValue(value);
}

export function swatchElement(swatch: Swatch): Element {
  switch (swatch.kind) {
    case 'arm':
      return armMarker(swatch.style);
    case 'line':
      return lineSwatch(swatch.colour, swatch.width);
    case 'dots':
      return dotsSwatch(swatch.colour);
    case 'palette':
      return colourBar();
    default:
      return unexpected(swatch);
  }
}

export class Readings {
  readonly element = create('div', { class: 'readings' });
  private signature = '';
  private values: HTMLElement[] = [];
  /** Pixels. */
  private width = 0;
  private height = 0;

  constructor() {
    // Values at another step may need another line. It stays, because a plot that moves may leave the pointer that reads it.
    new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      if (width !== this.width) {
        this.width = width;
        this.reserve(0);
      } else if (height > this.height) this.reserve(height);
    }).observe(this.element);
  }

  private reserve(height: number): void {
    this.height = height;
    this.element.style.minHeight = height > 0 ? `${height}px` : '';
  }

  update(content: ChartContent, step: number): void {
    const legend = legendOf(content);
    const signature = JSON.stringify(legend.map(({ swatch, label, series }) => [swatch, label, series !== undefined]));
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(legend);
    }
    let place = 0;
    for (const { series } of legend) {
      if (!series) continue;
      const seeds = missingSeeds(series, step);
      setText(this.values[place++], formatReading(content, valueAt(series, step)) + (seeds && ` (${seeds})`));
    }
  }

  private build(readings: Reading[]): void {
    this.values = [];
    this.reserve(0);
    this.element.replaceChildren(
      ...readings.map(({ swatch, label, series }) => {
        const item = create('span');
        if (swatch) item.append(swatchElement(swatch));
        if (label) item.append(create('span', { title: label }, label));
        if (series) {
          const value = create('b');
          this.values.push(value);
          item.append(value);
        }
        return item;
      }),
    );
  }
}

function spoken(content: ChartContent, series: Series, step: number): string {
  const value = valueAt(series, step);
  if (Number.isFinite(value))
    return [formatReading(content, value), missingSeeds(series, step)].filter(Boolean).join(', ');
  const { divergedAt } = series.run.state;
  return divergedAt && step >= divergedAt.step
    ? l10n.t`diverged at step ${formatCount(divergedAt.step)}`
    : l10n.t('has no value yet');
}

/** Text alternative of a chart: the values above it with the names of their series. */
export function describe(content: ChartContent, step: number): string {
  const values = legendOf(content).flatMap(({ series }) =>
    series ? [`${wordsOf(series.name)} ${spoken(content, series, step)}`] : [],
  );
  const title = content.unit ? `${content.title} (${content.unit})` : content.title;
  const runs = [...content.lines.map(({ series }) => series.run), ...content.bands.map(({ run }) => run)];
  if (runs.every(({ frames }) => frames.count === 0)) return l10n.t`${title}: no values yet`;
  const at = l10n.t({
    message: '{0} at {1}',
    args: [title, placeInWords(content, step)],
    comment: 'A chart at a step',
  });
  const part = isWhole(content.span, content.steps) ? at : l10n.t`${at}, ${placesInWords(content, content.span)} shown`;
  return [part, values.join(', ')].filter(Boolean).join(': ');
}
