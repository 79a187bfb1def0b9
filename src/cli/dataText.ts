/** Describes how the data files were read, as lines for the terminal. */
import type { DataSummary } from '../experiment/dataSummary';
import type { RunSummary } from '../protocol';
import { printable } from './console';

/** Names the arms if they use different data. */
export function dataLines(summaries: readonly DataSummary[]): string[] {
  return summaries.flatMap(({ lines, arms }) => {
    const whose = summaries.length > 1 ? ` of ${arms.map((arm) => JSON.stringify(arm)).join(', ')}` : '';
    return lines.map((line, k) => printable(k === 0 ? `data${whose}: ${line}` : line));
  });
}

/** Suggests a cause of diverged runs: targets that are far from the initial outputs of a network. */
export function divergenceHints(summaries: readonly RunSummary[], data: readonly DataSummary[]): string[] {
  const arms = new Set(summaries.filter(({ divergedAt }) => divergedAt).map(({ arm }) => arm));
  return data.flatMap(({ farTarget, arms: learning }) =>
    farTarget && learning.some((arm) => arms.has(arm)) ? [printable(farTarget)] : [],
  );
}
