/** What was understood of the data files, as lines for the terminal. */
import type { DataSummary } from '../experiment/dataSummary';
import type { RunSummary } from '../protocol';
import { printable } from './console';

/** With the arms named, where they learn from different data. */
export function dataLines(summaries: readonly DataSummary[]): string[] {
  return summaries.flatMap(({ lines, arms }) => {
    const whose = summaries.length > 1 ? ` of ${arms.map((arm) => JSON.stringify(arm)).join(', ')}` : '';
    return lines.map((line, k) => printable(k === 0 ? `data${whose}: ${line}` : line));
  });
}

/** What may have made runs diverge: numbers to be learned that are far from where a network's outputs begin. */
export function divergenceHints(summaries: readonly RunSummary[], data: readonly DataSummary[]): string[] {
  const arms = new Set(summaries.filter(({ divergedAt }) => divergedAt).map(({ arm }) => arm));
  return data.flatMap(({ farTarget, arms: learning }) =>
    farTarget && learning.some((arm) => arms.has(arm)) ? [printable(farTarget)] : [],
  );
}
