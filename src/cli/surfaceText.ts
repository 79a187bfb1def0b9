/** Formats a sweep's results for a terminal: one table per arm, all on the same scale. */

import * as l10n from '@vscode/l10n';
import { cellInWords, type Slice, type Surfaces, surfaces } from '../experiment/sweep/surface';
import { count } from '../experiment/words';
import { type Cell, metricNames, type SweptRun, shadeOf } from '../shared/sweep/cells';
import { type Axis, valueInWords } from '../shared/sweep/grid';
import { type Colours, printable } from './console';
import { table } from './textTable';

/** Maximum number of tables. More would scroll out of view. */
const mostTables = 24;
const mostColumns = 16;
const levels = [...'▁▂▃▄▅▆▇█'];

/** Paragraphs; empty without a sweep. */
export function surfacesText(
  axes: readonly Axis[],
  arms: readonly string[],
  outcomes: readonly SweptRun[],
  colours: Colours,
): string[] {
  const all = surfaces(axes, arms, outcomes);
  if (all && !all.range && !outcomes.some(({ status }) => status === 'diverged')) return [];
  if (!all) return axes.length > 0 ? [l10n.t('The sweep has too many points for tables: --json has every run.')] : [];
  const tables = all.arms.flatMap(({ arm, slices }) => slices.map((slice) => sliceText(arm, slice, all, colours)));
  const shown = tables.slice(0, mostTables);
  if (tables.length > shown.length)
    shown.push(l10n.t`${count(tables.length - shown.length, 'more table')} (--json has all)`);
  return [l10n.t`Mean ${metricNames[all.metric]} over the seeds, all tables on one scale, ▁ worst to █ best`, ...shown];
}

function sliceText(arm: string, { where, cells }: Slice, all: Surfaces, colours: Colours): string {
  const { rows, columns } = all;
  const heading = colours.bold(printable(where ? `${arm}, ${where}` : arm));
  // A terminal is too narrow for many columns, so print one row per pair of values.
  if (columns && columns.values.length > mostColumns) {
    const lines = rows.values.flatMap((row, r) =>
      columns.values.map((column, c) => [value(row), value(column), shownCell(cells[r][c], all)]),
    );
    return `${heading}\n${table([right(rows.name), right(columns.name), right(l10n.t('mean'))], lines)}`;
  }
  const titles = columns
    ? columns.values.map((each) => right(`${columns.name} ${value(each)}`))
    : [right(l10n.t('mean'))];
  const lines = rows.values.map((row, r) => [value(row), ...cells[r].map((cell) => shownCell(cell, all))]);
  return `${heading}\n${table([right(rows.name), ...titles], lines)}`;
}

function right(title: string) {
  return { title: printable(title), align: 'right' as const };
}

function value(each: unknown): string {
  return printable(valueInWords(each));
}

function shownCell(cell: Cell, all: Surfaces): string {
  const words = cellInWords(cell, all.metric);
  if (cell.mean === null) return words;
  return `${levels[Math.round(shadeOf(cell.mean, all.range, all.metric) * (levels.length - 1))]} ${words}`;
}
