/**
 * Content of the curves of a sweep: a metric against the values of one axis. Lines are arms, or the values of a second axis, and then
 * each arm has a chart of its own.
 */
import * as l10n from '@vscode/l10n';
import { count } from '../../src/shared/counts';
import { formatCount, noValue, shortestDecimal } from '../../src/shared/numbers';
import { type Cell, formatCell, metricNames } from '../../src/shared/sweep/cells';
import { type Axis, Grid, valueInWords } from '../../src/shared/sweep/grid';
import { emptyExtent, joinExtents, makeAxis, type Axis as ValueAxis, widen } from '../charts/axis';
import type { ArmStyle } from '../view/armStyle';
import type { Places } from '../view/point';
import { halfWidth, metricScaling, noRuns, type SweepCell, type SweepResults } from './results';
import { type SweptAxis, sweptAxis } from './sweptAxis';

export interface CurvePoint {
  /** Place on the horizontal axis. */
  place: number;
  /** From 0 to 1. */
  x: number;
  /** Places of the point on all axes. */
  at: Places;
  cell: SweepCell;
  /** Half the width of the 95 % interval; null with fewer than two seeds. */
  half: number | null;
}

export interface Curve {
  arm: string;
  style: ArmStyle;
  /** Place on the axis that makes the lines; null if lines are arms. */
  line: number | null;
  /** Name in tooltip, table and legend. */
  name: string;
  /** Label at the end of the line; empty if lines are arms. */
  label: string;
  /** From 0 for the first to 1 for the last value of the axis that makes the lines. */
  depth: number;
  /** Whether its point at the selected place is the selected point. */
  isChosen: boolean;
  /** Whether its interval is a band. */
  hasBand: boolean;
  /** In ascending x. */
  points: CurvePoint[];
}

export interface CurveChartContent {
  /** The arm of all curves; null if each has its own. */
  arm: { name: string; style: ArmStyle } | null;
  curves: Curve[];
  horizontal: Axis;
  swept: SweptAxis;
  /** Axis that makes the lines; null if lines are arms. */
  lines: Axis | null;
  vertical: ValueAxis;
  /** Selected place on the horizontal axis. */
  chosen: number;
  results: SweepResults;
}

/** Number of values of a second axis up to which they are lines unless the user chooses otherwise. */
const mostLines = 8;
/** Most lines in one chart. */
export const mostCurves = 24;

/** Which axis is horizontal, and which makes the lines: −1 for arms. */
export interface CurveChoice {
  horizontal: number;
  lines: number;
}

/**
 * The user's choice if it applies; otherwise, the axis with the most numbers is horizontal, and the other one of two axes makes the
 * lines if it has few values.
 * @param horizontal JSON Pointer. @param lines JSON Pointer, or `arms`.
 */
export function curveChoice(axes: readonly Axis[], horizontal: string | null, lines: string | null): CurveChoice {
  const wanted = axes.findIndex(({ pointer }) => pointer === horizontal);
  const numbers = axes.map(({ values }) => (values.every((value) => typeof value === 'number') ? values.length : 0));
  const first = wanted >= 0 ? wanted : Math.max(0, numbers.indexOf(Math.max(...numbers)));
  const others = axes.flatMap((_, k) => (k === first ? [] : [k]));
  const chosen = others.find((k) => axes[k].pointer === lines);
  if (chosen !== undefined) return { horizontal: first, lines: chosen };
  const isFew = others.length === 1 && axes[others[0]].values.length <= mostLines;
  return { horizontal: first, lines: lines === null && isFew ? others[0] : -1 };
}

/** @param arms Visible arms, in order. */
export function curveCharts(
  results: SweepResults,
  arms: readonly { name: string; style: ArmStyle }[],
  { horizontal, lines }: CurveChoice,
  places: Places,
): CurveChartContent[] {
  const { axes } = results;
  const swept = sweptAxis(axes[horizontal].values);
  const other = lines < 0 ? null : axes[lines];
  const curvesOf = (arm: { name: string; style: ArmStyle }): Curve[] => {
    const placesOfLines = other ? linePlaces(other.values.length, places[lines]) : [null];
    return placesOfLines.map((line, k) => {
      const words = other && line !== null ? valueInWords(other.values[line]) : '';
      const isChosen = line === null || line === places[lines];
      return {
        arm: arm.name,
        style: arm.style,
        line,
        name: other ? `${other.name} ${words}` : arm.name,
        label: words,
        depth: placesOfLines.length < 2 ? 1 : k / (placesOfLines.length - 1),
        isChosen,
        hasBand: isChosen,
        points: swept.order.map((place) => {
          const at = [...places];
          at[horizontal] = place;
          if (line !== null) at[lines] = line;
          const cell = results.cellAt(arm.name, at) ?? noRuns;
          return { place, x: swept.positions[place], at, cell, half: halfWidth(cell) };
        }),
      };
    });
  };
  const byArm = arms.map(curvesOf);
  const vertical = verticalAxis(byArm.flat(), results);
  const common = { horizontal: axes[horizontal], swept, lines: other, vertical, chosen: places[horizontal], results };
  return other
    ? byArm.map((curves, k) => ({ arm: { name: arms[k].name, style: arms[k].style }, curves, ...common }))
    : [{ arm: null, curves: byArm.flat(), ...common }];
}

/** Evenly spaced values if there are too many for a chart, including the selected one. */
function linePlaces(count: number, chosen: number): number[] {
  if (count <= mostCurves) return Array.from({ length: count }, (_, place) => place);
  const places = new Set(
    Array.from({ length: mostCurves }, (_, k) => Math.round((k * (count - 1)) / (mostCurves - 1))),
  );
  return [...places.add(chosen)].sort((a, b) => a - b);
}

/** One axis for all charts. Intervals do not widen it much, because the interval of two seeds is very wide. */
function verticalAxis(curves: readonly Curve[], { metric }: SweepResults): ValueAxis {
  const [means, intervals] = [emptyExtent(), emptyExtent()];
  const isShare = metric.endsWith('Accuracy');
  for (const { points, hasBand } of curves) {
    for (const { cell, half } of points) {
      if (cell.mean === null) continue;
      widen(means, cell.mean);
      if (!hasBand || half === null) continue;
      widen(intervals, isShare ? Math.max(0, cell.mean - half) : cell.mean - half);
      widen(intervals, isShare ? Math.min(1, cell.mean + half) : cell.mean + half);
    }
  }
  const scaling = metricScaling(metric, means.low, means.high);
  return makeAxis(scaling, joinExtents(means, intervals, scaling));
}

/** State of a point: what is drawn there. */
export function pointState({ cell }: Pick<CurvePoint, 'cell'>): 'trained' | 'partly' | 'diverged' | 'none' {
  if (cell.mean === null) return cell.diverged > 0 ? 'diverged' : 'none';
  return cell.diverged > 0 ? 'partly' : 'trained';
}

/** `67.5 % ± 2.1`, `✕ diverged`, `–`. */
export function valueOfCell(cell: Cell, { metric }: Pick<SweepResults, 'metric'>): string {
  if (cell.mean === null) return cell.diverged > 0 ? `✕ ${l10n.t('diverged')}` : noValue;
  const half = halfWidth(cell);
  const value = formatCell(cell.mean, metric);
  if (half === null) return value;
  return `${value} ± ${formatCell(half, metric).replace(/ %$/, '')}`;
}

/** `2 of 3 seeds, 1 diverged`, `1 seed, no interval`; says what is missing. */
export function seedsOfCell(cell: SweepCell): string {
  const { planned } = cell;
  if (planned === 0) return l10n.t('not run');
  const others = cell.ended - cell.counted - cell.diverged;
  const parts = [
    cell.counted < planned
      ? l10n.t`${formatCount(cell.counted)} of ${count(planned, 'seed')}`
      : count(cell.counted, 'seed'),
    cell.counted === 1 ? l10n.t('no interval') : '',
    cell.diverged > 0 ? l10n.t`${formatCount(cell.diverged)} diverged` : '',
    others > 0 ? l10n.t`${formatCount(others)} without a result` : '',
    cell.ended < planned ? l10n.t`${formatCount(planned - cell.ended)} not finished` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** `learningRate 0.1`. */
export function placeWords({ horizontal }: Pick<CurveChartContent, 'horizontal'>, place: number): string {
  return `${horizontal.name} ${valueInWords(horizontal.values[place])}`;
}

/** The point of a curve at a place. */
export function pointAt({ points }: Curve, place: number): CurvePoint | undefined {
  return points.find((point) => point.place === place);
}

/** Name of the chart: `test accuracy over learningRate (logarithmic)`. */
export function chartWords({ results, horizontal, swept, arm }: CurveChartContent): string {
  const words =
    swept.kind === 'log'
      ? l10n.t`${metricNames[results.metric]} over ${horizontal.name} (logarithmic)`
      : l10n.t`${metricNames[results.metric]} over ${horizontal.name}`;
  return arm ? `${words}, ${arm.name}` : words;
}

/** Text alternative: the values at the selected place, and the best value of each curve. */
export function describeCurves(content: CurveChartContent): string {
  const { results, curves, chosen } = content;
  const sign = results.metric.endsWith('Loss') ? -1 : 1;
  const words = curves.map((curve) => {
    const here = pointAt(curve, chosen);
    const best = bestOf(curve, sign);
    const own = `${curve.name} ${here ? valueOfCell(here.cell, results) : noValue}`;
    return best ? l10n.t`${own}; best ${valueOfCell(best.cell, results)} at ${placeWords(content, best.place)}` : own;
  });
  return l10n.t`${chartWords(content)}. At ${placeWords(content, chosen)}: ${words.join('. ')}.`;
}

function bestOf({ points }: Curve, sign: number): CurvePoint | undefined {
  let best: CurvePoint | undefined;
  for (const point of points) {
    if (point.cell.mean === null) continue;
    if (best?.cell.mean == null || sign * point.cell.mean > sign * best.cell.mean) best = point;
  }
  return best;
}

/** Exact numbers of cells for other programs: arm, the swept values, mean, interval and counts. */
export function resultRows(
  { axes, metric, cellAt }: SweepResults,
  points: Iterable<{ arm: string; places: Places }>,
): (string | number)[][] {
  const head = [
    'arm',
    ...axes.map(({ name }) => name),
    `mean ${metric}`,
    // not translated: headings of CSV
    ...['95 % interval from', '95 % interval to', 'runs counted'],
    'diverged',
  ];
  const grid = new Grid(axes);
  const rows = [...points].map(({ arm, places }) => {
    const cell = cellAt(arm, places) ?? noRuns;
    const half = halfWidth(cell) ?? Number.NaN;
    const mean = cell.mean ?? Number.NaN;
    const point = grid.pointAt(places);
    return [
      arm,
      ...axes.map(({ pointer }) => valueInWords(point[pointer])),
      ...[mean, mean - half, mean + half].map(shortestDecimal),
      cell.counted,
      cell.diverged,
    ];
  });
  return [head, ...rows];
}
