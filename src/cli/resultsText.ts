/** Formats the results of an experiment: every run, each arm over its seeds, and arms in pairs. */

import * as l10n from '@vscode/l10n';
import {
  mean,
  meanInWords,
  type ResultMetric,
  resultMetrics,
  resultOf,
  shownMetrics,
} from '../experiment/report/results';
import { count, quote } from '../experiment/words';
import type { RunSummary } from '../protocol';
import { formatCount, noValue } from '../shared/numbers';
import { statusInWords } from '../shared/statusWords';
import { type Axis, pointInWords, valueInWords } from '../shared/sweep/grid';
import { unexpected } from '../shared/unexpected';
import { type Colours, printable } from './console';
import { surfacesText } from './surfaceText';
import { type Cell, type Column, table } from './textTable';

/** Maximum number of a sweep's runs in the table of runs. The sweep's tables cover all of them. */
const mostRows = 60;
const mostDivergences = 10;

/** @param summaries Summaries in plan order. */
export function resultsText(summaries: readonly RunSummary[], axes: readonly Axis[], colours: Colours): string {
  // A regression has no accuracy, and a run that was cancelled early has no results.
  const shown = shownMetrics(summaries);
  const arms = [...new Set(summaries.map(({ arm }) => arm))];
  const seeds = new Set(summaries.map(({ seed }) => seed));
  if (axes.length > 0) {
    const rows = summaries.length > mostRows ? [] : [runsTable(summaries, axes, shown, colours)];
    return [...rows, ...divergences(summaries, axes), ...surfacesText(axes, arms, summaries, colours)].join('\n\n');
  }
  const parts = [runsTable(summaries, axes, shown, colours), ...divergences(summaries, axes)];
  if (seeds.size > 1) parts.push(armsTable(summaries, arms, shown, colours));
  if (seeds.size > 1 && arms.length > 1) parts.push(...pairsTable(summaries, arms, shown, colours));
  return parts.join('\n\n');
}

function columnsOf(first: Column[], shown: readonly ResultMetric[], last: Column[] = []): Column[] {
  return [...first, ...shown.map(({ title }) => ({ title, align: 'right' as const })), ...last];
}

function runsTable(
  summaries: readonly RunSummary[],
  axes: readonly Axis[],
  shown: readonly ResultMetric[],
  colours: Colours,
): string {
  const columns = columnsOf(
    [
      { title: l10n.t('arm') },
      ...axes.map(({ name }) => ({ title: printable(name), align: 'right' as const })),
      { title: l10n.t('seed'), align: 'right' },
      { title: l10n.t('status') },
      { title: l10n.t('steps'), align: 'right' },
    ],
    shown,
    [{ title: l10n.t('seconds'), align: 'right' }],
  );
  const rows = summaries.map((run): Cell[] => [
    printable(run.arm),
    ...axes.map(({ pointer }) => printable(valueInWords(run.point[pointer]))),
    String(run.seed),
    { text: statusInWords(run.status), paint: statusColour(run.status, colours) },
    formatCount(run.steps),
    ...shown.map((metric) => {
      const value = resultOf(metric, run);
      return value === undefined ? noValue : metric.format(value);
    }),
    run.seconds.toFixed(run.seconds < 10 ? 2 : 1),
  ]);
  return table(columns, rows, colours.bold);
}

function statusColour(status: RunSummary['status'], colours: Colours): (text: string) => string {
  switch (status) {
    case 'completed':
      return colours.green;
    case 'diverged':
    case 'cancelled':
      return colours.yellow;
    case 'failed':
      return colours.red;
    case 'waiting':
    case 'running':
      return (text) => text;
    default:
      return unexpected(status);
  }
}

/** One paragraph with a line per diverged run; empty if no run diverged. */
function divergences(summaries: readonly RunSummary[], axes: readonly Axis[]): string[] {
  const lines = summaries.flatMap(({ arm, seed, point, divergedAt }) => {
    if (!divergedAt) return [];
    const { step, layer, tap } = divergedAt;
    const run = [quote(arm), pointInWords(point, axes), l10n.t`seed ${seed}`].filter((part) => part).join(', ');
    return tap === 'loss'
      ? [l10n.t`${run}, diverged at step ${formatCount(step)}: the loss was no longer finite.`]
      : [l10n.t`${run}, diverged at step ${formatCount(step)}: ${tap} of ${layer} was no longer finite.`];
  });
  if (axes.length > 0 && lines.length > mostDivergences) {
    lines.splice(
      mostDivergences,
      lines.length,
      l10n.t`… and ${count(lines.length - mostDivergences, 'run')} more that diverged.`,
    );
  }
  return lines.length > 0 ? [lines.join('\n')] : [];
}

function armsTable(
  summaries: readonly RunSummary[],
  arms: readonly string[],
  shown: readonly ResultMetric[],
  colours: Colours,
): string {
  const columns = columnsOf([{ title: l10n.t('mean ± std') }, { title: l10n.t('runs'), align: 'right' }], shown);
  const rows = arms.map((arm) => {
    const runs = summaries.filter((run) => run.arm === arm);
    const counted = runs.filter((run) => resultOf(resultMetrics[1], run) !== undefined);
    const cells = shown.map((metric) => meanInWords(metric, counted) ?? noValue);
    const number = counted.length < runs.length ? l10n.t`${counted.length} of ${runs.length}` : String(runs.length);
    return [printable(arm), number, ...cells];
  });
  return table(columns, rows, colours.bold);
}

/** Compares each arm with the first one over the seeds for which both have a result; empty without such pairs. */
function pairsTable(
  summaries: readonly RunSummary[],
  [first, ...others]: readonly string[],
  shown: readonly ResultMetric[],
  colours: Colours,
): string[] {
  const known = new Map(summaries.map((run) => [JSON.stringify([run.arm, run.seed]), run]));
  const find = (arm: string, seed: number) => known.get(JSON.stringify([arm, seed]));
  const rows = others.flatMap((other) => {
    const pairs = summaries.flatMap((run) => {
      const base = run.arm === other ? find(first, run.seed) : undefined;
      return base && [base, run].every((each) => resultOf(resultMetrics[1], each) !== undefined) ? [{ base, run }] : [];
    });
    if (pairs.length === 0) return [];
    const cells = shown.map((metric) => {
      const differences = definedOnly(
        pairs.map(({ base, run }) => {
          const [before, after] = [resultOf(metric, base), resultOf(metric, run)];
          return before === undefined || after === undefined ? undefined : after - before;
        }),
      );
      return differences.length > 0 ? metric.formatDifference(mean(differences)) : noValue;
    });
    return [[`${printable(other)} − ${printable(first)}`, String(pairs.length), ...cells]];
  });
  if (rows.length === 0) return [];
  const columns = columnsOf(
    [{ title: l10n.t('mean paired difference') }, { title: l10n.t('pairs'), align: 'right' }],
    shown,
  );
  return [table(columns, rows, colours.bold)];
}

function definedOnly(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}
