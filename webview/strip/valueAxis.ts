/** The strip's one value axis, the same for all layers, arms and steps: signed, linear inside ±0.01, logarithmic outside, up to ±10. */

const linearUpTo = 0.01;
export const end = 10;
export const ticks = [1, 0, -1];

const decades = (value: number) => Math.sign(value) * Math.log10(1 + Math.abs(value) / linearUpTo);
const highest = decades(end);

/** Position on the axis: 0 at −10, 1 at 10; outside this range for values beyond. */
export function positionOf(value: number): number {
  return (decades(value) / highest + 1) / 2;
}

export function valueAtPosition(position: number): number {
  const u = (2 * position - 1) * highest;
  return Math.sign(u) * linearUpTo * (10 ** Math.abs(u) - 1);
}
