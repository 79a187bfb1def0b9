/** What the sections share: where a card's content comes from. */

import type { ChartContent, Happening, Line } from '../charts/content';
import { ownChanges } from '../steering/changes';
import type { Chart } from '../view/chartChoice';
import type { Shown } from '../view/shown';

/** Content of a chart under the title that its definition gives. */
export type UntitledContent = Omit<ChartContent, 'title'>;

/** Declares a chart: its id, its title, and its content for what is shown now, or null when there is nothing to show. */
export interface ChartDefinition extends Chart {
  content(shown: Shown): UntitledContent | null;
}

/** Where drawn arms diverged or changed their settings, marked in every chart. */
export function happenings(shown: Shown): Happening[] {
  return shown.drawn.flatMap(({ run, runs, style: { colour } }) =>
    (shown.seeds === 'one' ? [run] : runs).flatMap(({ state }): Happening[] => [
      ...ownChanges(state).map(({ at }) => ({ kind: 'changed' as const, step: at, colour })),
      ...(state.divergedAt ? [{ kind: 'diverged' as const, step: state.divergedAt.step, colour }] : []),
    ]),
  );
}

/** Said of a chart that looks into one network, where others show all seeds. */
export function oneSeed(shown: Shown): string {
  return shown.seeds === 'one' || shown.seed === null ? '' : `seed ${shown.seed}`;
}

/** Lines of equal weight are drawn in their order; what stands out is drawn last, above the others. */
export function boldLast(lines: Line[]): Line[] {
  return [...lines].sort((a, b) => Number(a.label?.bold ?? false) - Number(b.label?.bold ?? false));
}
