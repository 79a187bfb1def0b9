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
import { drawMoment, drawUnder } from './overlay';
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
  private step = 0;
  /** The chart without what belongs to a step: to look at another one, nothing else is drawn again. */
  private readonly still = document.createElement('canvas');

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
      plugins: [
        {
          id: 'overlay',
          beforeDatasetsDraw: (chart) => {
            if (this.drawing) drawUnder(chart as unknown as Chart, this.drawing);
          },
          afterDraw: () => this.keepStill(),
        },
      ],
    });
  }

  /** Pixels of the plot in a canvas of the given width. */
  static plotWidth(width: number): number {
    return Math.max(1, width - gutters.left - gutters.right);
  }

  /** @param step The one that is looked at. */
  draw(drawing: Drawing, step: number, width: number, height: number): void {
    this.drawing = drawing;
    this.step = step;
    const { chart } = this;
    chart.data.datasets = drawing.lines.map(dataset);
    chart.options.scales = scalesOf(drawing) as never;
    if (chart.width !== width || chart.height !== height) chart.resize(width, height);
    chart.update('none');
  }

  /** Looks at another step of what is drawn. */
  moveTo(step: number): void {
    if (!this.drawing || step === this.step) return;
    this.step = step;
    const { ctx: context } = this.chart;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.still.width, this.still.height);
    context.drawImage(this.still, 0, 0);
    context.restore();
    drawMoment(this.chart as unknown as Chart, this.drawing, step);
  }

  private keepStill(): void {
    // Chart.js draws for the first time while it is being made.
    if (!this.drawing) return;
    const { canvas } = this.chart;
    if (canvas.width === 0 || canvas.height === 0) return;
    this.still.width = canvas.width;
    this.still.height = canvas.height;
    this.still.getContext('2d')?.drawImage(canvas, 0, 0);
    drawMoment(this.chart as unknown as Chart, this.drawing, this.step);
  }

  destroy(): void {
    this.chart.destroy();
  }
}
