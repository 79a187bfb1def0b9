/** What a chart is to show, apart from how it is drawn: lines and bands over the steps, with the values printed above them. */

import type { Frames } from '../../src/shared/frameColumns';
import type { RunData } from '../session/store';
import type { ArmStyle } from '../view/arms';
import type { Marker } from '../view/markers';

/** Whose numbers they are: a run, or all seeds of an arm together. */
export interface Source {
  frames: Frames;
  state: Pick<RunData['state'], 'divergedAt'>;
}

/** One number at each frame of a run. */
export interface Series {
  /** Names it in the data table and aloud: `hidden3`, `BatchNorm, test`. */
  name: string;
  run: Source;
  /** NaN where it is missing. */
  at(frame: number): number;
  /** The same key, the same numbers of the same frames; without one they may be others each time. */
  key?: string;
  /** Not measured at every frame (the test set), so that a missing value is no gap. */
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
  /** As of a series. */
  key?: string;
  colour: string;
  opacity: number;
  /** As of a series. */
  sparse?: boolean;
  /** Its edges are lines of the chart, which have the numbers. */
  lined?: boolean;
  /** Runs off the axis rather than press the lines together. */
  soft?: boolean;
}

/** How a run's numbers at one tap lay, histogram after histogram, darker where they were denser. */
export interface Heat {
  run: RunData;
  /** Place in the run's rows of histograms. */
  place: number;
  edges: Float64Array;
  colour: string;
}

export type Swatch =
  | { kind: 'arm'; style: ArmStyle }
  | { kind: 'line'; colour: string; width: number }
  | { kind: 'dots'; colour: string };

/** A value printed above the chart. Without a series only the swatch and the label are. */
export interface Reading {
  swatch?: Swatch;
  label?: string;
  series?: Series;
}

/** Something that happened at a step. */
export interface Happening {
  kind: 'diverged' | 'changed';
  step: number;
  colour: string;
}

export type Scaling = 'linear' | 'log' | 'symlog';

export interface ChartContent {
  title: string;
  /** Said behind the title in a second voice: unit, axis, what is faint. */
  unit: string;
  scaling: Scaling;
  /** Values that the axis holds whatever is drawn. */
  include?: number[];
  /** How values are written, on the axis and above it. */
  format: 'value' | 'percent';
  lines: Line[];
  bands: Band[];
  heat?: Heat;
  readings: Reading[];
  happenings: Happening[];
  /** Right end of the step axis. */
  steps: number;
}

/** The newest step of which the chart shows a value. */
export function lastStepOf(content: ChartContent): number {
  const runs = [...content.lines.map((line) => line.series.run), ...content.bands.map((band) => band.run)];
  return Math.max(0, ...runs.map((run) => run.frames.lastStep));
}

/** The value of a series at a step: of the last frame up to there that has one, none after its run diverged. */
export function valueAt(series: Series, step: number): number {
  const { frames, state } = series.run;
  if (state.divergedAt && step >= state.divergedAt.step && step > frames.lastStep) return Number.NaN;
  let frame = frames.frameAt(step);
  if (series.sparse) while (frame >= 0 && !Number.isFinite(series.at(frame))) frame--;
  return frame >= 0 ? series.at(frame) : Number.NaN;
}

/** A channel of a run as a series; undefined when the run has no such channel. */
export function channelSeries(run: RunData, channel: string, name: string, sparse = false): Series | undefined {
  const place = run.places.get(channel);
  if (place === undefined) return undefined;
  const { frames } = run;
  return { name, run, at: (frame) => frames.at(place, frame), key: String(place), sparse };
}
