/**
 * Draws thinned lines in chart.js directly from typed arrays. The default line elements create an object with options for every
 * point, which dominates the time of a chart with tens of thousands of points.
 */
import { type ChartDataset, type ChartType, DatasetController } from 'chart.js';
import { type Span, shareOf } from '../view/span';
import { type Axis, positionOn } from './axis';
import type { DrawnLine } from './drawing';

export interface LineDataset {
  line: DrawnLine;
  axis: Axis;
  /** The steps of the axis. */
  span: Span;
}

/** Pixels by which a line may leave the plot. */
const clip = 2;

function withOpacity(colour: string, opacity: number): string {
  return colour.replace(/[\d.]+\)$/, (alpha) => `${Number.parseFloat(alpha) * opacity})`);
}

export class ThinnedLines extends DatasetController {
  static id = 'thinned';
  /** Chart.js requires a point type; no points are created, because the dataset is empty. */
  static defaults = { datasetElementType: false, dataElementType: 'point' };
  static overrides = { scales: { x: { type: 'linear' }, y: { type: 'value' } } };

  override draw(): void {
    const { line, axis, span } = this.getDataset() as unknown as LineDataset;
    const { ctx: context, chartArea } = this.chart;
    const { left, right, top, bottom } = chartArea;
    context.save();
    context.beginPath();
    context.rect(left - clip, top - clip, right - left + 2 * clip, bottom - top + 2 * clip);
    context.clip();
    const x = (step: number) => left + (right - left) * shareOf(span, step);
    const position = positionOn(axis);
    const y = (value: number) => bottom - (bottom - top) * position(value);
    if (line.dots) drawDots(context, line, x, y);
    else drawLine(context, line, x, y);
    context.restore();
  }
}

/** Values that the axis cannot show are gaps, e.g. zero on a logarithmic axis. */
function drawLine(
  context: CanvasRenderingContext2D,
  { trace, colour, opacity, width, dash, edge }: DrawnLine,
  x: (step: number) => number,
  y: (value: number) => number,
): void {
  context.beginPath();
  let isDown = false;
  for (let place = 0; place < trace.count; place++) {
    const height = y(trace.y(place));
    if (!Number.isFinite(height)) isDown = false;
    else if (isDown) context.lineTo(x(trace.x(place)), height);
    else {
      context.moveTo(x(trace.x(place)), height);
      isDown = true;
    }
  }
  context.lineJoin = 'round';
  context.setLineDash(dash);
  if (edge) {
    context.strokeStyle = withOpacity(edge, 0.7);
    context.lineWidth = width + 2;
    context.stroke();
  }
  context.strokeStyle = withOpacity(colour, opacity);
  context.lineWidth = width;
  context.stroke();
}

function drawDots(
  context: CanvasRenderingContext2D,
  { trace, colour, opacity, width }: DrawnLine,
  x: (step: number) => number,
  y: (value: number) => number,
): void {
  context.beginPath();
  for (let place = 0; place < trace.count; place++) {
    const height = y(trace.y(place));
    if (!Number.isFinite(height)) continue;
    const at = x(trace.x(place));
    context.moveTo(at + width, height);
    context.arc(at, height, width, 0, 2 * Math.PI);
  }
  context.fillStyle = withOpacity(colour, opacity);
  context.fill();
}

/** The dataset for chart.js: the numbers stay in their arrays, and its own list of points is empty. */
export function datasetOf(line: DrawnLine, axis: Axis, span: Span): ChartDataset<ChartType> {
  const own: LineDataset = { line, axis, span };
  return { type: ThinnedLines.id, data: [], ...own } as unknown as ChartDataset<ChartType>;
}
