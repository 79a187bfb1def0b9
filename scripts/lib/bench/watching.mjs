// @ts-check
/**
 * Measures the cost of watching at the default `watch`, as a share of the training time.
 */
import { percent, shown, table } from './numbers.mjs';
import { benchProgram, measured, pinned } from './programs.mjs';

const first = 'examples/first.bnexp.json';

/** Seconds per workload. */
const seconds = '12';

/** Target without the evaluation of the test set. */
const aim = 0.05;

/** @returns {Promise<{ text: string, numbers: object }>} */
export async function benchWatching() {
  const program = await benchProgram('watching');
  const pin = pinned();
  /** @type {{ what: string, costs: import('../../../bench/watching').Cost[] }[]} */
  const numbers = [];
  for (const what of ['W1a', 'W1b', 'W3', first]) {
    numbers.push({ what, costs: await measured([...pin, process.execPath, program, what, seconds]) });
  }
  const rows = numbers.flatMap(({ what, costs }) =>
    costs.map(({ arm, every, evaluateEvery, predictionEvery, channels, step, shares }) => [
      what === first ? `first, ${arm}` : what,
      shown(step),
      String(channels),
      String(every),
      percent(shares.probes),
      percent(shares.log),
      `${percent(shares.evaluation)} (${evaluateEvery})`,
      `${percent(shares.predictions)} (${predictionEvery})`,
    ]),
  );
  const text = [
    table([
      [
        'watching',
        'µs a step',
        'channels',
        'frame interval',
        'probes',
        'plus run log',
        'plus evaluation (interval)',
        'plus predictions (interval)',
      ],
      ...rows,
    ]),
    `Cumulative shares of the unwatched time. Target: at most ${percent(aim)} without evaluation of the test set.`,
  ].join('\n');
  return { text, numbers };
}
