/** The user's selections. The editor saves them while the page is hidden or reloaded; they are never part of the experiment. */
import type { ChartChoice } from '../../src/protocol';
import { type HistogramKind, histogramKinds } from './histogramKind';
import type { Horizontal } from './period';

export const sweepViews = ['heat', 'curves', 'parallel'] as const;
export type SweepViewName = (typeof sweepViews)[number];

/** First and last slot of an axis, or null for all. */
export type SlotRange = readonly [first: number, last: number] | null;

export interface Choices {
  /** Null follows the seed that trains. */
  seed: number | null;
  /** The seed of one session that was followed last. */
  followed: { session: string; seed: number } | null;
  /** Position on each axis of the sweep. */
  point: number[] | null;
  /** Metric of the sweep results. */
  cellMetric: string | null;
  /** How sweep results are shown; null by the number of axes. */
  sweepView: SweepViewName | null;
  /** JSON Pointer of the horizontal axis of a sweep's curves; null for the default. */
  sweepX: string | null;
  /** JSON Pointer of the axis whose values are a sweep's curves, or `arms`; null for the default. */
  sweepLines: string | null;
  /** First and last slot of each axis that filters the combinations of one session; null does not filter. */
  sweepFilter: { session: string; slots: SlotRange[] } | null;
  /** Arms hidden in the legend. */
  hidden: string[];
  /** The arm that is shown layer by layer. */
  arm: string | null;
  layer: string | null;
  tap: string | null;
  histogramKind: HistogramKind;
  /** Charts show one seed, or all seeds as a band around their mean or as single lines. */
  seeds: 'one' | 'band' | 'each';
  /** Window of smoothing, as a share of all steps; 0 for none. */
  smoothing: number;
  arrangement: 'overlaid' | 'beside';
  /** Horizontal axis of the charts of logs of another program. */
  horizontal: Horizontal;
  layerView: 'all' | 'one';
  /** Order and visibility of charts; empty until the user changes them. The host saves it for the workspace. */
  charts: ChartChoice[];
  /** Charts whose data tables are open. */
  tables: string[];
  /** Whether the notes are unfolded below their first line. */
  notesOpen: boolean;
  /** The selected step of one session; null follows the latest step. */
  selectedStep: { session: string; step: number } | null;
  /** The steps of one session that the charts show; null shows all. */
  zoom: { session: string; from: number; to: number } | null;
}

export const noChoices: Choices = {
  seed: null,
  followed: null,
  point: null,
  cellMetric: null,
  sweepView: null,
  sweepX: null,
  sweepLines: null,
  sweepFilter: null,
  hidden: [],
  arm: null,
  layer: null,
  tap: null,
  histogramKind: 'values',
  seeds: 'one',
  smoothing: 0,
  arrangement: 'overlaid',
  horizontal: 'step',
  layerView: 'one',
  charts: [],
  tables: [],
  notesOpen: false,
  selectedStep: null,
  zoom: null,
};

/** Available smoothing windows. */
export const smoothings = [0, 0.01, 0.02, 0.05, 0.1];

/** The value if it is one of the options, otherwise the first option. */
function oneOf<Item extends string>(value: unknown, options: readonly [Item, ...Item[]]): Item {
  return options.find((option) => option === value) ?? options[0];
}

export function isChartChoice(value: unknown): value is ChartChoice {
  if (typeof value !== 'object' || value === null) return false;
  const { id, shown } = value as Record<string, unknown>;
  return typeof id === 'string' && typeof shown === 'boolean';
}

/** Restores saved choices; invalid values get their defaults. */
export function readChoices(saved: unknown): Choices {
  if (typeof saved !== 'object' || saved === null) return { ...noChoices };
  const fields = saved as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const strings = (value: unknown) =>
    Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  return {
    seed: typeof fields.seed === 'number' ? fields.seed : null,
    followed: followedOf(fields.followed),
    point: placesOf(fields.point),
    cellMetric: text(fields.cellMetric),
    sweepView: sweepViews.find((view) => view === fields.sweepView) ?? null,
    sweepX: text(fields.sweepX),
    sweepLines: text(fields.sweepLines),
    sweepFilter: sweepFilterOf(fields.sweepFilter),
    hidden: strings(fields.hidden),
    arm: text(fields.arm),
    layer: text(fields.layer),
    tap: text(fields.tap),
    histogramKind: oneOf(fields.histogramKind, histogramKinds),
    seeds: oneOf(fields.seeds, ['one', 'band', 'each']),
    smoothing: smoothings.find((share) => share === fields.smoothing) ?? 0,
    arrangement: oneOf(fields.arrangement, ['overlaid', 'beside']),
    horizontal: oneOf(fields.horizontal, ['step', 'relative', 'wall']),
    layerView: oneOf(fields.layerView, ['one', 'all']),
    charts: Array.isArray(fields.charts) ? fields.charts.filter(isChartChoice) : [],
    tables: strings(fields.tables),
    notesOpen: fields.notesOpen === true,
    selectedStep: selectedStepOf(fields.selectedStep ?? fields.held),
    zoom: zoomOf(fields.zoom),
  };
}

function placesOf(saved: unknown): number[] | null {
  const isPlace = (place: unknown): place is number => Number.isInteger(place) && (place as number) >= 0;
  return Array.isArray(saved) && saved.every(isPlace) ? saved : null;
}

function sweepFilterOf(saved: unknown): Choices['sweepFilter'] {
  if (typeof saved !== 'object' || saved === null) return null;
  const { session, slots } = saved as Record<string, unknown>;
  const isRange = (range: unknown): range is SlotRange =>
    range === null || (Array.isArray(range) && range.length === 2 && placesOf(range) !== null && range[0] <= range[1]);
  return typeof session === 'string' && Array.isArray(slots) && slots.every(isRange) ? { session, slots } : null;
}

function followedOf(saved: unknown): Choices['followed'] {
  if (typeof saved !== 'object' || saved === null) return null;
  const { session, seed } = saved as Record<string, unknown>;
  return typeof session === 'string' && typeof seed === 'number' ? { session, seed } : null;
}

function selectedStepOf(saved: unknown): Choices['selectedStep'] {
  if (typeof saved !== 'object' || saved === null) return null;
  const { session, step } = saved as Record<string, unknown>;
  return typeof session === 'string' && typeof step === 'number' && step >= 0 ? { session, step } : null;
}

function zoomOf(saved: unknown): Choices['zoom'] {
  if (typeof saved !== 'object' || saved === null) return null;
  const { session, from, to } = saved as Record<string, unknown>;
  const isSpan = typeof from === 'number' && typeof to === 'number' && from >= 0 && to > from;
  return typeof session === 'string' && isSpan ? { session, from, to } : null;
}
