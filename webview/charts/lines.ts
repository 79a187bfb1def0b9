/**
 * How chart.js draws a thinned line here: from its numbers as they are. Its own lines make an object of every point, with options
 * that each may have of its own, which is most of the time of a chart with tens of thousands of them.
 */
import { type ChartDataset, type ChartType, DatasetController } from 'chart.js';
import { type Axis, positionOn } from './axis';
import type { DrawnLine } from './drawing';

export interface LineDataset {
  line: DrawnLine;
  axis: Axis;
  /** Right end of the step axis. */
  steps: number;
}

/** Pixels by which a line may leave the plot. */
const clip = 2;

function withOpacity(colour: string, opacity: number): string {
  return colour.replace(/[\d.]+\)$/, (alpha) => `${Number.parseFloat(alpha) * opacity})`);
}

export class ThinnedLines extends DatasetController {
  static id = 'thinned';
  /** Chart.js wants a kind of point; none is made, as there are no data of its own. */
  static defaults = { datasetElementType: false, dataElementType: 'point' };
  static overrides = { scales: { x: { type: 'linear' }, y: { type: 'value' } } };

  override draw(): void {
    const { line, axis, steps } = this.getDataset() as unknown as LineDataset;
    const { ctx: context, chartArea } = this.chart;
    const { left, right, top, bottom } = chartArea;
    context.save();
    context.beginPath();
    context.rect(left - clip, top - clip, right - left + 2 * clip, bottom - top + 2 * clip);
    context.clip();
    const x = (step: number) => left + ((right - left) * step) / steps;
    const position = positionOn(axis);
    const y = (value: number) => bottom - (bottom - top) * position(value);
    if (line.dots) drawDots(context, line, x, y);
    else drawLine(context, line, x, y);
    context.restore();
  }
}

/** What the axis cannot show is a gap, zero on a logarithmic one above all. */
function drawLine(
  context: CanvasRenderingContext2D,
  { trace, colour, opacity, width, dash }: DrawnLine,
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
  context.strokeStyle = withOpacity(colour, opacity);
  context.lineWidth = width;
  context.lineJoin = 'round';
  context.setLineDash(dash);
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

/** As chart.js takes it: the numbers stay where they are, and its own list of points is empty. */
export function datasetOf(line: DrawnLine, axis: Axis, steps: number): ChartDataset<ChartType> {
  const own: LineDataset = { line, axis, steps };
  return { type: ThinnedLines.id, data: [], ...own } as unknown as ChartDataset<ChartType>;
}
