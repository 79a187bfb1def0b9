/** Formats a comparison of arms for a terminal: a table per metric, and the settings that differ. */
import * as l10n from '@vscode/l10n';
import type { ComparedMetric, Comparison, ComparisonRow } from '../experiment/comparison/compare';
import { intervalInWords, metricDifference, metricValue, metricWords } from '../shared/comparedNumbers';
import { noValue } from '../shared/numbers';
import { valueInWords } from '../shared/sweep/grid';
import { type Colours, printable } from './console';
import { table } from './textTable';

/** Settings that are listed; --json has all. */
const mostSettings = 60;

export function comparisonText({ metrics, rows, settings, remarks }: Comparison, colours: Colours): string {
  const names = rows.map(({ label }, k) => `${k + 1}  ${printable(label)}`);
  const parts = [names.join('\n'), ...metrics.map((metric) => metricTable(metric, rows, colours))];
  if (metrics.length === 0) parts.push(l10n.t('No run has a result.'));
  const unpaired = rows.flatMap(({ unpaired: why }, k) => (why === null ? [] : [`${k + 1}  ${printable(why)}`]));
  if (unpaired.length > 0) parts.push(unpaired.join('\n'));
  parts.push(
    settings.length === 0 ? l10n.t('The settings do not differ.') : settingsTable({ settings, rows }, colours),
  );
  if (remarks.length > 0) parts.push(remarks.map(printable).join('\n'));
  return parts.join('\n\n');
}

function metricTable(metric: ComparedMetric, rows: readonly ComparisonRow[], colours: Colours): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: metricWords[metric] },
    ...[
      l10n.t('runs'),
      l10n.t('mean'),
      l10n.t('95 % interval'),
      l10n.t('difference from 1'),
      l10n.t('95 % interval'),
      l10n.t('pairs'),
    ].map(right),
  ];
  const value = (number: number) => metricValue(metric, number);
  const change = (number: number) => metricDifference(metric, number);
  const cells = rows.map(({ results, seeds }, k) => {
    const { value: own = null, difference = null } = results[metric] ?? {};
    const runs = own?.number ?? 0;
    return [
      String(k + 1),
      runs < seeds ? l10n.t`${runs} of ${seeds}` : String(runs),
      own ? value(own.mean) : noValue,
      own?.interval ? intervalInWords(own.interval, value) : noValue,
      difference ? change(difference.mean) : noValue,
      difference?.interval ? intervalInWords(difference.interval, change) : noValue,
      difference?.paired ? String(difference.number) : noValue,
    ];
  });
  return table(columns, cells, colours.bold);
}

function settingsTable({ settings, rows }: Pick<Comparison, 'settings' | 'rows'>, colours: Colours): string {
  const columns = [{ title: l10n.t('setting that differs') }, ...rows.map((_, k) => ({ title: String(k + 1) }))];
  const cells = settings
    .slice(0, mostSettings)
    .map(({ setting, values }) => [
      printable(setting),
      ...values.map((value) => (value === null ? noValue : printable(valueInWords(value)))),
    ]);
  const more = settings.length - cells.length;
  const text = table(columns, cells, colours.bold);
  return more > 0 ? `${text}\n${l10n.t`… and ${more} more (--json has all)`}` : text;
}
