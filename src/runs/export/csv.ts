/**
 * Every frame of a run folder as CSV (RFC 4180), one row a frame: arm, seed, step, and a column for each channel that any
 * run has. Straight from the run logs, not thinned, and never in memory as a whole.
 */
import { shortestDecimal } from '../../shared/numbers';
import { rowsText } from '../../shared/rowsText';
import { withSource } from '../folder/byteSource';
import { readIndex } from '../folder/indexFiles';
import { damageInWords, inspectingRun } from '../folder/inspectRun';
import { SavedExperiments } from '../folder/savedExperiments';
import { frameOf, placesByName, runLogItems } from '../log/readRunLog';
import { atOnce } from '../pieces';

/** What could not be read as far as it should go is told. */
export type ReportProblem = (problem: string) => void;

/**
 * @param index The folder's index, where it has been read already.
 * @returns The text in pieces of whole rows.
 * @throws RunFolderError when the folder is no run folder.
 */
export function* csvOfRuns(folder: string, tell: ReportProblem, index = readIndex(folder)): Generator<string> {
  const { runs, remarks = [] } = index;
  for (const remark of remarks) tell(remark);
  const experiments = new SavedExperiments(folder);
  const logs = runs.flatMap((run) => {
    const { id, arm, seed } = run;
    const { logFile, survey, damage } = atOnce(inspectingRun(folder, run, experiments, false));
    if (damage.length > 0) tell(damageInWords(id, damage));
    if (logFile === null) tell(`${id} has no run log: none of its frames are written`);
    return logFile === null || !survey ? [] : [{ id, arm, seed, file: logFile }];
  });
  const channels = placesByName([...new Set(logs.flatMap(({ file }) => channelsOf(file)))]);
  yield `${rowsText([['arm', 'seed', 'step', ...channels.keys()]])}${newline}`;
  for (const { id, arm, seed, file } of logs) {
    // An arm's name may need quotes, the numbers behind it never do.
    const start = rowsText([[arm, seed]]);
    yield* rowsOf(file, start, channels, (problem) => tell(`${id}: ${problem}`));
  }
}

/** Rows that are handed on together. */
const together = 256;

function* rowsOf(
  file: string,
  start: string,
  channels: ReadonlyMap<string, number>,
  tell: ReportProblem,
): Generator<string> {
  let waiting: string[] = [];
  const taken = function* () {
    if (waiting.length > 0) yield `${waiting.join(newline)}${newline}`;
    waiting = [];
  };
  try {
    // How the log ends was said when it was inspected.
    for (const item of withSource(file, runLogItems)) {
      if (!('step' in item)) continue;
      const { step, summary } = item;
      waiting.push(`${start},${step},${Array.from(frameOf(summary.value, channels), shortestDecimal).join(',')}`);
      if (waiting.length === together) yield* taken();
    }
  } catch (cause) {
    tell((cause as Error).message);
  }
  yield* taken();
}

const newline = '\r\n';

/** Of the heading, without what follows it. */
function channelsOf(file: string): string[] {
  const items = withSource(file, runLogItems);
  try {
    const first = items.next();
    return !first.done && 'heading' in first.value ? first.value.heading.channels : [];
  } catch {
    // Told when its rows are read.
    return [];
  } finally {
    items.return({ kind: 'whole', offset: 0 });
  }
}
