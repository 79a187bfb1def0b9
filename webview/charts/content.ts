/** Content of a chart, independent of drawing: lines and bands over the steps, with the values printed above them. */

import type { Frames } from '../../src/shared/frameColumns';
import type { RunData } from '../session/store';
import type { ArmStyle } from '../view/armStyle';
import type { Marker } from '../view/markers';

/** Origin of the numbers: a run, or all seeds of an arm. */
export interface Source {
  frames: Frames;
  state: Pick<RunData['state'], 'divergedAt'>;
}

/** One number per frame of a run. */
export interface Series {
  /** Name in the data table and the text alternative: `hidden3`, `BatchNorm, test`. */
  name: string;
  run: Source;
  /** NaN if missing. */
  at(frame: number): number;
  /** Equal keys mean equal numbers for the same frames; without a key the numbers may differ each time. */
  key?: string;
  /** Whether values are not measured at every frame (test set), so that a missing value is not a gap. */
  sparse?: boolean;
}

export interface Line {
  series: Series;
  /** A CSS expression. */
  colour: string;
  /** Pixels. */
  width: number;
  opacity?: number;
  dash?: number[];
  /** Drawn as dots instead of a line. */
  dots?: boolean;
  /** Drawn at the last value. */
  marker?: Marker;
  /** Written behind the last value. */
  label?: { text: string; bold: boolean };
}

export interface Band {
  name: string;
  run: Source;
  low(frame: number): number;
  high(frame: number): number;
  /** See `Series`. */
  key?: string;
  colour: string;
  opacity: number;
  /** See `Series`. */
  sparse?: boolean;
  /** Whether its edges are lines of the chart, which have the numbers. */
  lined?: boolean;
  /** Whether it may run off the axis instead of flattening the lines. */
  soft?: boolean;
}

/** Distribution of a run's values at one tap over time, shaded by density. */
export interface Heat {
  run: RunData;
  /** Index in the run's rows of histograms. */
  place: number;
  edges: Float64Array;
  colour: string;
}

export type Swatch =
  | { kind: 'arm'; style: ArmStyle }
  | { kind: 'line'; colour: string; width: number }
  | { kind: 'dots'; colour: string };

/** A value printed above the chart. Without a series, only the swatch and the label are printed. */
export interface Reading {
  swatch?: Swatch;
  label?: string;
  series?: Series;
}

/** An event at a step. */
export interface Happening {
  kind: 'diverged' | 'changed';
  step: number;
  colour: string;
}

export type Scaling = 'linear' | 'log' | 'symlog';

export interface ChartContent {
  title: string;
  /** Dim text behind the title: unit, axis, meaning of faint lines. */
  unit: string;
  scaling: Scaling;
  /** Values that the axis always contains. */
  include?: number[];
  /** Number format, on the axis and above it. */
  format: 'value' | 'percent';
  lines: Line[];
  bands: Band[];
  heat?: Heat;
  readings: Reading[];
  happenings: Happening[];
  /** Right end of the step axis. */
  steps: number;
}

/** The latest step for which the chart has a value. */
export function lastStepOf(content: ChartContent): number {
  const runs = [...content.lines.map((line) => line.series.run), ...content.bands.map((band) => band.run)];
  return Math.max(0, ...runs.map((run) => run.frames.lastStep));
}

/** The value of a series at a step: the last value up to there; none after its run diverged. */
export function valueAt(series: Series, step: number): number {
  const { frames, state } = series.run;
  if (state.divergedAt && step >= state.divergedAt.step && step > frames.lastStep) return Number.NaN;
  let frame = frames.frameAt(step);
  if (series.sparse) while (frame >= 0 && !Number.isFinite(series.at(frame))) frame--;
  return frame >= 0 ? series.at(frame) : Number.NaN;
}

/** A channel of a run as a series; undefined if the run has no such channel. */
export function channelSeries(run: RunData, channel: string, name: string, sparse = false): Series | undefined {
  const place = run.places.get(channel);
  if (place === undefined) return undefined;
  const { frames } = run;
  return { name, run, at: (frame) => frames.at(place, frame), key: String(place), sparse };
}
