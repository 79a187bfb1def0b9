/** The interval of steps that all charts show, and how it changes by zooming and panning. */
import * as l10n from '@vscode/l10n';
import { formatCount } from '../../src/shared/numbers';

export interface Span {
  from: number;
  to: number;
}

/** Fewest steps that a chart shows. */
const fewest = 4;

/** A span of whole steps within the run, with at least a few of them. */
function within(from: number, size: number, steps: number): Span {
  const width = Math.min(steps, Math.max(fewest, Math.round(size)));
  const start = Math.round(Math.max(0, Math.min(steps - width, from)));
  return { from: start, to: start + width };
}

export function isWhole({ from, to }: Span, steps: number): boolean {
  return from <= 0 && to >= steps;
}

export function isInside({ from, to }: Span, step: number): boolean {
  return step >= from && step <= to;
}

/** Position of a step: 0 at the start, 1 at the end. */
export function shareOf({ from, to }: Span, step: number): number {
  return (step - from) / (to - from);
}

/** The span between two steps in either order. */
export function spanBetween(a: number, b: number, steps: number): Span {
  return within(Math.min(a, b), Math.abs(b - a), steps);
}

/**
 * @param factor Below 1 to zoom in.
 * @param about Step that keeps its place.
 */
export function zoomed({ from, to }: Span, steps: number, factor: number, about: number): Span {
  // Grows or shrinks by a step at least.
  const wanted = (to - from) * factor;
  const size = factor > 1 ? Math.max(to - from + 1, wanted) : Math.min(to - from - 1, wanted);
  const share = (about - from) / (to - from);
  const width = Math.min(steps, Math.max(fewest, size));
  return within(about - share * width, width, steps);
}

/** @param by Steps to the right. */
export function panned({ from, to }: Span, steps: number, by: number): Span {
  return within(from + by, to - from, steps);
}

/** `steps 200–450`. */
export function spanInWords({ from, to }: Span): string {
  return l10n.t`steps ${formatCount(from)}–${formatCount(to)}`;
}

/** `step 1,200`. */
export function stepInWords(step: number): string {
  return l10n.t`step ${formatCount(step)}`;
}
