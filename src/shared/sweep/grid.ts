/**
 * The grid of a sweep: its axes, and its points by their number. Points are made when they are asked for, so that a grid of
 * millions takes no more room than one of ten. The last axis runs fastest.
 */
import { parsePointer } from './pointer';

export interface Axis {
  /** JSON Pointer into the experiment. */
  pointer: string;
  /** What it is called: the pointer's last part, or more of it where two axes would be called the same. */
  name: string;
  values: readonly unknown[];
}

/** One point of a sweep: the JSON Pointer of each axis and the value taken there. Empty without a sweep. */
export type Point = Readonly<Record<string, unknown>>;

export class Grid {
  /** Number of points; 1 without an axis. */
  readonly size: number;

  constructor(readonly axes: readonly Axis[]) {
    this.size = axes.reduce((product, { values }) => product * values.length, 1);
  }

  /** Where each axis stands at a point. */
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
   * Numbers of points that have every value of every axis among them: all of a small grid, else each axis by itself with the
   * others at their first values, and the far corner.
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

/** Axes with names that tell them apart: `learningRate`, or `optimizer.momentum` beside `normalization.momentum`. */
export function namedAxes(sweep: Readonly<Record<string, readonly unknown[]>>): Axis[] {
  const pointers = Object.keys(sweep);
  const paths = pointers.map((pointer) => parsePointer(pointer) ?? [pointer]);
  const nameAt = (k: number, parts: number) => paths[k].slice(-parts).join('.');
  return pointers.map((pointer, k) => {
    let parts = 1;
    const isTaken = () => pointers.some((_, other) => other !== k && nameAt(other, parts) === nameAt(k, parts));
    while (parts < paths[k].length && isTaken()) parts++;
    return { pointer, name: nameAt(k, parts), values: sweep[pointer] };
  });
}

/** A value of an axis in a few characters: numbers as they are, objects by their kind. */
export function valueInWords(value: unknown): string {
  if (typeof value === 'number') {
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential().replace('e+', 'e') : String(value);
  }
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** `learningRate 0.1, gain 1.5`; empty without a sweep. Axes that the point lacks are left out. */
export function pointInWords(point: Point, axes: readonly Pick<Axis, 'pointer' | 'name'>[]): string {
  return axes
    .filter(({ pointer }) => pointer in point)
    .map(({ pointer, name }) => `${name} ${valueInWords(point[pointer])}`)
    .join(', ');
}

/** The same where the axes are not at hand: names are as short as the point alone allows. */
export function pointWithoutAxes(point: Point): string {
  const sweep = Object.fromEntries(Object.entries(point).map(([pointer, value]) => [pointer, [value]]));
  return pointInWords(point, namedAxes(sweep));
}

/** Equal points have equal keys, whatever made them. */
export function pointKey(point: Point): string {
  const pointers = Object.keys(point).sort();
  return pointers.length === 0 ? '' : JSON.stringify(pointers.map((pointer) => [pointer, point[pointer]]));
}
