/** Value axes as pure numbers: interval, ticks, and position of a value. */

import { formatPercent, formatPlain, formatPower, formatValue } from '../../src/shared/numbers';
import { unexpected } from '../../src/shared/unexpected';
import type { Scaling } from './content';

export interface Axis {
  scaling: Scaling;
  low: number;
  high: number;
  ticks: number[];
}

/** Extent of the values for an axis. Low is above high if there are none. */
export interface Extent {
  low: number;
  high: number;
  /** Smallest value above zero, infinity without one. */
  lowPositive: number;
}

/** A symlog axis is linear inside ± this value and logarithmic outside. */
const linearInside = { symlog: 0.01, 'fine-symlog': 1e-5 };
type Symlog = keyof typeof linearInside;
/** Maximum number of labels beside a plot. */
const mostTicks = 5;

export function emptyExtent(): Extent {
  return { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, lowPositive: Number.POSITIVE_INFINITY };
}

export function widen(extent: Extent, value: number): void {
  if (!Number.isFinite(value)) return;
  if (value < extent.low) extent.low = value;
  if (value > extent.high) extent.high = value;
  if (value > 0 && value < extent.lowPositive) extent.lowPositive = value;
}

/**
 * Joins the extents of stable and diverged runs. Diverged runs may widen the axis by at most a decade, or by half on a linear axis,
 * and then run off, because otherwise they would flatten all other lines.
 */
export function joinExtents(stable: Extent, diverged: Extent, scaling: Scaling): Extent {
  if (stable.low > stable.high) return diverged;
  if (diverged.low > diverged.high) return stable;
  const room = scaling === 'linear' ? (stable.high - stable.low) / 2 : 0;
  const up = scaling === 'linear' ? stable.high + room : Math.max(stable.high * 10, stable.high);
  const down = scaling === 'linear' ? stable.low - room : Math.min(stable.low * 10, stable.low);
  return {
    low: Math.min(stable.low, Math.max(diverged.low, down)),
    high: Math.max(stable.high, Math.min(diverged.high, up)),
    lowPositive: Math.min(stable.lowPositive, Math.max(diverged.lowPositive, stable.lowPositive / 10)),
  };
}

/** 1, 2, 5 or 10 times a power of ten, near the value. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = value / power;
  return (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10) * power;
}

/** Exponents from low to high, thinned to those that are multiples of a round number. */
function thinnedExponents(low: number, high: number, most: number): number[] {
  const step = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50, 100].find((size) => (high - low) / size < most) ?? 200;
  const exponents: number[] = [];
  for (let exponent = Math.ceil(low / step) * step; exponent <= high; exponent += step) exponents.push(exponent);
  return exponents;
}

/** A logarithmic axis of less than a decade, between two of the numbers 1, 2, 5, 10, … */
function narrowLogAxis(extent: Extent): Axis {
  const first = Math.floor(Math.log10(extent.lowPositive)) - 1;
  const marks = Array.from({ length: 4 }, (_, decade) =>
    [1, 2, 5].map((digit) => digit * 10 ** (first + decade)),
  ).flat();
  const after = marks.findIndex((mark) => mark > extent.lowPositive * (1 + 1e-9));
  const from = Math.max(0, after - 1);
  const to = Math.max(
    from + 1,
    marks.findIndex((mark) => mark >= extent.high * (1 - 1e-9)),
  );
  return { scaling: 'log', low: marks[from], high: marks[to], ticks: marks.slice(from, to + 1) };
}

function logAxis(extent: Extent): Axis {
  const found = Number.isFinite(extent.lowPositive);
  if (found && extent.high / extent.lowPositive < 10) return narrowLogAxis(extent);
  let low = found ? Math.floor(Math.log10(extent.lowPositive) + 1e-9) : -1;
  let high = found ? Math.ceil(Math.log10(extent.high) - 1e-9) : 1;
  if (low === high) {
    low--;
    high++;
  }
  const ticks = thinnedExponents(low, high, mostTicks).map((exponent) => 10 ** exponent);
  return { scaling: 'log', low: 10 ** low, high: 10 ** high, ticks };
}

function symlogAxis(scaling: Symlog, extent: Extent): Axis {
  const found = extent.low <= extent.high;
  // The shortest axis ends a decade outside the linear part.
  const least = Math.round(Math.log10(linearInside[scaling])) + 1;
  const decade = (size: number) => 10 ** Math.max(least, Math.ceil(Math.log10(size) - 1e-9));
  const low = found ? (extent.low < 0 ? -decade(-extent.low) : 0) : -1;
  const high = found ? (extent.high > 0 ? decade(extent.high) : 0) : 1;
  const shortest = 10 ** least;
  if (low === 0 && high === 0) return { scaling, low: -shortest, high: shortest, ticks: [-shortest, 0, shortest] };
  const each = low < 0 && high > 0 ? 2 : 4;
  const side = (end: number) =>
    end === 0 ? [] : thinnedExponents(least, Math.round(Math.log10(end)), each).map((exponent) => 10 ** exponent);
  const ticks = [
    ...side(-low)
      .map((tick) => -tick)
      .reverse(),
    0,
    ...side(high),
  ];
  return { scaling, low, high, ticks };
}

function linearAxis(extent: Extent): Axis {
  const found = extent.low <= extent.high;
  const low = found ? extent.low : 0;
  const high = found ? extent.high : 1;
  const size = Math.max(high - low, Math.abs(high) * 1e-3, 1e-9);
  // The ends are rounded to a fine grid, so that the axis does not change with every frame.
  const grid = nice(size / 12);
  const bottom = Math.floor((low - size * 0.04) / grid) * grid;
  const top = Math.ceil((high + size * 0.04) / grid) * grid;
  const step = nice((top - bottom) / 3);
  const ticks: number[] = [];
  for (let tick = Math.ceil(bottom / step - 1e-9); tick * step <= top + step * 1e-9; tick++) ticks.push(tick * step);
  return { scaling: 'linear', low: bottom, high: top, ticks };
}

export function makeAxis(scaling: Scaling, extent: Extent): Axis {
  switch (scaling) {
    case 'linear':
      return linearAxis(extent);
    case 'log':
      return logAxis(extent);
    case 'symlog':
    case 'fine-symlog':
      return symlogAxis(scaling, extent);
    default:
      return unexpected(scaling);
  }
}

const unsymlog = (inside: number, u: number) => Math.sign(u) * inside * (10 ** Math.abs(u) - 1);
const symlog = (inside: number, value: number) => Math.sign(value) * Math.log10(1 + Math.abs(value) / inside);
const isSymlog = (scaling: Scaling): scaling is Symlog => scaling in linearInside;

function unscaled(scaling: Scaling, value: number): number {
  if (scaling === 'log') return value > 0 ? Math.log10(value) : Number.NaN;
  return isSymlog(scaling) ? symlog(linearInside[scaling], value) : value;
}

/** Position of a value, from 0 at the low end to 1 at the high end; NaN if a logarithmic axis cannot show it. */
export function positionOn({ scaling, low, high }: Axis): (value: number) => number {
  const from = unscaled(scaling, low);
  const size = unscaled(scaling, high) - from;
  return (value) => (unscaled(scaling, value) - from) / size;
}

export function position(axis: Axis, value: number): number {
  return positionOn(axis)(value);
}

/** The value at a position: the inverse of the above. */
export function valueAtPosition({ scaling, low, high }: Axis, place: number): number {
  const [from, to] = [unscaled(scaling, low), unscaled(scaling, high)];
  const u = from + place * (to - from);
  if (scaling === 'log') return 10 ** u;
  return isSymlog(scaling) ? unsymlog(linearInside[scaling], u) : u;
}

export function tickLabel(axis: Axis, tick: number, format: 'value' | 'percent'): string {
  if (tick === 0) return format === 'percent' ? '0 %' : '0';
  if (format === 'percent') return formatPercent(tick).replace('.0', '');
  const isPower = Math.abs(Math.log10(Math.abs(tick)) - Math.round(Math.log10(Math.abs(tick)))) < 1e-9;
  if (axis.scaling !== 'linear' && isPower) return formatPower(tick);
  return Math.abs(tick) >= 0.001 && Math.abs(tick) < 1e5 ? formatPlain(tick) : formatValue(tick);
}
