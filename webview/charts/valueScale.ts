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
    return this.settings.valueAxis.ticks.map((value) => ({ value }));
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
