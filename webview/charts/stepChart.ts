/** One canvas: values over the steps of training, from 0 to the planned end. */
import {
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  type Point as ChartPoint,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js';
import { formatCount } from '../format';
import type { Drawing, DrawnLine } from './drawing';
import { overlay } from './overlay';
import { ValueScale, type ValueScaleOptions } from './valueScale';

Chart.register(LineController, LineElement, PointElement, LinearScale, ValueScale);

/** Pixels around the plot, the same in every chart, so that a step stands at one place in a column of them. Labels go on the right. */
export const gutters = { left: 44, right: 28, top: 6, bottom: 30 };

function withOpacity(colour: string, opacity: number): string {
  return colour.replace(/[\d.]+\)$/, (alpha) => `${Number.parseFloat(alpha) * opacity})`);
}

function dataset(line: DrawnLine): ChartDataset<'line', ChartPoint[]> {
  const colour = withOpacity(line.colour, line.opacity);
  return {
    data: line.points,
    borderColor: colour,
    borderWidth: line.width,
    borderDash: line.dash,
    borderJoinStyle: 'round',
    showLine: !line.dots,
    pointRadius: line.dots ? line.width : 0,
    pointBackgroundColor: colour,
    pointBorderWidth: 0,
    tension: 0,
    spanGaps: false,
    clip: 2,
  };
}

function scalesOf(drawing: Drawing): NonNullable<ChartConfiguration<'line'>['options']>['scales'] {
  const { tokens } = drawing;
  const valueScale: ValueScaleOptions = { valueAxis: drawing.axis, format: drawing.format, gutter: gutters.left };
  const font = { family: drawing.font.family, size: drawing.font.size };
  return {
    x: {
      type: 'linear',
      min: 0,
      max: drawing.steps,
      offset: false,
      border: { color: tokens.axis, width: 1 },
      grid: { drawOnChartArea: false, drawTicks: true, tickLength: 4, tickColor: tokens.axis },
      ticks: {
        align: 'inner',
        autoSkip: false,
        maxRotation: 0,
        padding: 4,
        color: tokens.dim,
        font,
        callback: (value) => formatCount(Number(value)),
      },
      afterBuildTicks: (scale) => {
        const middle = drawing.steps / 2;
        scale.ticks = [0, ...(Number.isInteger(middle) ? [middle] : []), drawing.steps].map((value) => ({ value }));
      },
      afterFit: (scale) => {
        scale.height = gutters.bottom;
      },
    },
    y: {
      type: 'value',
      border: { display: false },
      grid: { color: tokens.grid, drawTicks: false, lineWidth: 1 },
      ticks: { autoSkip: false, padding: 8, color: tokens.dim, font },
      ...valueScale,
    } as never,
  };
}

export class StepChart {
  private readonly chart: Chart<'line', ChartPoint[]>;
  private drawing: Drawing | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.chart = new Chart<'line', ChartPoint[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: false,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: gutters.top, right: gutters.right } },
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: {},
      },
      plugins: [overlay(() => this.drawing) as never],
    });
  }

  /** Pixels of the plot in a canvas of the given width. */
  static plotWidth(width: number): number {
    return Math.max(1, width - gutters.left - gutters.right);
  }

  draw(drawing: Drawing, width: number, height: number): void {
    this.drawing = drawing;
    const { chart } = this;
    chart.data.datasets = drawing.lines.map(dataset);
    chart.options.scales = scalesOf(drawing) as never;
    if (chart.width !== width || chart.height !== height) chart.resize(width, height);
    chart.update('none');
  }

  destroy(): void {
    this.chart.destroy();
  }
}
