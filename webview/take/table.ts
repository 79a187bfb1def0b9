/** Numbers of the page as tables for other programs: nothing rounded. */
import { unparse } from 'papaparse';
import type { ChartContent } from '../charts/content';
import { allSteps, columnsOf } from '../dataTable';

/** A comma for a file, a tab for the clipboard, which spreadsheets take apart by themselves. */
export type Delimiter = ',' | '\t';

export function rowsText(rows: readonly (readonly (string | number)[])[], delimiter: Delimiter): string {
  // A name from a file is a name, also where it looks like a formula.
  return unparse(rows as (string | number)[][], { delimiter, newline: '\r\n', escapeFormulae: true });
}

/** A chart's numbers: every step of which there is a frame, every line. */
export function chartText(content: ChartContent, delimiter: Delimiter): string {
  const columns = columnsOf(content);
  const runs = [...new Set(columns.map(({ series }) => series.run.frames))];
  const rows = allSteps(runs).map((step) => [
    step,
    ...columns.map(({ series }) => {
      const { frames } = series.run;
      const frame = frames.frameAt(step);
      // A run that has no frame at this step has no number there.
      return frame >= 0 && frames.steps[frame] === step ? numberText(series.at(frame)) : '';
    }),
  ]);
  return rowsText([['step', ...columns.map(({ series }) => series.name)], ...rows], delimiter);
}

/** The shortest decimal that is the same float32 again, or else the same number; empty where nothing was measured. */
export function numberText(value: number): string | number {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
