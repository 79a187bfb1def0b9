/** The numbers of a chart as a table for other programs. */
import { shortestDecimal } from '../../src/shared/numbers';
import { type Delimiter, rowsText } from '../../src/shared/rowsText';
import type { ChartContent } from '../charts/content';
import { allSteps, columnsOf } from '../charts/dataTable';
import { columnOf } from '../charts/names';

/** Table of a chart: all steps that have a frame, and all lines. */
export function chartText(content: ChartContent, delimiter: Delimiter): string {
  const columns = columnsOf(content);
  const runs = [...new Set(columns.map(({ series }) => series.run.frames))];
  const { time } = content;
  // not translated: headings of CSV
  const head = time ? [time.kind === 'wall' ? 'wall time (s since 1970)' : 'relative time (s)'] : ['step'];
  const rows = allSteps(runs).map((step) => [
    time ? String(Number((time.origin + step).toFixed(3))) : step,
    ...columns.map(({ series }) => {
      const { frames } = series.run;
      const frame = frames.frameAt(step);
      // Empty if the run has no frame at this step.
      return frame >= 0 && frames.steps[frame] === step ? shortestDecimal(series.at(frame)) : '';
    }),
  ]);
  return rowsText([[...head, ...columns.map(({ series }) => columnOf(series.name))], ...rows], delimiter);
}
