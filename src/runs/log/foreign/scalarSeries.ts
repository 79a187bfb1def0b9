/**
 * The values of one tag of one run, in bounded memory for series of any length. Thinning removes nothing that a chart would show:
 * of every stretch of values, the smallest, the largest and the first that is not a number remain, besides the first and the
 * newest value of the series.
 */
import { countUpTo } from '../../../shared/rising';

/** Points of a series, in rising order of steps. Arrays of equal length. */
export interface ScalarPoints {
  /** As logged: exact up to 2^53, may be negative. */
  steps: Float64Array;
  /** Seconds since 1970; may jump with the clock of the machine that wrote them. */
  wallTimes: Float64Array;
  values: Float64Array;
}

/** Bytes of one stored point: step, wall time, value and ordinal. */
export const bytesPerPoint = 32;

const firstCapacity = 8;

export class ScalarSeries {
  count = 0;
  /** Changes when stored points change other than by appending. */
  generation = 0;
  private steps = new Float64Array(firstCapacity);
  private wallTimes = new Float64Array(firstCapacity);
  private values = new Float64Array(firstCapacity);
  /** Number of values that were appended before each point: the stretches of thinning are counted in values, because steps may jump. */
  private ordinals = new Float64Array(firstCapacity);
  private appended = 0;
  /** Values per stretch, when the series was last thinned: a power of two. */
  private stretch = 1;

  /** Points for which there is memory. */
  get capacity(): number {
    return this.steps.length;
  }

  /** Step of the first point, NaN without points. */
  get firstStep(): number {
    return this.count > 0 ? this.steps[0] : Number.NaN;
  }

  /** Step of the newest point, NaN without points. */
  get lastStep(): number {
    return this.count > 0 ? this.steps[this.count - 1] : Number.NaN;
  }

  get lastValue(): number {
    return this.count > 0 ? this.values[this.count - 1] : Number.NaN;
  }

  /**
   * Adds a value.
   * @param most Points that may be stored, at least 16.
   */
  append(step: number, wallTime: number, value: number, most: number): void {
    if (this.count === this.capacity || this.count >= most) this.makeRoom(most);
    const k = this.count++;
    this.steps[k] = step;
    this.wallTimes[k] = wallTime;
    this.values[k] = value;
    this.ordinals[k] = this.appended++;
  }

  /** Removes the points from a step on: they were replaced by a program that started again before it. */
  removeFrom(step: number): void {
    const before = this.count;
    while (this.count > 0 && this.steps[this.count - 1] >= step) this.count--;
    if (this.count < before) this.generation++;
  }

  /** Copies the points from the `from`-th on. */
  points(from = 0): ScalarPoints {
    const { count } = this;
    return {
      steps: this.steps.slice(from, count),
      wallTimes: this.wallTimes.slice(from, count),
      values: this.values.slice(from, count),
    };
  }

  /** Copies the points after a step. */
  after(step: number): ScalarPoints {
    return this.points(countUpTo(this.steps, step, this.count));
  }

  /** Reduces the series to fewer than `most` points, and frees the memory of the others. */
  limitTo(most: number): void {
    if (this.capacity <= most) return;
    while (this.count >= most) this.thin(most);
    this.resize(most);
  }

  /** Reduces the series to about three quarters of `most` points. */
  private thin(most: number): void {
    const { ordinals, count } = this;
    // Three points per stretch, besides the first and the newest, and one for a stretch that is cut.
    const stretches = Math.floor(most / 4) - 2;
    while ((ordinals[count - 1] - ordinals[0]) / this.stretch >= stretches) this.stretch *= 2;
    let left = 1;
    for (let from = 1; from < count - 1; ) {
      const index = Math.floor(ordinals[from] / this.stretch);
      let to = from + 1;
      while (to < count - 1 && Math.floor(ordinals[to] / this.stretch) === index) to++;
      left = this.keepExtremes(from, to, left);
      from = to;
    }
    this.move(count - 1, left++);
    this.count = left;
    this.generation++;
  }

  /** Moves the extremes of the points `from` … `to` − 1 to `left`, in their order. @returns Where the next ones go. */
  private keepExtremes(from: number, to: number, left: number): number {
    const { values } = this;
    let [least, largest, missing] = [-1, -1, -1];
    for (let k = from; k < to; k++) {
      if (Number.isNaN(values[k])) {
        if (missing < 0) missing = k;
        continue;
      }
      if (least < 0 || values[k] < values[least]) least = k;
      if (largest < 0 || values[k] > values[largest]) largest = k;
    }
    for (let k = from; k < to; k++) if (k === least || k === largest || k === missing) this.move(k, left++);
    return left;
  }

  private move(from: number, to: number): void {
    this.steps[to] = this.steps[from];
    this.wallTimes[to] = this.wallTimes[from];
    this.values[to] = this.values[from];
    this.ordinals[to] = this.ordinals[from];
  }

  private makeRoom(most: number): void {
    if (this.count >= most) this.thin(most);
    else this.resize(Math.min(most, this.capacity * 2));
  }

  private resize(capacity: number): void {
    const resized = (old: Float64Array) => {
      const array = new Float64Array(capacity);
      array.set(old.subarray(0, this.count));
      return array;
    };
    this.steps = resized(this.steps);
    this.wallTimes = resized(this.wallTimes);
    this.values = resized(this.values);
    this.ordinals = resized(this.ordinals);
  }
}
