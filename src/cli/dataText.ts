/** Describes how the data files were read, as lines for the terminal. */
import * as l10n from '@vscode/l10n';
import type { DataSummary } from '../experiment/dataSummary';
import { printable } from './console';

/** Names the arms if they use different data. */
export function dataLines(summaries: readonly DataSummary[]): string[] {
  return summaries.flatMap(({ lines, arms }) => {
    const names = arms.map((arm) => JSON.stringify(arm)).join(', ');
    const first = (line: string) => (summaries.length > 1 ? l10n.t`data of ${names}: ${line}` : l10n.t`data: ${line}`);
    return lines.map((line, k) => printable(k === 0 ? first(line) : line));
  });
}
