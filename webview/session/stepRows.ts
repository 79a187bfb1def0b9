/** Recorded data of a run at some of its steps, in ascending order. */
import * as l10n from '@vscode/l10n';
import { countUpTo } from '../../src/shared/rising';

/** Maximum number of rows, more than a scrubber can resolve; beyond it, every second row is dropped. */
const mostRows = 512;

export class StepRows<Row> {
  private steps: number[] = [];
  private rows: Row[] = [];

  get count(): number {
    return this.steps.length;
  }

  /** Index of the last row at or before a step; −1 if there is none. */
  rowAt(step: number): number {
    return countUpTo(this.steps, step) - 1;
  }

  stepOf(row: number): number {
    return this.steps[row];
  }

  protected row(row: number): Row {
    return this.rows[row];
  }

  /** Skips steps that are not later than the last one: they are known already. */
  protected add(step: number, row: Row): void {
    if (step <= (this.steps.at(-1) ?? -1)) return;
    this.steps.push(step);
    this.rows.push(row);
    if (this.steps.length <= mostRows) return;
    this.steps = this.steps.filter((_, k) => k % 2 === 0);
    this.rows = this.rows.filter((_, k) => k % 2 === 0);
  }
}

/** The problem of a block whose steps are out of order, or undefined. */
export function disorder(what: 'histograms' | 'predictions', steps: Uint32Array): string | undefined {
  for (let k = 1; k < steps.length; k++) {
    if (steps[k] > steps[k - 1]) continue;
    return what === 'histograms'
      ? l10n.t`histograms came out of order at step ${steps[k]}`
      : l10n.t`predictions came out of order at step ${steps[k]}`;
  }
  return undefined;
}
