/** What the sections share: where a card's content comes from. */
import type { ChartContent, Happening, Line } from '../charts/content';
import type { Shown } from '../shown';
import { ownChanges } from '../steering/settings';

/** A chart of a section: its id, and its content for what is shown now, or null when there is nothing to show. */
export interface ChartDefinition {
  id: string;
  content(shown: Shown): ChartContent | null;
}

/** Where drawn arms diverged or changed their settings, marked in every chart. */
export function happenings(shown: Shown): Happening[] {
  return shown.drawn.flatMap(({ run: { state }, style: { colour } }): Happening[] => [
    ...ownChanges(state).map(({ at }) => ({ kind: 'changed' as const, step: at, colour })),
    ...(state.divergedAt ? [{ kind: 'diverged' as const, step: state.divergedAt.step, colour }] : []),
  ]);
}

/** Lines of equal weight are drawn in their order; what stands out is drawn last, above the others. */
export function boldLast(lines: Line[]): Line[] {
  return [...lines].sort((a, b) => Number(a.label?.bold ?? false) - Number(b.label?.bold ?? false));
}
