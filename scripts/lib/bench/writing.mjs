// @ts-check
/**
 * Measures how long diagnostics and completions take in a large experiment.
 */
import { median, shown, table } from './numbers.mjs';
import { benchProgram, measured, pinned } from './programs.mjs';

/** @type {Record<string, string>} */
const says = {
  first: 'diagnostics of a file that was just opened',
  edited: 'diagnostics after an edit of one arm',
  metrics: 'completion of a metric, with its parse',
  arms: 'completion of an arm, with its parse',
};

/** @returns {Promise<{ text: string, numbers: object }>} */
export async function benchWriting() {
  const program = await benchProgram('writing');
  /** @type {import('../../../bench/writing').WritingTimes} */
  const numbers = await measured([...pinned(), process.execPath, program, '20']);
  const rows = Object.entries(says).map(([name, words]) => [
    words,
    shown(median(numbers[name])),
    shown(Math.min(...numbers[name])),
  ]);
  const note = `A file of ${numbers.lines[0]} lines with 141 arms. The target is 50 ms.`;
  return { text: [table([['milliseconds while writing', 'median', 'best'], ...rows]), note].join('\n'), numbers };
}
