/** Scalars of one tag that has only a name, at the steps at which it was logged. */

import * as l10n from '@vscode/l10n';
import type { TagValues } from '../../src/protocol';
import type { Frames } from '../../src/shared/frameColumns';
import { countUpTo } from '../../src/shared/rising';

/** Steps of charts are 32-bit numbers; the host remarks on others. */
const largestStep = 0xffff_ffff;

export class TagSeries implements Frames {
  steps = new Uint32Array(0);
  values = new Float64Array(0);
  private times = new Float64Array(0);
  generation = 0;
  /** Points that came, and how many of those before each are in `steps`. */
  private received = 0;
  private leftOut: number[] = [];

  /** @param lastStepOfRun The last value of a tag is that of its run until the run ends. */
  constructor(private readonly lastStepOfRun: () => number) {}

  get count(): number {
    return this.steps.length;
  }

  get lastStep(): number {
    return this.count === 0 ? 0 : Math.max(this.steps[this.count - 1], this.lastStepOfRun());
  }

  /** NaN outside the existing points. */
  at(point: number): number {
    return this.values[point] ?? Number.NaN;
  }

  /** Seconds since 1970 at which a point was logged. */
  timeOf(point: number): number {
    return this.times[point] ?? Number.NaN;
  }

  /** Index of the last point at or before a step; −1 without one. */
  frameAt(step: number): number {
    return countUpTo(this.steps, step, this.count) - 1;
  }

  /** @returns The problem of a message, which is then left out, or undefined. */
  receive({ from, steps, values, times }: Pick<TagValues, 'from' | 'steps' | 'values' | 'times'>): string | undefined {
    if (steps.length !== values.length || steps.length !== times.length)
      return l10n.t`${steps.length} steps came with ${values.length} values and ${times.length} times`;
    if (from > this.received) return l10n.t`points from ${from} came, but only ${this.received} before`;
    for (let k = 1; k < steps.length; k++) {
      if (!(steps[k] > steps[k - 1])) return l10n.t`points came out of order at step ${steps[k]}`;
    }
    if (from < this.received) this.generation++;
    this.leftOut = this.leftOut.filter((point) => point < from);
    const kept = from - this.leftOut.length;
    const shown: number[] = [];
    steps.forEach((step, k) => {
      if (step >= 0 && step <= largestStep) shown.push(k);
      else this.leftOut.push(from + k);
    });
    const newSteps = new Uint32Array(kept + shown.length);
    const newValues = new Float64Array(kept + shown.length);
    const newTimes = new Float64Array(kept + shown.length);
    newTimes.set(this.times.subarray(0, kept));
    newSteps.set(this.steps.subarray(0, kept));
    newValues.set(this.values.subarray(0, kept));
    shown.forEach((k, place) => {
      newSteps[kept + place] = steps[k];
      newValues[kept + place] = values[k];
      newTimes[kept + place] = times[k];
    });
    this.steps = newSteps;
    this.values = newValues;
    this.times = newTimes;
    this.received = from + steps.length;
    return undefined;
  }
}
