/** Formats the results of an experiment: every run, each arm over its seeds, and arms in pairs. */

import { count, quote } from '../experiment/words';
import type { FinalResults, RunSummary } from '../protocol';
import { formatDifference, formatPercent, formatResult, noValue } from '../shared/numbers';
import { type Axis, pointInWords, valueInWords } from '../shared/sweep/grid';
import { unexpected } from '../shared/unexpected';
import { type Colours, printable } from './console';
import { surfacesText } from './surfaceText';
import { type Cell, type Column, table } from './textTable';

interface Metric {
  title: string;
  of: (final: FinalResults) => number | undefined;
  format: (value: number) => string;
  /** Formats a difference of two values. */
  formatDifference: (value: number) => string;
}

const loss = {
  format: (value: number) => formatResult(value, true),
  formatDifference: (value: number) => formatDifference(value, true),
};
const accuracy = {
  format: (value: number) => formatPercent(value, 2),
  // A difference of percentages in percent would read as a ratio.
  formatDifference: (value: number) => `${value < 0 ? '' : '+'}${formatPercent(value, 2).replace('%', 'points')}`,
};

const metrics: Metric[] = [
  { title: 'train loss', of: (final) => final.trainLoss, ...loss },
  { title: 'test loss', of: (final) => final.testLoss, ...loss },
  { title: 'train accuracy', of: (final) => final.trainAccuracy, ...accuracy },
  { title: 'test accuracy', of: (final) => final.testAccuracy, ...accuracy },
];

/** Maximum number of a sweep's runs in the table of runs. The sweep's tables cover all of them. */
const mostRows = 60;
const mostDivergences = 10;

/** @param summaries Summaries in plan order. */
export function resultsText(summaries: readonly RunSummary[], axes: readonly Axis[], colours: Colours): string {
  // A regression has no accuracy, and a run that was cancelled early has no results.
  const shown = metrics.filter((metric, k) => k < 2 || summaries.some((run) => resultOf(metric, run) !== undefined));
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

function resultOf(metric: Metric, { final }: RunSummary): number | undefined {
  const value = final ? metric.of(final) : undefined;
  // In results from JSON, values that were not finite are null.
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function columnsOf(first: Column[], shown: readonly Metric[], last: Column[] = []): Column[] {
  return [...first, ...shown.map(({ title }) => ({ title, align: 'right' as const })), ...last];
}

function runsTable(
  summaries: readonly RunSummary[],
  axes: readonly Axis[],
  shown: readonly Metric[],
  colours: Colours,
): string {
  const columns = columnsOf(
    [
      { title: 'arm' },
      ...axes.map(({ name }) => ({ title: printable(name), align: 'right' as const })),
      { title: 'seed', align: 'right' },
      { title: 'status' },
      { title: 'steps', align: 'right' },
    ],
    shown,
    [{ title: 'seconds', align: 'right' }],
  );
  const rows = summaries.map((run): Cell[] => [
    printable(run.arm),
    ...axes.map(({ pointer }) => printable(valueInWords(run.point[pointer]))),
    String(run.seed),
    { text: run.status, paint: statusColour(run.status, colours) },
    run.steps.toLocaleString('en-US'),
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
    const where = tap === 'loss' ? 'the loss' : `${tap} of ${layer}`;
    return [
      `${[quote(arm), pointInWords(point, axes), `seed ${seed}`].filter((part) => part).join(', ')}, diverged at step ${step.toLocaleString('en-US')}: ${where} was no longer finite.`,
    ];
  });
  if (axes.length > 0 && lines.length > mostDivergences) {
    lines.splice(
      mostDivergences,
      lines.length,
      `… and ${count(lines.length - mostDivergences, 'run')} more that diverged.`,
    );
  }
  return lines.length > 0 ? [lines.join('\n')] : [];
}

function armsTable(
  summaries: readonly RunSummary[],
  arms: readonly string[],
  shown: readonly Metric[],
  colours: Colours,
): string {
  const columns = columnsOf([{ title: 'mean ± std' }, { title: 'runs', align: 'right' }], shown);
  const rows = arms.map((arm) => {
    const runs = summaries.filter((run) => run.arm === arm);
    const counted = runs.filter((run) => resultOf(metrics[1], run) !== undefined);
    const cells = shown.map((metric) => {
      const values = definedOnly(counted.map((run) => resultOf(metric, run)));
      if (values.length === 0) return noValue;
      const spread = values.length > 1 ? ` ± ${metric.format(std(values))}` : '';
      return metric.format(mean(values)) + spread;
    });
    const number = counted.length < runs.length ? `${counted.length} of ${runs.length}` : String(runs.length);
    return [printable(arm), number, ...cells];
  });
  return table(columns, rows, colours.bold);
}

/** Compares each arm with the first one over the seeds for which both have a result; empty without such pairs. */
function pairsTable(
  summaries: readonly RunSummary[],
  [first, ...others]: readonly string[],
  shown: readonly Metric[],
  colours: Colours,
): string[] {
  const known = new Map(summaries.map((run) => [JSON.stringify([run.arm, run.seed]), run]));
  const find = (arm: string, seed: number) => known.get(JSON.stringify([arm, seed]));
  const rows = others.flatMap((other) => {
    const pairs = summaries.flatMap((run) => {
      const base = run.arm === other ? find(first, run.seed) : undefined;
      return base && [base, run].every((each) => resultOf(metrics[1], each) !== undefined) ? [{ base, run }] : [];
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
  const columns = columnsOf([{ title: 'mean paired difference' }, { title: 'pairs', align: 'right' }], shown);
  return [table(columns, rows, colours.bold)];
}

function definedOnly(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n − 1). */
function std(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}
