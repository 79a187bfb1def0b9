/** Parts that chart.js does not draw: bands, the selected step, divergence marks, markers and labels at the values there. */
import type { Chart } from 'chart.js';
import { crossPath, markerPath } from '../view/markers';
import { isInside, shareOf } from '../view/span';
import { positionOn } from './axis';
import type { Drawing, DrawnBand, DrawnLine, Point } from './drawing';
import { drawHeat } from './heat';
import { DataPath } from './path';

/** Minimum distance of labels in pixels. */
const labelHeight = 13;

interface Place {
  x(step: number): number;
  y(value: number): number;
}

function placeOf(chart: Chart, drawing: Drawing): Place {
  const { left, right, top, bottom } = chart.chartArea;
  const position = positionOn(drawing.axis);
  return {
    x: (step) => left + (right - left) * shareOf(drawing.span, step),
    // Clamped just outside the plot, so that lines that run off the axis show their direction.
    y: (value) => bottom - (bottom - top) * Math.max(-0.03, Math.min(1.03, position(value))),
  };
}

function drawBand(context: CanvasRenderingContext2D, band: DrawnBand, place: Place, bottom: number): void {
  const { trace } = band;
  const draw = (from: number, to: number) => {
    if (from === to) return;
    const point = (step: number, value: number) => {
      const y = place.y(value);
      context.lineTo(place.x(step), Number.isFinite(y) ? y : bottom);
    };
    context.beginPath();
    for (let at = from; at < to; at++) point(trace.x(at), trace.high(at));
    for (let at = to - 1; at >= from; at--) point(trace.x(at), trace.low(at));
    context.closePath();
    context.globalAlpha = band.opacity;
    context.fillStyle = band.colour;
    context.fill();
    context.globalAlpha = 0.45;
    context.strokeStyle = band.colour;
    context.lineWidth = 1;
    context.stroke();
  };
  let from = 0;
  for (let at = 0; at <= trace.count; at++) {
    if (at < trace.count && !Number.isNaN(trace.low(at))) continue;
    draw(from, at);
    from = at + 1;
  }
  context.globalAlpha = 1;
}

/** Moves labels apart until none overlap, keeping their order and centre. */
export function spreadLabels(heights: number[], gap: number): number[] {
  const order = heights.map((_, index) => index).sort((a, b) => heights[a] - heights[b]);
  const placed = [...heights];
  for (let round = 0; round < 12; round++) {
    for (let rank = 1; rank < order.length; rank++) {
      const overlap = gap - (placed[order[rank]] - placed[order[rank - 1]]);
      if (overlap > 0) {
        placed[order[rank]] += overlap / 2;
        placed[order[rank - 1]] -= overlap / 2;
      }
    }
  }
  return placed;
}

interface Ended {
  line: DrawnLine;
  last: Point;
}

function drawLabels(context: CanvasRenderingContext2D, drawing: Drawing, ends: Ended[], place: Place): void {
  const labelled = ends.flatMap(({ line, last }) => (line.label ? [{ label: line.label, last }] : []));
  const heights = spreadLabels(
    labelled.map(({ last }) => place.y(last.y)),
    labelHeight,
  );
  const { family, size } = drawing.font;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const [index, { label, last }] of labelled.entries()) {
    context.font = `${label.bold ? 600 : 400} ${size}px ${family}`;
    context.fillStyle = label.bold ? drawing.tokens.text : drawing.tokens.dim;
    context.fillText(label.text, place.x(last.x) + 8, heights[index]);
  }
}

function drawMarkers(context: CanvasRenderingContext2D, drawing: Drawing, ends: Ended[], place: Place): void {
  for (const { line, last } of ends) {
    if (!line.marker) continue;
    const path = new DataPath(markerPath(line.marker, place.x(last.x), place.y(last.y), 4));
    context.strokeStyle = drawing.tokens.background;
    context.lineWidth = 2.5;
    context.stroke(path);
    context.fillStyle = line.colour;
    context.fill(path);
  }
}

function drawHappenings(context: CanvasRenderingContext2D, chart: Chart, drawing: Drawing, place: Place): void {
  const { top, bottom } = chart.chartArea;
  for (const { kind, step, colour } of drawing.happenings) {
    if (!isInside(drawing.span, step)) continue;
    const x = place.x(step);
    context.strokeStyle = drawing.tokens.axis;
    context.lineWidth = 1;
    context.setLineDash([1, 3]);
    context.stroke(new DataPath(`M${x} ${top}V${bottom}`));
    context.setLineDash([]);
    if (kind === 'changed') {
      context.fillStyle = colour;
      context.fill(new Path2D(markerPath('diamond', x, bottom, 4)));
      continue;
    }
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    context.stroke(new DataPath(crossPath(x, bottom, 3)));
  }
}

/** A dashed line across the plot. */
function drawGuide(context: CanvasRenderingContext2D, chart: Chart, { guide, tokens }: Drawing, place: Place): void {
  if (guide === null) return;
  const { left, right } = chart.chartArea;
  context.strokeStyle = tokens.dim;
  context.lineWidth = 1;
  context.setLineDash([4, 4]);
  context.stroke(new DataPath(`M${left} ${place.y(guide)}H${right}`));
  context.setLineDash([]);
}

/** The layer below the lines: bands, heat maps, and the line to compare with. */
export function drawUnder(chart: Chart, drawing: Drawing): void {
  const place = placeOf(chart, drawing);
  chart.ctx.save();
  if (drawing.isPartial) {
    const { left, right, top, bottom } = chart.chartArea;
    chart.ctx.beginPath();
    chart.ctx.rect(left, top - 6, right - left, bottom - top + 12);
    chart.ctx.clip();
  }
  drawHeat(chart.ctx, drawing, chart.chartArea);
  drawGuide(chart.ctx, chart, drawing, place);
  for (const band of drawing.bands) drawBand(chart.ctx, band, place, chart.chartArea.bottom);
  chart.ctx.restore();
}

/** Opacity of the background over values after the selected step. */
const covered = 0.62;

/** Parts for the selected step: its line, the values there, and a veil over later values. */
export function drawMoment(chart: Chart, drawing: Drawing, step: number): void {
  const place = placeOf(chart, drawing);
  const { ctx: context, chartArea } = chart;
  context.save();
  if (step < drawing.lastStep && step < drawing.span.to) {
    context.globalAlpha = covered;
    context.fillStyle = drawing.tokens.background;
    const from = Math.max(chartArea.left, place.x(step));
    context.fillRect(from, chartArea.top - 2, chartArea.right + 2 - from, chartArea.bottom - chartArea.top + 2);
    context.globalAlpha = 1;
  }
  drawHappenings(context, chart, drawing, place);
  if (drawing.lastStep > 0 && isInside(drawing.span, step)) {
    context.globalAlpha = 0.7;
    context.strokeStyle = drawing.tokens.text;
    context.lineWidth = 1;
    context.stroke(new DataPath(`M${place.x(step)} ${chartArea.top - 6}V${chartArea.bottom}`));
    context.globalAlpha = 1;
  }
  const ends = drawing.lines.flatMap((line): Ended[] => {
    // If the step is beyond the axis, the labels are at the end of the axis.
    const last = line.label || line.marker ? line.lastAt(Math.min(step, drawing.span.to)) : undefined;
    return last && isInside(drawing.span, last.x) ? [{ line, last }] : [];
  });
  drawLabels(context, drawing, ends, place);
  if (step <= drawing.span.to) drawMarkers(context, drawing, ends, place);
  context.restore();
}
