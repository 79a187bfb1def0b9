/** Describes how the data files were read, as lines for the terminal. */
import type { DataSummary } from '../experiment/dataSummary';
import { printable } from './console';

/** Names the arms if they use different data. */
export function dataLines(summaries: readonly DataSummary[]): string[] {
  return summaries.flatMap(({ lines, arms }) => {
    const whose = summaries.length > 1 ? ` of ${arms.map((arm) => JSON.stringify(arm)).join(', ')}` : '';
    return lines.map((line, k) => printable(k === 0 ? `data${whose}: ${line}` : line));
  });
}
