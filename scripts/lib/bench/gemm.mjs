// @ts-check
/**
 * Measures the rate of matrix products against the maximum of this machine's registers, with each available Node, with 128 bits and,
 * where V8 has them, with 256.
 */
import { median, percent, shown, steady, table } from './numbers.mjs';
import { findNode24, thisNode } from './peers.mjs';
import { benchProgram, measured, pinned } from './programs.mjs';

/** @typedef {Record<string, { best: number, median: number }>} Rates Floating-point operations per nanosecond. */

const seconds = '4';
/** Rounds are repeated up to this factor while they differ. */
const patience = 3;

/** Labels of the products by their name in `bench/gemm.ts`. */
const titles = {
  denseForward: 'dense 256 × 512 × 512: forward',
  denseInputGradient: 'gradient of the inputs',
  denseParameterGradients: 'gradient of the weights',
  convolutionForward: 'convolution 64 × 14² × 16 → 32: forward',
  convolutionInputGradient: 'gradient of the inputs',
  convolutionParameterGradients: 'gradient of the weights',
};

/**
 * Rates of one product in all rounds, with its share of the ceiling; without a share while the best rounds differ.
 * @param {readonly Rates[]} rounds
 * @param {string} name
 */
export function shareOf(rounds, name) {
  const rates = rounds.map((each) => each[name]);
  const [best, ceiling] = [name, 'ceiling'].map((key) => Math.max(...rounds.map((each) => each[key].best)));
  const trusted = [name, 'ceiling'].every((key) => steady(rounds.map((each) => each[key].best)));
  return { median: median(rates.map((each) => each.median)), best, share: trusted ? best / ceiling : null };
}

/**
 * @param {number} rounds
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchGemm(rounds) {
  const node24 = await findNode24();
  const missing = node24 && 'missing' in node24 ? node24.missing : null;
  const nodes = node24 && 'program' in node24 ? [thisNode, node24] : [thisNode];
  const program = await benchProgram('gemm');
  const sides = nodes.flatMap(({ name, program: node }) => [
    { name, command: [node, program, seconds, 'simd'] },
    // Node 22 has wide registers too, without a gain.
    ...(/ 2[4-9]$/.test(name) && process.arch === 'x64'
      ? [{ name: `${name}, wide registers`, command: [node, program, seconds, 'wide'] }]
      : []),
  ]);
  /** @type {Record<string, Rates[]>} */
  const numbers = Object.fromEntries(sides.map(({ name }) => [name, []]));
  const differ = (/** @type {string} */ name) =>
    Object.keys(titles).some((key) => shareOf(numbers[name], key).share === null);
  for (let round = 0; round < rounds * patience; round++) {
    for (const { name, command } of sides) {
      if (round < rounds || differ(name)) numbers[name].push(await measured([...pinned(), ...command]));
    }
  }
  const rows = sides.flatMap(({ name }) => {
    const ceiling = shareOf(numbers[name], 'ceiling');
    return [
      [`${name}: multiply and add only`, shown(ceiling.median), shown(ceiling.best), ''],
      ...Object.entries(titles).map(([key, title]) => {
        const { median, best, share } = shareOf(numbers[name], key);
        return [`  ${title}`, shown(median), shown(best), share === null ? 'rounds differ' : percent(share)];
      }),
    ];
  });
  const counts = sides.map(({ name }) => numbers[name].length);
  const text = [
    table([['GFLOP/s', 'median', 'best', 'of the ceiling'], ...rows]),
    'Ceiling: products and sums in registers, with hardly any memory access, on one core; 128 or 256 bits, no fused multiply-add.',
    `${Math.min(...counts)} to ${Math.max(...counts)} rounds in turn. A share compares the best rounds, and is left out if the two best differ by more than 5 %.`,
    ...(missing ? [`Skipped: Node 24. ${missing}`] : []),
  ].join('\n');
  return { text, numbers };
}
