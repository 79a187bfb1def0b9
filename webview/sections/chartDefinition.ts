/** Helpers shared by the sections: content of a chart card. */

import * as l10n from '@vscode/l10n';
import type { ChartContent, Happening, Line } from '../charts/content';
import { ownChanges } from '../steering/runChanges';
import type { Chart } from '../view/chartChoice';
import type { Shown } from '../view/shown';

/** Content of a chart without the title, which its definition contains. */
export type UntitledContent = Omit<ChartContent, 'title' | 'short'>;

/** Declares a chart: its id, its title, and its content for the displayed data, or null without content. */
export interface ChartDefinition extends Chart {
  /** The title where there is little room. */
  short?: string;
  content(shown: Shown): UntitledContent | null;
}

/** Steps where visible arms diverged or changed their settings, marked in every chart. */
export function happenings(shown: Shown): Happening[] {
  return shown.drawn.flatMap(({ run, runs, style: { colour } }) =>
    (shown.seeds === 'one' ? [run] : runs).flatMap(({ state }): Happening[] => [
      ...ownChanges(state).map(({ at }) => ({ kind: 'changed' as const, step: at, colour })),
      ...(state.divergedAt ? [{ kind: 'diverged' as const, step: state.divergedAt.step, colour }] : []),
    ]),
  );
}

/** Remark on charts that show one network while others show all seeds. */
export function oneSeed(shown: Shown): string {
  return shown.seeds === 'one' || shown.seed === null ? '' : l10n.t`seed ${shown.seed}`;
}

/** Lines of equal weight keep their order; heavier lines are drawn last, on top. */
export function boldLast(lines: Line[]): Line[] {
  return [...lines].sort((a, b) => Number(a.label?.bold ?? false) - Number(b.label?.bold ?? false));
}
