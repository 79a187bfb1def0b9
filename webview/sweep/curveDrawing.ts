/**
 * Draws the curves of a sweep on a canvas: intervals, lines, a marker at each point, and a cross for each point whose runs diverged.
 * A line has a gap where a point has no value.
 */
import * as l10n from '@vscode/l10n';
import { type Axis, positionOn, tickLabel } from '../charts/axis';
import { spreadLabels } from '../charts/overlay';
import { DataPath } from '../charts/path';
import { rampColour } from '../view/armStyle';
import { crossPath, markerPath } from '../view/markers';
import type { Theme } from '../view/theme';
import { type Curve, type CurveChartContent, type CurvePoint, pointState } from './curves';
import { axisLabel, labelledPlaces } from './sweptAxis';

/** Pixels around the plot. */
export const curveGutters = { left: 48, right: 40, top: 8, bottom: 38 };
/** Pixels from the edge of the plot to the first and last value, which leaves room for their markers. */
const inset = 8;
const labelHeight = 13;
/** Least pixels between two labels below the plot. */
const labelGap = 8;
/** Number of points of a line above which only those with diverged runs have a marker. */
const mostMarkers = 100;
/** Opacity of lines and points with seeds that diverged. */
const faint = 0.5;

export interface CurveSize {
  width: number;
  height: number;
}

/** Horizontal pixel of a position on the swept axis. */
export function curveX(position: number, width: number): number {
  const room = Math.max(1, width - curveGutters.left - curveGutters.right - 2 * inset);
  return curveGutters.left + inset + room * position;
}

/** The position at a horizontal pixel. */
export function curvePosition(x: number, width: number): number {
  const room = Math.max(1, width - curveGutters.left - curveGutters.right - 2 * inset);
  return (x - curveGutters.left - inset) / room;
}

/** Vertical pixel of a value; values beyond the axis are just outside the plot. */
export function curveY(vertical: Axis, height: number): (value: number) => number {
  const position = positionOn(vertical);
  const { top, bottom } = curveGutters;
  return (value) => height - bottom - (height - top - bottom) * Math.max(-0.03, Math.min(1.03, position(value)));
}

/** CSS colour of a curve: the arm's, or that of its depth in the arm's ramp. */
export function curveColour({ style, line, depth }: Pick<Curve, 'style' | 'line' | 'depth'>): string {
  return line === null ? style.colour : rampColour(style, depth);
}

export class CurveDrawing {
  private readonly context: CanvasRenderingContext2D;

  constructor(readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this browser cannot draw on a canvas');
    this.context = context;
  }

  /** @param scale Pixels of the canvas per pixel of the page. */
  draw(content: CurveChartContent, size: CurveSize, theme: Theme, scale = window.devicePixelRatio): void {
    const { canvas, context } = this;
    canvas.width = Math.round(size.width * scale);
    canvas.height = Math.round(size.height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    context.font = `400 ${theme.font.size}px ${theme.font.family}`;
    const y = curveY(content.vertical, size.height);
    this.drawVertical(content, size, y, theme);
    this.drawHorizontal(content, size, theme);
    context.save();
    context.beginPath();
    context.rect(0, 0, size.width, size.height - curveGutters.bottom);
    context.clip();
    for (const curve of content.curves) if (curve.hasBand) this.drawBand(curve, size, y, theme);
    context.restore();
    const last = content.curves.filter(({ isChosen }) => isChosen);
    for (const curve of [...content.curves.filter(({ isChosen }) => !isChosen), ...last]) {
      this.drawLine(curve, size, y, theme);
    }
    this.drawCrosses(content, size, theme);
    this.drawLabels(content, size, y, theme);
  }

  private drawVertical(
    { vertical, results }: CurveChartContent,
    { width }: CurveSize,
    y: (value: number) => number,
    theme: Theme,
  ): void {
    const { context } = this;
    const format = results.metric.endsWith('Accuracy') ? 'percent' : 'value';
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillStyle = theme.colour('var(--dim)');
    context.strokeStyle = theme.colour('var(--grid)');
    context.lineWidth = 1;
    for (const tick of vertical.ticks) {
      const at = Math.round(y(tick)) + 0.5;
      context.stroke(new DataPath(`M${curveGutters.left} ${at}H${width - curveGutters.right}`));
      context.fillText(tickLabel(vertical, tick, format), curveGutters.left - 8, at);
    }
  }

  private drawHorizontal(content: CurveChartContent, { width, height }: CurveSize, theme: Theme): void {
    const { context } = this;
    const { horizontal, swept, chosen } = content;
    const base = height - curveGutters.bottom;
    const right = width - curveGutters.right;
    context.strokeStyle = theme.colour('var(--axis)');
    context.lineWidth = 1;
    context.stroke(new DataPath(`M${curveGutters.left} ${base + 0.5}H${right}`));
    const at = swept.positions.map((position) => curveX(position, width));
    for (const x of at) context.stroke(new DataPath(`M${x} ${base}v3`));
    if (swept.hasZero) this.drawBreak(at, swept.positions, base, theme);
    // The selected point.
    context.globalAlpha = 0.7;
    context.strokeStyle = theme.colour('var(--fg)');
    context.stroke(new DataPath(`M${at[chosen]} ${curveGutters.top - 6}V${base}`));
    context.globalAlpha = 1;

    const words = horizontal.values.map(axisLabel);
    const widths = words.map((word) => context.measureText(word).width);
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const place of labelledPlaces(at, widths, [chosen], labelGap)) {
      context.fillStyle = theme.colour(place === chosen ? 'var(--fg)' : 'var(--dim)');
      // A label at an end stays inside the picture.
      const x = Math.max(widths[place] / 2, Math.min(width - widths[place] / 2, at[place]));
      context.fillText(words[place], x, base + 12);
    }
    context.textAlign = 'right';
    context.fillStyle = theme.colour('var(--dim)');
    context.fillText(swept.kind === 'log' ? `${horizontal.name}, ${l10n.t('log')}` : horizontal.name, right, base + 28);
  }

  /** Marks that the axis between 0 and the smallest value has no scale. */
  private drawBreak(at: readonly number[], positions: readonly number[], base: number, theme: Theme): void {
    const { context } = this;
    const next = Math.min(...positions.filter((position) => position > 0));
    const x = (at[positions.indexOf(0)] + at[positions.indexOf(next)]) / 2;
    context.fillStyle = theme.colour('var(--bg)');
    context.fillRect(x - 3, base - 1, 6, 3);
    context.stroke(new DataPath(`M${x - 5} ${base + 4}l4 -8M${x + 1} ${base + 4}l4 -8`));
  }

  private drawBand(curve: Curve, { width }: CurveSize, y: (value: number) => number, theme: Theme): void {
    const { context } = this;
    const colour = theme.colour(curveColour(curve));
    for (const run of runsOf(curve.points, ({ half }) => half !== null)) {
      const edge = (sign: number) =>
        run.map(({ x, cell, half }) => `${curveX(x, width)} ${y((cell.mean ?? 0) + sign * (half ?? 0))}`);
      const [upper, lower] = [edge(1), edge(-1)];
      context.globalAlpha = 0.18;
      context.fillStyle = colour;
      context.fill(new DataPath(`M${[...upper, ...lower.toReversed()].join('L')}Z`));
      // Points alone have no area.
      context.globalAlpha = 0.55;
      context.strokeStyle = colour;
      context.lineWidth = 1;
      context.stroke(new DataPath(run.map((_, k) => `M${upper[k]}L${lower[k]}`).join('')));
      context.globalAlpha = 1;
    }
  }

  private drawLine(curve: Curve, { width }: CurveSize, y: (value: number) => number, theme: Theme): void {
    const { context } = this;
    const colour = theme.colour(curveColour(curve));
    const isLine = curve.line === null || curve.isChosen;
    context.strokeStyle = colour;
    context.lineWidth = curve.line !== null && curve.isChosen ? 2.25 : isLine ? 1.75 : 1.25;
    context.setLineDash(curve.line === null ? curve.style.dash : []);
    const placed = ({ x, cell }: CurvePoint) => `${curveX(x, width)} ${y(cell.mean ?? 0)}`;
    for (const run of runsOf(curve.points, ({ cell }) => cell.mean !== null)) {
      // One path for all segments, and one for those with seeds that diverged.
      const segments = { whole: '', faint: '' };
      for (let k = 1; k < run.length; k++) {
        const [from, to] = [run[k - 1], run[k]];
        const part = from.cell.diverged + to.cell.diverged > 0 ? 'faint' : 'whole';
        const start = segments[part].endsWith(placed(from)) ? '' : `M${placed(from)}`;
        segments[part] += `${start}L${placed(to)}`;
      }
      for (const [part, data] of Object.entries(segments)) {
        if (data === '') continue;
        context.globalAlpha = part === 'faint' ? faint : 1;
        context.stroke(new DataPath(data));
      }
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
    const radius = isLine ? 4 : 3;
    const isDense = curve.points.length > mostMarkers;
    for (const point of curve.points) {
      const { mean } = point.cell;
      if (mean === null || (isDense && pointState(point) === 'trained')) continue;
      const path = new DataPath(markerPath(curve.style.marker, curveX(point.x, width), y(mean), radius));
      const isHollow = pointState(point) === 'partly';
      context.strokeStyle = isHollow ? colour : theme.colour('var(--bg)');
      context.lineWidth = isHollow ? 1.5 : 2.5;
      if (!isHollow) context.stroke(path);
      context.fillStyle = isHollow ? theme.colour('var(--bg)') : colour;
      context.fill(path);
      if (isHollow) context.stroke(path);
    }
  }

  /** A cross at the foot of the plot for each point with runs that diverged. */
  private drawCrosses({ curves }: CurveChartContent, { width, height }: CurveSize, theme: Theme): void {
    const { context } = this;
    const stacked = new Map<number, number>();
    for (const curve of curves) {
      for (const point of curve.points) {
        if (point.cell.diverged === 0) continue;
        const above = stacked.get(point.place) ?? 0;
        stacked.set(point.place, above + 1);
        const y = height - curveGutters.bottom - 7 - 9 * above;
        if (y < curveGutters.top) continue;
        context.strokeStyle = theme.colour(curveColour(curve));
        context.lineWidth = 1.6;
        context.stroke(new DataPath(crossPath(curveX(point.x, width), y, 3)));
      }
    }
  }

  private drawLabels(
    { curves }: CurveChartContent,
    { width }: CurveSize,
    y: (value: number) => number,
    theme: Theme,
  ): void {
    const ends = curves.flatMap((curve, k) => {
      const isLabelled = curve.label !== '' && (curve.isChosen || k === 0 || k === curves.length - 1);
      const last = isLabelled ? curve.points.findLast(({ cell }) => cell.mean !== null) : undefined;
      return last ? [{ curve, last }] : [];
    });
    const heights = spreadLabels(
      ends.map(({ last }) => y(last.cell.mean ?? 0)),
      labelHeight,
    );
    const { context } = this;
    const { size, family } = theme.font;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    for (const [k, { curve, last }] of ends.entries()) {
      context.font = `${curve.isChosen ? 600 : 400} ${size}px ${family}`;
      context.fillStyle = theme.colour(curve.isChosen ? 'var(--fg)' : 'var(--dim)');
      context.fillText(shortened(curve.label), curveX(last.x, width) + 8, heights[k]);
    }
  }
}

/** A label that fits the gutter. */
function shortened(label: string): string {
  return label.length > 6 ? `${label.slice(0, 5)}…` : label;
}

/** Neighbouring points that all fulfil a condition. */
function runsOf(points: readonly CurvePoint[], holds: (point: CurvePoint) => boolean): CurvePoint[][] {
  const runs: CurvePoint[][] = [];
  let isNew = true;
  for (const point of points) {
    if (!holds(point)) {
      isNew = true;
      continue;
    }
    if (isNew) runs.push([]);
    runs[runs.length - 1].push(point);
    isNew = false;
  }
  return runs;
}
