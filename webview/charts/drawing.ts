/** A chart's content thinned to pixels, on its axis, in colours that a canvas understands. */
import type { Marker } from '../markers';
import type { Font, Theme } from '../theme';
import { type Point, type Spread, thin, thinBand } from '../thin';
import { type Axis, type Extent, emptyExtent, joinExtents, makeAxis, position, widen } from './axis';
import { type ChartContent, type Happening, type Heat, lastStepOf, type Series, type Source } from './content';

export interface DrawnLine {
  points: Point[];
  colour: string;
  width: number;
  opacity: number;
  dash: number[];
  dots: boolean;
  marker?: Marker;
  label?: { text: string; bold: boolean };
  /** The last point up to a step that has a value on the axis. */
  lastAt(step: number): Point | undefined;
}

export interface DrawnBand {
  spreads: Spread[];
  colour: string;
  opacity: number;
}

export interface Drawing {
  axis: Axis;
  format: 'value' | 'percent';
  lines: DrawnLine[];
  bands: DrawnBand[];
  heat: Heat | null;
  happenings: Happening[];
  /** Right end of the step axis. */
  steps: number;
  /** The newest step. */
  lastStep: number;
  tokens: { text: string; dim: string; background: string; grid: string; axis: string };
  font: Font;
}

/** What an axis is to hold: runs that hold, and what may run off it. */
interface Extents {
  held: Extent;
  loose: Extent;
}

function extentsFor(contents: ChartContent[]): Extents {
  const extents = { held: emptyExtent(), loose: emptyExtent() };
  for (const value of contents.flatMap(({ include }) => include ?? [])) widen(extents.held, value);
  return extents;
}

function extentOf({ held, loose }: Extents, { state }: Source, soft = false): Extent {
  return state.divergedAt || soft ? loose : held;
}

function axisOf({ scaling }: ChartContent, { held, loose }: Extents): Axis {
  return makeAxis(scaling, joinExtents(held, loose, scaling));
}

/** One axis for charts of the same numbers, so that they can be held against each other. */
export function sharedAxis(contents: ChartContent[]): Axis {
  const extents = extentsFor(contents);
  for (const { lines, bands } of contents) {
    for (const { series } of lines) {
      const extent = extentOf(extents, series.run);
      for (let frame = 0; frame < series.run.frames.count; frame++) widen(extent, series.at(frame));
    }
    for (const { run, low, high, soft } of bands) {
      const extent = extentOf(extents, run, soft);
      for (let frame = 0; frame < run.frames.count; frame++) {
        widen(extent, low(frame));
        widen(extent, high(frame));
      }
    }
  }
  return axisOf(contents[0], extents);
}

/**
 * @param pixels Width of the plot.
 * @param shared The axis, where the chart does not choose its own.
 */
export function prepare(content: ChartContent, theme: Theme, pixels: number, shared?: Axis): Drawing {
  const extents = extentsFor([content]);
  const end = content.steps;

  const lines = content.lines.map((line): DrawnLine => {
    const { series } = line;
    const { frames } = series.run;
    const points = thin(frames.steps, frames.count, (frame) => series.at(frame), {
      end,
      pixels,
      sparse: series.sparse,
    });
    const extent = extentOf(extents, series.run);
    for (const point of points) widen(extent, point.y);
    return {
      points,
      colour: theme.colour(line.colour),
      width: line.width,
      opacity: line.opacity ?? 1,
      dash: line.dash ?? [],
      dots: line.dots ?? false,
      marker: line.marker,
      label: line.label,
      lastAt: (step) => lastPoint(series, axis, step),
    };
  });
  const bands = content.bands.map((band): DrawnBand => {
    const { frames } = band.run;
    const spreads = thinBand(frames.steps, frames.count, band.low, band.high, { end, pixels, sparse: band.sparse });
    const extent = extentOf(extents, band.run, band.soft);
    for (const spread of spreads) {
      widen(extent, spread.low);
      widen(extent, spread.high);
    }
    return { spreads, colour: theme.colour(band.colour), opacity: band.opacity };
  });

  const axis = shared ?? axisOf(content, extents);
  // What the axis cannot show is a gap, zero on a logarithmic one above all.
  for (const line of lines) {
    for (const point of line.points) if (!Number.isFinite(position(axis, point.y))) point.y = Number.NaN;
  }
  return {
    axis,
    format: content.format,
    lines,
    bands,
    heat: content.heat ? { ...content.heat, colour: theme.colour(content.heat.colour) } : null,
    happenings: content.happenings.map((happening) => ({ ...happening, colour: theme.colour(happening.colour) })),
    steps: end,
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
