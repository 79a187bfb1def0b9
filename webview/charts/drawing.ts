/** A chart's content thinned to pixels, with its axis and with colours for a canvas. */
import type { Marker } from '../view/markers';
import type { Period } from '../view/period';
import { isWhole, type Span } from '../view/span';
import type { Font, Theme } from '../view/theme';
import { type Axis, type Extent, emptyExtent, joinExtents, makeAxis, position, widen } from './axis';
import { type ChartContent, type Happening, type Heat, lastStepOf, type Series, type Source } from './content';
import { type BandTrace, Thinned, type Trace } from './thin';

/** A value at a step. */
export interface Point {
  x: number;
  y: number;
}

export interface DrawnLine {
  trace: Trace;
  colour: string;
  width: number;
  opacity: number;
  dash: number[];
  dots: boolean;
  /** Colour of its edge; null without one. */
  edge: string | null;
  marker?: Marker;
  label?: { text: string; bold: boolean };
  /** The last point up to a step that has a value on the axis. */
  lastAt(step: number): Point | undefined;
}

export interface DrawnBand {
  trace: BandTrace;
  colour: string;
  opacity: number;
}

export interface Drawing {
  axis: Axis;
  format: 'value' | 'percent';
  lines: DrawnLine[];
  bands: DrawnBand[];
  heat: Heat | null;
  /** Value of a horizontal line to compare with, or null. */
  guide: number | null;
  happenings: Happening[];
  /** The steps of the axis. */
  span: Span;
  /** Whether they are a part of all steps. */
  isPartial: boolean;
  /** Given if the axis is of time. */
  period: Period | null;
  /** The latest step. */
  lastStep: number;
  tokens: { text: string; dim: string; background: string; grid: string; axis: string };
  font: Font;
}

/** Extents for the axis: of stable runs, and of diverged runs, which may run off. */
interface Extents {
  stable: Extent;
  diverging: Extent;
}

function extentsFor(contents: ChartContent[]): Extents {
  const extents = { stable: emptyExtent(), diverging: emptyExtent() };
  for (const { include = [], guide } of contents) {
    for (const value of include) widen(extents.stable, value);
    if (guide !== undefined) widen(extents.stable, guide);
  }
  return extents;
}

function extentOf({ stable, diverging }: Extents, { state }: Source, soft = false): Extent {
  return state.divergedAt || soft ? diverging : stable;
}

function axisOf({ scaling }: ChartContent, { stable, diverging }: Extents): Axis {
  return makeAxis(scaling, joinExtents(stable, diverging, scaling));
}

/** One axis for charts of the same quantity, so that they are comparable. */
export function sharedAxis(contents: ChartContent[]): Axis {
  const extents = extentsFor(contents);
  for (const { lines, bands, span } of contents) {
    for (const { series } of lines) {
      const extent = extentOf(extents, series.run);
      for (const frame of framesIn(series.run.frames, span)) widen(extent, series.at(frame));
    }
    for (const { run, low, high, soft } of bands) {
      const extent = extentOf(extents, run, soft);
      for (const frame of framesIn(run.frames, span)) {
        widen(extent, low(frame));
        widen(extent, high(frame));
      }
    }
  }
  return axisOf(contents[0], extents);
}

/** Visits the points of a trace on the step axis, or all of them if the axis is between two. */
function forVisible(trace: Trace | BandTrace, { from, to }: Span, visit: (place: number) => void): void {
  let any = false;
  for (let place = 0; place < trace.count; place++) {
    if (trace.x(place) < from || trace.x(place) > to) continue;
    any = true;
    visit(place);
  }
  for (let place = 0; !any && place < trace.count; place++) visit(place);
}

function* framesIn({ steps, count }: Source['frames'], { from, to }: Span): Generator<number> {
  for (let frame = 0; frame < count; frame++) if (steps[frame] >= from && steps[frame] <= to) yield frame;
}

/** Number of lines above which a plot is full and needs fewer points per line. */
const manyLines = 8;
const coarseColumn = 2;

/**
 * @param pixels Width of the plot.
 * @param shared The axis, if several charts share one.
 * @param thinned Cache from the previous drawing.
 */
export function prepare(
  content: ChartContent,
  theme: Theme,
  pixels: number,
  shared?: Axis,
  thinned = new Thinned(),
): Drawing {
  const extents = extentsFor([content]);
  const { from: start, to: end } = content.span;
  const columns = content.lines.length >= manyLines ? Math.ceil(pixels / coarseColumn) : pixels;
  thinned.begin();

  const lines = content.lines.map((line): DrawnLine => {
    const { series } = line;
    const { frames } = series.run;
    const trace = thinned.line(frames, series.key, { start, end, pixels: columns, sparse: series.sparse });
    trace.extend(frames, series.at);
    const extent = extentOf(extents, series.run);
    forVisible(trace, content.span, (place) => widen(extent, trace.y(place)));
    return {
      trace,
      colour: theme.colour(line.colour),
      width: line.width,
      opacity: line.opacity ?? 1,
      dash: line.dash ?? [],
      dots: line.dots ?? false,
      edge: line.edged ? theme.colour('var(--bg)') : null,
      marker: line.marker,
      label: line.label,
      lastAt: (step) => lastPoint(series, axis, step),
    };
  });
  const bands = content.bands.map((band): DrawnBand => {
    const { frames } = band.run;
    const trace = thinned.band(frames, band.key, { start, end, pixels, sparse: band.sparse });
    trace.extend(frames, band.low, band.high);
    const extent = extentOf(extents, band.run, band.soft);
    forVisible(trace, content.span, (place) => {
      widen(extent, trace.low(place));
      widen(extent, trace.high(place));
    });
    return { trace, colour: theme.colour(band.colour), opacity: band.opacity };
  });

  const axis = shared ?? axisOf(content, extents);
  return {
    axis,
    format: content.format,
    lines,
    bands,
    heat: content.heat ?? null,
    guide: content.guide ?? null,
    happenings: content.happenings.map((happening) => ({ ...happening, colour: theme.colour(happening.colour) })),
    span: content.span,
    isPartial: !isWhole(content.span, content.steps),
    period: content.time ?? null,
    lastStep: lastStepOf(content),
    tokens: {
      text: theme.colour('var(--fg)'),
      dim: theme.colour('var(--dim)'),
      background: theme.colour('var(--bg)'),
      grid: theme.colour('var(--grid)'),
      axis: theme.colour('var(--axis)'),
    },
    font: theme.font,
  };
}

/** The last value up to a step that the axis can show. */
function lastPoint({ run: { frames }, at }: Series, axis: Axis, step: number): Point | undefined {
  for (let frame = frames.frameAt(step); frame >= 0; frame--) {
    const y = at(frame);
    if (Number.isFinite(position(axis, y))) return { x: frames.steps[frame], y };
  }
  return undefined;
}
