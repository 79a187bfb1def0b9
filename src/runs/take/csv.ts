/**
 * Every frame of a run folder as CSV (RFC 4180), one row a frame: arm, seed, step, and a column for each channel that any
 * run has. Straight from the run logs, not thinned, and never in memory as a whole.
 */
import { join } from 'node:path';
import { shortestDecimal } from '../../shared/numbers';
import { rowsText } from '../../shared/rowsText';
import { runLogOf } from '../log/logFiles';
import { frameOf, placesByName, runLogItems } from '../log/readRunLog';
import { readIndex } from '../runFolder';

/** What could not be read as far as it should go is told. */
export type Tell = (problem: string) => void;

/**
 * @returns The text in pieces of whole rows.
 * @throws RunFolderError when the folder is no run folder.
 */
export function* csvOfRuns(folder: string, tell: Tell): Generator<string> {
  const { runs } = readIndex(folder);
  const logs = runs.flatMap(({ id, arm, seed }) => {
    const file = runLogOf(join(folder, id));
    if (file === null) tell(`${id} has no run log: none of its frames are written`);
    return file === null ? [] : [{ id, arm, seed, file }];
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

function* rowsOf(file: string, start: string, channels: ReadonlyMap<string, number>, tell: Tell): Generator<string> {
  let waiting: string[] = [];
  const taken = function* () {
    if (waiting.length > 0) yield `${waiting.join(newline)}${newline}`;
    waiting = [];
  };
  try {
    const items = runLogItems(file);
    for (;;) {
      const next = items.next();
      if (next.done) {
        if (next.value.kind === 'corrupt') {
          tell(
            `the run log is damaged after byte ${next.value.offset} (${next.value.problem}): what stands before is written`,
          );
        }
        break;
      }
      if (!('summary' in next.value)) continue;
      const { step, summary } = next.value;
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
  const items = runLogItems(file);
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
