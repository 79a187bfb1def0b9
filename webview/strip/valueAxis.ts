/** The strip's value axes, each the same for all layers, arms and steps: signed, linear around 0, logarithmic outside. */
import * as l10n from '@vscode/l10n';

export class ValueAxis {
  private readonly highest: number;

  /**
   * @param linearUpTo Magnitude up to which it is linear.
   * @param end Magnitude at both ends.
   */
  constructor(
    private readonly linearUpTo: number,
    readonly end: number,
    readonly ticks: readonly number[],
  ) {
    this.highest = this.decades(end);
  }

  private decades(value: number): number {
    return Math.sign(value) * Math.log10(1 + Math.abs(value) / this.linearUpTo);
  }

  /** Position on the axis: 0 at the negative end, 1 at the positive end; outside this range for values beyond. */
  positionOf(value: number): number {
    return (this.decades(value) / this.highest + 1) / 2;
  }

  valueAtPosition(position: number): number {
    const u = (2 * position - 1) * this.highest;
    return Math.sign(u) * this.linearUpTo * (10 ** Math.abs(u) - 1);
  }

  get words(): string {
    return l10n.t`up to ±${this.end} (linear inside ±${this.linearUpTo}, logarithmic outside)`;
  }
}

/** For activations, weights and parameters. */
export const valueAxis = new ValueAxis(0.01, 10, [1, 0, -1]);
/** For gradients, which are smaller and differ by more decades. The bins end at 1e-6. */
export const gradientAxis = new ValueAxis(1e-5, 1, [0.01, 0, -0.01]);
