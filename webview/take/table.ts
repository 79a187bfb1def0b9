/** A chart's numbers as a table for other programs: every step of which there is a frame, every line, nothing rounded. */
import { unparse } from 'papaparse';
import type { ChartContent } from '../charts/content';
import { allSteps, columnsOf } from '../dataTable';

/** @param delimiter A comma for a file, a tab for the clipboard, which spreadsheets take apart by themselves. */
export function tableText(content: ChartContent, delimiter: ',' | '\t'): string {
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
  const head = ['step', ...columns.map(({ series }) => series.name)];
  // A name from a file is a name, also where it looks like a formula.
  return unparse([head, ...rows], { delimiter, newline: '\r\n', escapeFormulae: true });
}

/** The shortest decimal that is the same float32 again, or else the same number; empty where nothing was measured. */
function numberText(value: number): string | number {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
