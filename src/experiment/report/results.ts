/** The final results of runs: their metrics, how each is written, and statistics over the seeds of an arm. */
import * as l10n from '@vscode/l10n';
import type { FinalResults } from '../../engine/results';
import { formatDifference, formatPercent, formatResult } from '../../shared/numbers';

export interface ResultMetric {
  title: string;
  of: (final: FinalResults) => number | undefined;
  format: (value: number) => string;
  /** Formats a difference of two values. */
  formatDifference: (value: number) => string;
}

/** A difference of percentages in percent would read as a ratio. */
const points = l10n.t({ message: 'points', comment: 'Unit of a difference of two percentages, as in “+1.20 points”' });

const loss = {
  format: (value: number) => formatResult(value, true),
  formatDifference: (value: number) => formatDifference(value, true),
};
const accuracy = {
  format: (value: number) => formatPercent(value, 2),
  formatDifference: (value: number) => `${value < 0 ? '' : '+'}${formatPercent(value, 2).replace('%', points)}`,
};

/** The first two exist for every run; a regression has no accuracy. */
export const resultMetrics: readonly ResultMetric[] = [
  { title: l10n.t('train loss'), of: (final) => final.trainLoss, ...loss },
  { title: l10n.t('test loss'), of: (final) => final.testLoss, ...loss },
  { title: l10n.t('train accuracy'), of: (final) => final.trainAccuracy, ...accuracy },
  { title: l10n.t('test accuracy'), of: (final) => final.testAccuracy, ...accuracy },
];

/** A run with its final results; null if it has none. */
export interface FinishedRun {
  final: FinalResults | null;
}

/** Value of a metric, undefined if the run has none. */
export function resultOf(metric: ResultMetric, { final }: FinishedRun): number | undefined {
  const value = final ? metric.of(final) : undefined;
  // In results from JSON, values that were not finite are null.
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Metrics that a table of these runs shows: the losses, and the metrics that at least one run has. */
export function shownMetrics(runs: readonly FinishedRun[]): ResultMetric[] {
  return resultMetrics.filter((metric, k) => k < 2 || runs.some((run) => resultOf(metric, run) !== undefined));
}

/** Formats `mean ± sample standard deviation` (n − 1) over runs: without the latter for one value, undefined for none. */
export function meanInWords(metric: ResultMetric, runs: readonly FinishedRun[]): string | undefined {
  const values = runs.map((run) => resultOf(metric, run)).filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  const center = mean(values);
  if (values.length === 1) return metric.format(center);
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  return `${metric.format(center)} ± ${metric.format(Math.sqrt(variance))}`;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
