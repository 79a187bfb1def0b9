/** A chart's content thinned to pixels, on its axis, in colours that a canvas understands. */
import type { Marker } from '../markers';
import type { Font, Theme } from '../theme';
import { type Point, type Spread, thin, thinBand } from '../thin';
import { type Axis, emptyExtent, joinExtents, makeAxis, position, widen } from './axis';
import { type ChartContent, type Happening, type Heat, lastStepOf, type Series } from './content';

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

/** @param pixels Width of the plot. */
export function prepare(content: ChartContent, theme: Theme, pixels: number): Drawing {
  const held = emptyExtent();
  const diverged = emptyExtent();
  const end = content.steps;
  for (const value of content.include ?? []) widen(held, value);

  const lines = content.lines.map((line): DrawnLine => {
    const { series } = line;
    const { frames, state } = series.run;
    const points = thin(frames.steps, frames.count, (frame) => series.at(frame), {
      end,
      pixels,
      sparse: series.sparse,
    });
    const extent = state.divergedAt ? diverged : held;
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
    const { frames, state } = band.run;
    const spreads = thinBand(frames.steps, frames.count, band.low, band.high, { end, pixels });
    const extent = state.divergedAt ? diverged : held;
    for (const spread of spreads) {
      widen(extent, spread.low);
      widen(extent, spread.high);
    }
    return { spreads, colour: theme.colour(band.colour), opacity: band.opacity };
  });

  const axis = makeAxis(content.scaling, joinExtents(held, diverged, content.scaling));
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
