/**
 * The grid of a sweep: its axes, and its points by index. Points are created on access, so a grid of millions of points needs no
 * more memory than one of ten. The last axis varies fastest.
 */
import { parsePointer } from './pointer';

export interface Axis {
  /** JSON Pointer into the experiment. */
  pointer: string;
  /** Name of the axis: the pointer's last part, or more of it if two axes would have the same name. */
  name: string;
  values: readonly unknown[];
}

/** One point of a sweep: the JSON Pointer of each axis and its value. Empty without a sweep. */
export type Point = Readonly<Record<string, unknown>>;

export class Grid {
  /** Number of points; 1 without an axis. */
  readonly size: number;

  constructor(readonly axes: readonly Axis[]) {
    this.size = axes.reduce((product, { values }) => product * values.length, 1);
  }

  /** Index of each axis's value at a point. */
  places(index: number): number[] {
    const places = new Array<number>(this.axes.length);
    let rest = index;
    for (let k = this.axes.length - 1; k >= 0; k--) {
      const { length } = this.axes[k].values;
      places[k] = rest % length;
      rest = Math.floor(rest / length);
    }
    return places;
  }

  indexAt(places: readonly number[]): number {
    return this.axes.reduce((index, { values }, k) => index * values.length + places[k], 0);
  }

  point(index: number): Point {
    return this.pointAt(this.places(index));
  }

  pointAt(places: readonly number[]): Point {
    return Object.fromEntries(this.axes.map(({ pointer, values }, k) => [pointer, values[places[k]]]));
  }

  /**
   * Indices of points that together contain every value of every axis: all points of a small grid, otherwise each axis alone
   * with the others at their first values, and the far corner.
   */
  sample(most = 1000): number[] {
    if (this.size <= most) return Array.from({ length: this.size }, (_, index) => index);
    const origin = this.axes.map(() => 0);
    const indices = new Set([0, this.size - 1]);
    this.axes.forEach(({ values }, axis) => {
      for (let place = 1; place < values.length; place++) {
        indices.add(this.indexAt(origin.map((at, k) => (k === axis ? place : at))));
      }
    });
    return [...indices].sort((a, b) => a - b);
  }
}

/** Gives axes distinct names: `learningRate`, or `optimizer.momentum` and `normalization.momentum`. */
export function namedAxes(sweep: Readonly<Record<string, readonly unknown[]>>): Axis[] {
  const pointers = Object.keys(sweep);
  const paths = pointers.map((pointer) => parsePointer(pointer) ?? [pointer]);
  const nameAt = (k: number, parts: number) => paths[k].slice(-parts).join('.');
  return pointers.map((pointer, k) => {
    let parts = 1;
    const isUsed = () => pointers.some((_, other) => other !== k && nameAt(other, parts) === nameAt(k, parts));
    while (parts < paths[k].length && isUsed()) parts++;
    return { pointer, name: nameAt(k, parts), values: sweep[pointer] };
  });
}

/** Formats a value of an axis in a few characters: numbers unchanged, objects by their kind. */
export function valueInWords(value: unknown): string {
  if (typeof value === 'number') {
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential().replace('e+', 'e') : String(value);
  }
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Formats a point: `learningRate 0.1, gain 1.5`; empty without a sweep. Axes that the point lacks are omitted. */
export function pointInWords(point: Point, axes: readonly Pick<Axis, 'pointer' | 'name'>[]): string {
  return axes
    .filter(({ pointer }) => pointer in point)
    .map(({ pointer, name }) => `${name} ${valueInWords(point[pointer])}`)
    .join(', ');
}

/** The same without the axes: names are as short as the point alone allows. */
export function pointWithoutAxes(point: Point): string {
  const sweep = Object.fromEntries(Object.entries(point).map(([pointer, value]) => [pointer, [value]]));
  return pointInWords(point, namedAxes(sweep));
}

/** Key of a point. Equal points have equal keys, regardless of their origin. */
export function pointKey(point: Point): string {
  const pointers = Object.keys(point).sort();
  return pointers.length === 0 ? '' : JSON.stringify(pointers.map((pointer) => [pointer, point[pointer]]));
}
