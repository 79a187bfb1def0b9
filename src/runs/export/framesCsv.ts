/**
 * Exports every frame of a run folder as CSV (RFC 4180), one row per frame: arm, seed, step, and a column for each channel
 * of any run. Rows are streamed from the run logs, not thinned.
 */
import { shortestDecimal } from '../../shared/numbers';
import { rowsText } from '../../shared/rowsText';
import { withSource } from '../folder/byteSource';
import { damageInWords, inspectingRun } from '../folder/inspectRun';
import { readIndex } from '../folder/readIndex';
import { SavedExperiments } from '../folder/savedExperiments';
import { runLogItems } from '../log/readRunLog';
import { atOnce } from '../pieces';

/** Receives a sentence about a file that could not be read completely. */
export type ReportProblem = (problem: string) => void;

/**
 * @param index The index of the folder, if it has already been read.
 * @returns The text in pieces of whole rows.
 * @throws RunFolderError if the folder is not a run folder.
 */
export function* csvOfRuns(folder: string, report: ReportProblem, index = readIndex(folder)): Generator<string> {
  const { runs, remarks = [] } = index;
  for (const remark of remarks) report(remark);
  const experiments = new SavedExperiments(folder);
  const logs = runs.flatMap((run) => {
    const { id, arm, seed } = run;
    const { logFile, survey, damage } = atOnce(inspectingRun(folder, run, experiments, false));
    if (damage.length > 0) report(damageInWords(id, damage));
    if (logFile === null) report(`${id} has no run log: none of its frames are written`);
    return logFile === null || !survey ? [] : [{ id, arm, seed, file: logFile }];
  });
  const channels = [...new Set(logs.flatMap(({ file }) => channelsOf(file)))];
  yield `${rowsText([['arm', 'seed', 'step', ...channels]])}${newline}`;
  for (const { id, arm, seed, file } of logs) {
    // Only the name of the arm may need quotes.
    const start = rowsText([[arm, seed]]);
    yield* rowsOf(file, start, channels, (problem) => report(`${id}: ${problem}`));
  }
}

/** Rows per piece. */
const rowsPerPiece = 256;

function* rowsOf(file: string, start: string, channels: readonly string[], report: ReportProblem): Generator<string> {
  let waiting: string[] = [];
  const flush = function* () {
    if (waiting.length > 0) yield `${waiting.join(newline)}${newline}`;
    waiting = [];
  };
  try {
    // The inspection has already reported how the log ends.
    let columns: number[] = [];
    for (const item of withSource(file, runLogItems)) {
      if ('heading' in item) columns = channels.map((name) => item.heading.channels.indexOf(name));
      if (!('step' in item)) continue;
      const { step, values } = item;
      // NaN, which is not measured, for channels that this run does not have.
      const cells = columns.map((column) => shortestDecimal(values[column] ?? Number.NaN));
      waiting.push(`${start},${step},${cells.join(',')}`);
      if (waiting.length === rowsPerPiece) yield* flush();
    }
  } catch (cause) {
    report((cause as Error).message);
  }
  yield* flush();
}

const newline = '\r\n';

/** Reads the channels in the heading of a log. */
function channelsOf(file: string): string[] {
  const items = withSource(file, runLogItems);
  try {
    const first = items.next();
    return !first.done && 'heading' in first.value ? first.value.heading.channels : [];
  } catch {
    // Reported when its rows are read.
    return [];
  } finally {
    items.return({ kind: 'whole', offset: 0 });
  }
}
