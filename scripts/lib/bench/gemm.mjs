// @ts-check
/**
 * Measures the rate of matrix products against the maximum of 128-bit SIMD on this machine, with each available Node.
 */
import { percent, shown, table } from './numbers.mjs';
import { findNode24, thisNode } from './peers.mjs';
import { benchProgram, measured, pinned } from './programs.mjs';

/** @typedef {Record<string, { best: number, median: number }>} Rates Floating-point operations per nanosecond. */

const seconds = '4';

/** Labels of the products by their name in `bench/gemm.ts`. */
const titles = {
  forward: 'forward',
  inputGradient: 'gradient of the inputs',
  parameterGradients: 'gradient of the weights',
};

/** @returns {Promise<{ text: string, numbers: object }>} */
export async function benchGemm() {
  const node24 = await findNode24();
  const missing = node24 && 'missing' in node24 ? node24.missing : null;
  const nodes = node24 && 'program' in node24 ? [thisNode, node24] : [thisNode];
  const program = await benchProgram('gemm');
  /** @type {Record<string, Rates>} */
  const numbers = {};
  /** @type {string[][]} */
  const rows = [];
  for (const { name, program: node } of nodes) {
    /** @type {Rates} */
    const rates = await measured([...pinned(), node, program, seconds]);
    numbers[name] = rates;
    const ceiling = rates.ceiling.best;
    rows.push([name, 'multiply and add only', shown(rates.ceiling.median), shown(ceiling), '']);
    for (const [key, title] of Object.entries(titles)) {
      const { median, best } = rates[key];
      rows.push(['', title, shown(median), shown(best), percent(best / ceiling)]);
    }
  }
  const text = [
    table([['GFLOP/s', '256 × 512 × 512', 'median', 'best', 'of the ceiling'], ...rows]),
    'Ceiling: products and sums of four numbers at a time in registers, without memory access, on one core.',
    ...(missing ? [`Skipped: Node 24. ${missing}`] : []),
  ].join('\n');
  return { text, numbers };
}
