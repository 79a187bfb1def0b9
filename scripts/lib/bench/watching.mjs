// @ts-check
/**
 * Measures the cost of watching at the default `watch`, as a share of the training time: of the workloads and of all presets.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { Problem } from '../processes.mjs';
import { certainShare, estimate, median, percent, shown, table } from './numbers.mjs';
import { benchProgram, measured, pinned } from './programs.mjs';

/** @typedef {import('../../../bench/watching').Cost} Cost */
/** @typedef {{ value: number, error: number }} Estimate */

const workloads = ['W1a', 'W1b', 'W2', 'W3', 'W4'];

/** Seconds per workload and preset. */
const seconds = '8';

/** Targets: frames with their run log, and evaluation of the test set. */
const target = 0.05;

/**
 * The columns of shares. Update probes are a choice of the file, and no default.
 * @type {Record<string, (keyof Cost['shares'])[]>}
 */
const columns = {
  frames: ['frames'],
  'run log': ['log'],
  both: ['frames', 'log'],
  evaluation: ['evaluation'],
  predictions: ['predictions'],
  'update probes': ['probes'],
};

/**
 * Share of the training time of all arms together that the named costs take; null if no arm has them.
 * @param {readonly Cost[]} costs
 * @param {readonly (keyof Cost['shares'])[]} names
 * @returns {Estimate | null}
 */
export function shareOf(costs, names) {
  let [train, value, squares] = [0, 0, 0];
  for (const { steps, step, shares } of costs) {
    const time = steps * median(step);
    train += time;
    for (const name of names) {
      if (shares[name].length === 0) {
        continue;
      }
      const part = estimate(shares[name]);
      value += part.value * time;
      squares += (part.error * time) ** 2;
    }
  }
  return costs.some(({ shares }) => names.some((name) => shares[name].length > 0))
    ? { value: value / train, error: Math.sqrt(squares) / train }
    : null;
}

/**
 * @param {string} what
 * @param {readonly Cost[]} costs
 * @returns {string[]}
 */
function row(what, costs) {
  /** @param {(cost: Cost) => number} of */
  const range = (of) => {
    const values = costs.map(of);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return least === most ? shown(least) : `${shown(least)}–${shown(most)}`;
  };
  return [
    what,
    range(({ step }) => median(step)),
    range(({ channels }) => channels),
    range(({ steps, every }) => steps / every),
    range(({ steps, evaluateEvery }) => steps / evaluateEvery),
    ...Object.values(columns).map((names) => {
      const share = shareOf(costs, names);
      return share ? certainShare(share) : '';
    }),
  ];
}

/** @returns {Promise<{ text: string, numbers: object }>} */
export async function benchWatching() {
  const program = await benchProgram('watching');
  const pin = pinned();
  const presets = readdirSync(join(root, 'examples')).map((file) => file.replace(/\.bnexp\.json$/, ''));
  /** @type {{ what: string, costs: Cost[] }[]} */
  const numbers = [];
  const skipped = [];
  for (const what of [...workloads, ...presets]) {
    try {
      numbers.push({ what, costs: await measured([...pin, process.execPath, program, what, seconds]) });
    } catch (error) {
      if (!(error instanceof Problem)) {
        throw error;
      }
      const reason = error.message.split('\n').find((line) => /Error: /.test(line)) ?? error.message;
      skipped.push(`Skipped: ${what}. ${reason.replace(/^.*Error: /, '')}`);
    }
  }
  const text = [
    table([
      ['watching', 'µs per step', 'channels', 'frames', 'evaluations', ...Object.keys(columns)],
      ...numbers.map(({ what, costs }) => row(what, costs)),
    ]),
    'Shares of the unwatched CPU time of all arms together. The run log includes packing it at the end.',
    `Targets: frames and run log at most ${percent(target)}, evaluation at most ${percent(target)}.`,
    ...skipped,
  ].join('\n');
  return { text, numbers };
}
