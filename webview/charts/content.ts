/** Content of a chart, independent of drawing: lines and bands over the steps, with the values printed above them. */

import * as l10n from '@vscode/l10n';
import type { Frames } from '../../src/shared/frameColumns';
import { formatCount } from '../../src/shared/numbers';
import { channelReader } from '../session/channelReader';
import type { RunData } from '../session/store';
import type { ArmStyle } from '../view/armStyle';
import type { Marker } from '../view/markers';
import type { TimeAxis } from '../view/period';
import type { Span } from '../view/span';
import type { Name } from './names';

/** Origin of the numbers: a run, or all seeds of an arm. */
export interface Source {
  frames: Frames;
  state: Pick<RunData['state'], 'divergedAt'>;
  /** When its frames were logged; absent if unknown. */
  clock?: Clock | undefined;
  /** The same with steps, if its frames are on an axis of time. */
  of?: Source;
}

export interface Clock {
  /** Seconds since 1970 of the run's first value. */
  first: number;
  /** Seconds since 1970 of a frame; NaN if unknown. */
  at(frame: number): number;
}

/** One number per frame of a run. */
export interface Series {
  /** Name in the data table and the text alternative: `hidden3`, `BatchNorm, test`. */
  name: Name;
  run: Source;
  /** NaN if missing. */
  at(frame: number): number;
  /** Equal keys mean equal numbers for the same frames; without a key the numbers may differ each time. */
  key?: string;
  /** Whether values are not measured at every frame (test set), so that a missing value is not a gap. */
  sparse?: boolean;
  /** For a mean over seeds: the number of seeds in it at a step, and of all planned seeds. */
  seeds?: { countAt(step: number): number; planned: number };
  /** What the chart shows around the value, and its ends at a step; NaN if missing. */
  spread?: { words(range: string): string; at(step: number): readonly [low: number, high: number] };
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
  /** Has an edge in the background's colour, to be clear on a heat map. */
  edged?: boolean;
  /** Drawn at the last value. */
  marker?: Marker;
  /** Written behind the last value. */
  label?: { text: string; bold: boolean };
}

export interface Band {
  name: Name;
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
  /** The arm that has this band instead of a line. */
  arm?: ArmStyle;
}

/** Distribution of a run's values at one tap over time, coloured by density. */
export interface Heat {
  run: RunData;
  /** Index in the run's rows of histograms. */
  place: number;
  edges: Float64Array;
}

export type Swatch =
  | { kind: 'arm'; style: ArmStyle }
  | { kind: 'line'; colour: string; width: number }
  | { kind: 'dots'; colour: string }
  | { kind: 'palette' };

/** A value printed above the chart. Without a series, only the swatch and the label are printed. */
export interface Reading {
  swatch?: Swatch;
  label?: string;
  /** The label where there is room. */
  long?: string;
  series?: Series;
  /** Whether only the tooltip has it. */
  isExtra?: boolean;
}

/** The values printed above the chart. */
export function legendOf({ readings }: ChartContent): Reading[] {
  return readings.filter(({ isExtra }) => !isExtra);
}

/** An event at a step. */
export interface Happening {
  kind: 'diverged' | 'changed';
  step: number;
  colour: string;
}

/** `fine-symlog` is for gradients, which are smaller. */
export type Scaling = 'linear' | 'log' | 'symlog' | 'fine-symlog';

export interface ChartContent {
  title: string;
  /** The title where there is little room. */
  short: string;
  /** Dim text behind the title: unit, axis, meaning of faint lines. */
  unit: string;
  /** The same without what the page says elsewhere: the layer, the tap, the seeds. */
  brief?: string;
  scaling: Scaling;
  /** Values that the axis always contains. */
  include?: number[];
  /** A value to compare with, drawn as a horizontal line. */
  guide?: number;
  /** Number format, on the axis and above it. */
  format: 'value' | 'percent';
  lines: Line[];
  bands: Band[];
  heat?: Heat;
  readings: Reading[];
  happenings: Happening[];
  /** The steps that the chart shows, and the number of planned steps. */
  span: Span;
  steps: number;
  /** Given if the chart is over time: all its steps are then seconds. */
  time?: TimeAxis;
}

/** The latest step for which the chart has a value. */
export function lastStepOf(content: ChartContent): number {
  const runs = [...content.lines.map((line) => line.series.run), ...content.bands.map((band) => band.run)];
  return Math.max(0, ...runs.map((run) => run.frames.lastStep));
}

/** The value of a series at a step: the last value up to there; none after the last frame of its run. */
export function valueAt(series: Series, step: number): number {
  const frame = frameFor(series, step);
  return frame >= 0 ? series.at(frame) : Number.NaN;
}

/** The frame with the value at a step; −1 without a value. */
export function frameFor(series: Series, step: number): number {
  const { frames } = series.run;
  if (step > frames.lastStep) return -1;
  let frame = frames.frameAt(step);
  if (series.sparse) while (frame >= 0 && !Number.isFinite(series.at(frame))) frame--;
  return frame;
}

/** `3 of 20 seeds` if a mean lacks seeds at a step; otherwise empty. */
export function missingSeeds(series: Series, step: number): string {
  if (!series.seeds) return '';
  const { countAt, planned } = series.seeds;
  const count = countAt(step);
  return count > 0 && count < planned ? l10n.t`${formatCount(count)} of ${formatCount(planned)} seeds` : '';
}

/** A channel of a run as a series; undefined if the run has no such channel. */
export function channelSeries(run: RunData, channel: string, name: Name, sparse = false): Series | undefined {
  const reader = channelReader(run, channel);
  return reader && { name, run, ...reader, sparse: sparse || run.isLogged };
}
