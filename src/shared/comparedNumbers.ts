/** Formats the results of a comparison, the same on a terminal and in the panel. */
import * as l10n from '@vscode/l10n';
import { formatDifference, formatPercent, formatResult } from './numbers';

/** Metrics of a comparison in words. */
export const metricWords = {
  testAccuracy: l10n.t('test accuracy'),
  testLoss: l10n.t('test loss'),
  trainAccuracy: l10n.t('training accuracy'),
  trainLoss: l10n.t('training loss'),
} as const;

export type MetricName = keyof typeof metricWords;

function isShare(metric: MetricName): boolean {
  return metric === 'testAccuracy' || metric === 'trainAccuracy';
}

export function metricValue(metric: MetricName, value: number): string {
  return isShare(metric) ? formatPercent(value, 2) : formatResult(value, true);
}

/** A difference of percentages in percent would read as a ratio. */
export function metricDifference(metric: MetricName, value: number): string {
  if (!isShare(metric)) return formatDifference(value, true);
  const points = l10n.t({ message: 'points', comment: 'Percentage points' });
  return `${value < 0 ? '' : '+'}${formatPercent(value, 2).replace('%', points)}`;
}

/** `80.10 % to 83.20 %`. */
export function intervalInWords([low, high]: readonly [number, number], format: (value: number) => string): string {
  return l10n.t`${format(low)} to ${format(high)}`;
}
