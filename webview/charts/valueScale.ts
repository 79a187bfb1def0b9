/**
 * A value axis for chart.js with a given interval and ticks: linear, logarithmic, or symlog, which chart.js does not have. Values that a
 * logarithmic axis cannot show (zero, negative, missing) are gaps, whereas chart.js would move the axis.
 */
import { Scale, type Tick } from 'chart.js';
import { type Axis, position, tickLabel } from './axis';

export interface ValueScaleOptions {
  valueAxis: Axis;
  format: 'value' | 'percent';
  /** Pixels left of the plot. */
  gutter: number;
}

/** Least pixels from one tick label to the next. */
const labelHeight = 15;

/**
 * Places of every tick, every second or third and so on, so that their labels do not overlap.
 * @param heights Pixels, ascending.
 * @param always Place of a tick that stays.
 */
export function ticksWithRoom(heights: readonly number[], always: number): number[] {
  for (let stride = 1; ; stride++) {
    const places = heights.flatMap((_, place) => ((place - always) % stride === 0 ? [place] : []));
    if (places.every((place, k) => k === 0 || heights[place] - heights[places[k - 1]] >= labelHeight)) return places;
  }
}

export class ValueScale extends Scale {
  static id = 'value';
  static defaults = {};

  private get settings(): ValueScaleOptions {
    return this.options as unknown as ValueScaleOptions;
  }

  override determineDataLimits(): void {
    this.min = this.settings.valueAxis.low;
    this.max = this.settings.valueAxis.high;
  }

  override buildTicks(): Tick[] {
    const { valueAxis } = this.settings;
    const heights = valueAxis.ticks.map((value) => position(valueAxis, value) * this.maxHeight);
    const places = ticksWithRoom(heights, Math.max(0, valueAxis.ticks.indexOf(0)));
    return places.map((place) => ({ value: valueAxis.ticks[place] }));
  }

  override generateTickLabels(ticks: Tick[]): void {
    for (const tick of ticks) tick.label = tickLabel(this.settings.valueAxis, tick.value, this.settings.format);
  }

  override afterFit(): void {
    // One width for all charts, so that their step axes align.
    this.width = this.settings.gutter;
  }

  override parse(value: unknown): number {
    return Number(value);
  }

  override getPixelForValue(value: number): number {
    return this.getPixelForDecimal(position(this.settings.valueAxis, value));
  }
}
