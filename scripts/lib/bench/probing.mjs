// @ts-check
/**
 * Measures the cost of one measurement of each probe, in training steps.
 */
import { shown, table } from './numbers.mjs';
import { benchProgram, measured, pinned } from './programs.mjs';

/** Seconds per workload. */
const seconds = '10';

/** @returns {Promise<{ text: string, numbers: object }>} */
export async function benchProbing() {
  const program = await benchProgram('probing');
  /** @type {Record<string, import('../../../bench/probing').Price>} */
  const numbers = {};
  for (const workload of ['W1a', 'W1b', 'W2', 'W3', 'W4']) {
    numbers[workload] = await measured([...pinned(), process.execPath, program, workload, seconds]);
  }
  const prices = Object.entries(numbers);
  const kinds = Object.keys(prices[0][1].probes);
  const rows = prices.map(([workload, { step, probes }]) => [
    workload,
    shown(step),
    ...Object.values(probes).map((price) => price.toFixed(2)),
  ]);
  const text = [
    table([['cost of one probe', 'µs per step', ...kinds], ...rows]),
    'In training steps, in addition to the step and its frame. All layers are watched.',
  ].join('\n');
  return { text, numbers };
}
