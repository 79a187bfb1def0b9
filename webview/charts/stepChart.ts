/** One canvas: values over the steps of training, from 0 to the planned end or over a part of them. */
import * as l10n from '@vscode/l10n';
import { BasicPlatform, Chart, type ChartConfiguration, type ChartOptions, LinearScale, PointElement } from 'chart.js';
import { formatCount } from '../../src/shared/numbers';
import { tickOnAxis } from '../view/period';
import type { Drawing } from './drawing';
import { drawMoment, drawUnder } from './overlay';
import { datasetOf, ThinnedLines } from './thinnedLines';
import { ValueScale, type ValueScaleOptions } from './valueScale';

Chart.register(ThinnedLines, PointElement, LinearScale, ValueScale);

/** Pixels around the plot, the same in every chart, so that steps align in a column of charts. Labels are on the right. */
export const gutters = { left: 44, right: 28, top: 6, bottom: 22 };

/** Least width of a plot, in pixels, whose step axis has a label in the middle. */
const roomForMiddle = 130;
/** Pixels for the word at the start of an axis that shows a part of the steps. */
const roomForWord = 70;

/** Options for drawing a chart off screen as a picture. */
export interface Apart {
  /** Pixels of the picture per pixel of the chart. */
  pixelRatio: number;
}

function scalesOf(drawing: Drawing, width: number): NonNullable<ChartConfiguration['options']>['scales'] {
  const { tokens, span, isPartial, period } = drawing;
  const valueScale: ValueScaleOptions = { valueAxis: drawing.axis, format: drawing.format, gutter: gutters.left };
  const font = { family: drawing.font.family, size: drawing.font.size };
  return {
    x: {
      type: 'linear',
      min: span.from,
      max: span.to,
      offset: false,
      border: { color: tokens.axis, width: 1 },
      grid: { drawOnChartArea: false, drawTicks: true, tickLength: 3, tickColor: tokens.axis },
      ticks: {
        align: 'inner',
        autoSkip: false,
        maxRotation: 0,
        padding: 2,
        color: tokens.dim,
        font,
        callback: (value) =>
          period
            ? tickOnAxis(period, Number(value))
            : isPartial && value === span.from
              ? l10n.t`steps ${formatCount(Number(value))}`
              : formatCount(Number(value)),
      },
      afterBuildTicks: (scale) => {
        const middle = (span.from + span.to) / 2;
        const room = roomForMiddle + (isPartial || period ? roomForWord : 0);
        const hasMiddle = (period || Number.isInteger(middle)) && StepChart.plotWidth(width) >= room;
        scale.ticks = [span.from, ...(hasMiddle ? [middle] : []), span.to].map((value) => ({ value }));
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

/** Inputs of the axes and the layout. */
function frameOf(
  { axis, format, span, isPartial, period, tokens, font }: Drawing,
  width: number,
  height: number,
): string {
  return JSON.stringify([
    axis,
    format,
    span,
    isPartial,
    period?.kind,
    period?.origin,
    tokens,
    font,
    width,
    height,
    window.devicePixelRatio,
  ]);
}

export class StepChart {
  private readonly chart: Chart;
  private drawing: Drawing | undefined;
  private step = 0;
  /** Key of the current axes and layout of chart.js. */
  private frame = '';
  /** The chart without its step-dependent parts, so that selecting another step redraws only those. */
  private readonly still = document.createElement('canvas');

  /** @param apart Given for a picture, which is drawn once. */
  constructor(
    canvas: HTMLCanvasElement,
    private readonly apart?: Apart,
  ) {
    this.chart = new Chart(canvas, {
      type: ThinnedLines.id as never,
      ...(apart && { platform: BasicPlatform }),
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: false,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: gutters.top, right: gutters.right } },
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: {},
        ...(apart && { devicePixelRatio: apart.pixelRatio }),
      } as ChartOptions as never,
      plugins: [
        {
          id: 'overlay',
          beforeDatasetsDraw: (chart) => {
            if (this.drawing) drawUnder(chart, this.drawing);
          },
          afterDraw: () => this.keepStill(),
        },
      ],
    });
  }

  /** Width of the plot in a canvas of the given width. */
  static plotWidth(width: number): number {
    return Math.max(1, width - gutters.left - gutters.right);
  }

  /** @param step The displayed step. */
  draw(drawing: Drawing, step: number, width: number, height: number): void {
    this.drawing = drawing;
    this.step = step;
    const { chart } = this;
    const { axis, span } = drawing;
    const before = chart.data.datasets;
    const datasets = drawing.lines.map((line) => datasetOf(line, axis, span));
    const frame = frameOf(drawing, width, height);
    if (frame === this.frame && datasets.length === before.length) {
      // Axes and layout are unchanged; only lines and bands differ.
      for (const [k, dataset] of datasets.entries()) Object.assign(before[k], dataset);
      chart.draw();
      return;
    }
    this.frame = frame;
    chart.data.datasets = datasets;
    chart.options.scales = scalesOf(drawing, width) as never;
    if (chart.width !== width || chart.height !== height) chart.resize(width, height);
    chart.update('none');
  }

  /** Selects another step of the drawn chart. */
  moveTo(step: number): void {
    if (!this.drawing || step === this.step) return;
    this.step = step;
    const { ctx: context } = this.chart;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.still.width, this.still.height);
    context.drawImage(this.still, 0, 0);
    context.restore();
    drawMoment(this.chart, this.drawing, step);
  }

  private keepStill(): void {
    // The constructor of chart.js draws once.
    if (!this.drawing) return;
    const { canvas } = this.chart;
    if (this.apart) {
      drawMoment(this.chart, this.drawing, this.step);
      return;
    }
    if (canvas.width === 0 || canvas.height === 0) return;
    this.still.width = canvas.width;
    this.still.height = canvas.height;
    this.still.getContext('2d')?.drawImage(canvas, 0, 0);
    drawMoment(this.chart, this.drawing, this.step);
  }

  destroy(): void {
    this.chart.destroy();
  }
}
