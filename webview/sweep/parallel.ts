/**
 * Parallel coordinates of a sweep: one line for each combination of arm and swept values, over one axis for the arms, one for each
 * swept value and one for the metric. Pure numbers: positions are from 0 at the bottom to 1 at the top.
 */

import * as l10n from '@vscode/l10n';
import { formatCell, metricNames, shadeOf } from '../../src/shared/sweep/cells';
import { type Axis, Grid, valueInWords } from '../../src/shared/sweep/grid';
import { unexpected } from '../../src/shared/unexpected';
import { emptyExtent, makeAxis, positionOn, tickLabel, valueAtPosition, widen } from '../charts/axis';
import type { ArmStyle } from '../view/armStyle';
import type { SlotRange } from '../view/choices';
import type { Places } from '../view/point';
import { metricScaling, type SweepCell, type SweepResults } from './results';
import { axisLabel, type SweptAxis, sweptAxis } from './sweptAxis';

/** A value of an axis, or a part of a continuous axis: what a filter selects. */
export interface Slot {
  /** Ends on the axis. */
  low: number;
  high: number;
  words: string;
  /** Ends of the values in it, if the axis is continuous. */
  values?: readonly [number, number];
}

export interface ParallelAxis {
  kind: 'arms' | 'swept' | 'metric';
  name: string;
  /** In ascending position. */
  slots: Slot[];
  /** With a shorter form for narrow places. */
  ticks: { at: number; words: string; short?: string }[];
}

export interface Combination {
  arm: string;
  style: ArmStyle;
  places: Places;
  cell: SweepCell;
  /** From 0 for the worst to 1 for the best mean; null if all its runs diverged. */
  level: number | null;
  /** Slot and position on each axis. */
  slots: number[];
  positions: number[];
}

export interface ParallelContent {
  axes: ParallelAxis[];
  /** From the worst to the best, so that the best are drawn last. */
  combinations: Combination[];
  /** Number of combinations with a result, of which only some may be listed. */
  found: number;
  results: SweepResults;
}

/** Most lines in a chart. */
export const mostCombinations = 10_000;
/** Parts of the axis of the metric that a filter distinguishes. */
const metricSlots = 20;
/** Share of an axis below the metric's values where the combinations that diverged end. */
const divergedRoom = 0.1;
/** Share of the distance between two values within which lines are apart. */
const spreadShare = 0.6;
const widestSpread = 0.08;

/** @param arms Visible arms, in order. */
export function parallelContent(
  results: SweepResults,
  arms: readonly { name: string; style: ArmStyle }[],
): ParallelContent {
  const grid = new Grid(results.axes);
  const found = arms.flatMap((arm) =>
    [...results.cellsOf(arm.name)].flatMap(([index, cell]) =>
      cell.mean === null && cell.diverged === 0 ? [] : [{ arm, index, cell }],
    ),
  );
  const level = ({ mean }: SweepCell) => (mean === null ? null : shadeOf(mean, results.range, results.metric));
  const ranked = found
    .map((each) => ({ ...each, level: level(each.cell) }))
    .sort((a, b) => (a.level ?? -1) - (b.level ?? -1));
  const listed = thinned(ranked);

  const hasDiverged = listed.some((each) => each.level === null);
  const metric = metricAxis(results, hasDiverged);
  const armAxis =
    arms.length > 1
      ? [
          categories(
            'arms',
            l10n.t('arm'),
            arms.map(({ name }) => name),
          ),
        ]
      : [];
  const swept = results.axes.map(({ values }) => sweptAxis(values));
  const sweptAxes = results.axes.map((axis, k) => sweptOf(axis, swept[k]));
  const axes = [...armAxis, ...sweptAxes, metric.axis];
  const ranks = swept.map(({ order }) => {
    const rank = new Array<number>(order.length);
    for (const [k, place] of order.entries()) rank[place] = k;
    return rank;
  });

  const combinations = listed.map(({ arm, index, cell, level }): Combination => {
    const places = grid.places(index);
    const end = metric.positionOf(cell.mean);
    const slots = [
      ...(armAxis.length > 0 ? [arms.length - 1 - arms.indexOf(arm)] : []),
      ...places.map((place, k) => ranks[k][place]),
      slotAt(metric.axis, end),
    ];
    const positions = slots.map((slot, k) => (k === slots.length - 1 ? end : spread(axes[k].slots, slot, end)));
    return { arm: arm.name, style: arm.style, places, cell, level, slots, positions };
  });
  return { axes, combinations, found: found.length, results };
}

/** Evenly spaced by rank, including the worst and the best. */
function thinned<Item>(ranked: Item[]): Item[] {
  if (ranked.length <= mostCombinations) return ranked;
  const step = (ranked.length - 1) / (mostCombinations - 1);
  return Array.from({ length: mostCombinations }, (_, k) => ranked[Math.round(k * step)]);
}

/** Lines through one value are apart, in the order of their metric, so that each can be seen and chosen. */
function spread(slots: readonly Slot[], slot: number, end: number): number {
  const { low, high } = slots[slot];
  const size = Math.min(widestSpread, spreadShare * (high - low));
  return (low + high) / 2 + size * (end - 0.5);
}

/** Slots around ascending positions, scaled so that the outer ones are inside the axis, too. */
function slotsAround(positions: readonly number[], words: readonly string[]): Slot[] {
  if (positions.length === 1) return [{ low: 0, high: 1, words: words[0] }];
  const gaps = positions.slice(1).map((position, k) => position - positions[k]);
  const half = Math.min(0.5, Math.max(...gaps) / 2);
  const scale = (position: number) => (position + half) / (1 + 2 * half);
  return positions.map((position, k) => {
    const below = k === 0 ? half : Math.min(half, gaps[k - 1] / 2);
    const above = k === gaps.length ? half : Math.min(half, gaps[k] / 2);
    // Symmetric, so that the middle of a slot is the value.
    const reach = Math.min(below, above);
    return { low: scale(position - reach), high: scale(position + reach), words: words[k] };
  });
}

function withTicks(kind: ParallelAxis['kind'], name: string, slots: Slot[]): ParallelAxis {
  return { kind, name, slots, ticks: slots.map(({ low, high, words }) => ({ at: (low + high) / 2, words })) };
}

/** The first is at the top. */
function categories(kind: ParallelAxis['kind'], name: string, words: readonly string[]): ParallelAxis {
  const upwards = words.toReversed();
  return withTicks(
    kind,
    name,
    slotsAround(
      upwards.map((_, k) => (upwards.length < 2 ? 0.5 : k / (upwards.length - 1))),
      upwards,
    ),
  );
}

function sweptOf({ name, values }: Axis, { positions, order }: SweptAxis): ParallelAxis {
  const axis = withTicks(
    'swept',
    name,
    slotsAround(
      order.map((place) => positions[place]),
      order.map((place) => valueInWords(values[place])),
    ),
  );
  return {
    ...axis,
    ticks: axis.ticks.map((tick, k) => ({
      ...tick,
      words: axisLabel(values[order[k]]),
      short: briefly(values[order[k]]),
    })),
  };
}

/** `1e-4` instead of `0.0001`. */
function briefly(value: unknown): string {
  return typeof value === 'number' && value !== 0
    ? Number(value.toPrecision(2)).toExponential().replace('e+', 'e')
    : valueInWords(value);
}

function metricAxis(
  { metric, range }: SweepResults,
  hasDiverged: boolean,
): { axis: ParallelAxis; positionOf(mean: number | null): number } {
  const extent = emptyExtent();
  for (const end of range ?? []) widen(extent, end);
  const scale = makeAxis(metricScaling(metric, extent.low, extent.high), extent);
  const position = positionOn(scale);
  const start = hasDiverged ? divergedRoom : 0;
  const placed = (share: number) => start + (1 - start) * Math.max(0, Math.min(1, share));
  const positionOf = (mean: number | null) => (mean === null ? 0 : placed(position(mean)));
  const format = metric.endsWith('Accuracy') ? 'percent' : 'value';
  const edges = Array.from({ length: metricSlots + 1 }, (_, k) => k / metricSlots);
  const slots = edges.slice(1).map((high, k): Slot => {
    const values = [valueAtPosition(scale, edges[k]), valueAtPosition(scale, high)] as const;
    return {
      low: placed(edges[k]),
      high: placed(high),
      words: l10n.t`${formatCell(values[0], metric)} to ${formatCell(values[1], metric)}`,
      values,
    };
  });
  const diverged = hasDiverged ? [{ low: 0, high: start / 2, words: l10n.t('diverged') }] : [];
  return {
    positionOf,
    axis: {
      kind: 'metric',
      name: metricNames[metric],
      slots: [...diverged, ...slots],
      ticks: [
        ...diverged.map(({ low, words }) => ({ at: low, words })),
        ...scale.ticks.map((tick) => ({ at: placed(position(tick)), words: tickLabel(scale, tick, format) })),
      ],
    },
  };
}

/** The slot that contains a position, or the nearest one. */
export function slotAt({ slots }: Pick<ParallelAxis, 'slots'>, position: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [k, { low, high }] of slots.entries()) {
    const distance = position < low ? low - position : position > high ? position - high : 0;
    if (distance < least) [best, least] = [k, distance];
  }
  return best;
}

/** Filters that apply to these axes: those of other axes are ignored. */
export function soundFilter(axes: readonly ParallelAxis[], filter: readonly SlotRange[]): SlotRange[] {
  return axes.map(({ slots }, k) => {
    const range = filter.length === axes.length ? filter[k] : null;
    return range && range[1] < slots.length ? range : null;
  });
}

/** Combinations that all filters include. */
export function filtered(combinations: readonly Combination[], filter: readonly SlotRange[]): Combination[] {
  return combinations.filter(({ slots }) =>
    filter.every((range, k) => range === null || (slots[k] >= range[0] && slots[k] <= range[1])),
  );
}

/** Next filter of an axis by key: one slot up or down, or a longer range. */
export function movedFilter(range: SlotRange, slots: number, direction: 1 | -1, extend: boolean): SlotRange {
  const last = slots - 1;
  if (!range) return direction > 0 ? [0, 0] : [last, last];
  if (!extend) {
    const at = (direction > 0 ? range[1] : range[0]) + direction;
    return at < 0 || at > last ? null : [at, at];
  }
  return direction > 0 ? [range[0], Math.min(last, range[1] + 1)] : [Math.max(0, range[0] - 1), range[1]];
}

/** `all`, `0.01`, `0.01 to 0.1`, `60 % to 75 %`. */
export function filterWords(
  { slots, kind }: ParallelAxis,
  range: SlotRange,
  format: (value: number) => string,
): string {
  if (!range) return l10n.t({ message: 'all', comment: 'A filter that includes all values' });
  const [first, last] = [slots[range[0]], slots[range[1]]];
  if (first === last) return first.words;
  switch (kind) {
    case 'arms':
    case 'swept':
      return l10n.t`${first.words} to ${last.words}`;
    case 'metric':
      return l10n.t`${first.values ? format(first.values[0]) : first.words} to ${last.values ? format(last.values[1]) : last.words}`;
    default:
      return unexpected(kind);
  }
}

/**
 * The line nearest to a point between the first and the last axis, if it is near enough; of equally near ones, the last.
 * @param x From 0 at the first axis to 1 at the last.
 */
export function nearestLine(
  combinations: readonly Combination[],
  x: number,
  y: number,
  most: number,
): Combination | null {
  let nearest: Combination | null = null;
  let least = most;
  for (const combination of combinations) {
    const { positions } = combination;
    const at = Math.max(0, Math.min(positions.length - 1, x * (positions.length - 1)));
    const from = Math.min(positions.length - 2, Math.floor(at));
    const height = positions[from] + (positions[from + 1] - positions[from]) * (at - from);
    const distance = Math.abs(height - y);
    if (distance <= least) [nearest, least] = [combination, distance];
  }
  return nearest;
}
