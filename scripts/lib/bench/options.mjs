// @ts-check
/**
 * Options of `npm run bench`.
 */
import { parseArgs } from 'node:util';
import { Problem } from '../processes.mjs';

/** @typedef {keyof typeof parts} Part */

/** Parts of the benchmark, in the order in which they run. */
export const parts = {
  steps: 'training steps per second of the reference workloads, compared with PyTorch if it is installed',
  gemm: "rate of matrix products, compared with the machine's ceiling",
  throughput: 'an experiment of eight runs on two cores, compared with PyTorch',
  memory: 'peak memory of `bnexp run` on W1b, compared with PyTorch',
  growth: 'memory of `bnexp run` over a million steps',
  watching: 'cost of watching as a share of the training time',
  probing: 'cost of each probe in training steps',
  editor: 'activation of the extension, and the time from the Run command to the first drawn chart',
  writing: 'diagnostics and completions in an experiment of 2,000 lines',
  panel: 'panel in a browser: work per frame, opening and scrubbing a long run, memory',
  logs: "reading of event files of other programs, compared with TensorBoard's reader if it is installed",
  runs: 'opening the list of 5,000 and of 10,000 run folders',
  size: 'size of the packaged extension',
};

export const usage = `Usage: npm run bench -- [PART…] [--rounds N] [--json FILE]

Measures, one after the other, what is named, or everything:
${Object.entries(parts)
  .map(([name, says]) => `  ${name.padEnd(10)} ${says}`)
  .join('\n')}

  --rounds N    rounds of steps, gemm, throughput and memory, and repeats in the editor (3)
  --batches N   batches that the panel's memory is watched for (600; 18000 are those of half an hour)
  --megabytes N size of the event files of logs (200; the targets are for 1000)
  --json FILE   writes the raw numbers to FILE
  --help        shows this

Close what else is running first: the figures are times.`;

/**
 * @typedef {object} BenchOptions
 * @property {Part[]} what
 * @property {number} rounds
 * @property {number} batches
 * @property {number} megabytes
 * @property {string | undefined} json
 * @property {boolean} help
 */

/**
 * @param {string[]} words Command line arguments.
 * @returns {BenchOptions}
 * @throws {Problem} If the arguments are invalid.
 */
export function readOptions(words) {
  const { values, positionals } = parsed(words);
  const unknown = positionals.find((name) => !(name in parts));
  if (unknown !== undefined) {
    throw new Problem(`Unknown part ${JSON.stringify(unknown)}. Choose from ${Object.keys(parts).join(', ')}.`);
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000) {
    throw new Problem(`--rounds must be a whole number from 1 to 1000, not ${JSON.stringify(values.rounds)}.`);
  }
  const batches = Number(values.batches);
  if (!Number.isInteger(batches) || batches < 10 || batches > 1_000_000) {
    throw new Problem(`--batches must be a whole number from 10 to 1000000, not ${JSON.stringify(values.batches)}.`);
  }
  const megabytes = Number(values.megabytes);
  if (!Number.isInteger(megabytes) || megabytes < 1 || megabytes > 20_000) {
    throw new Problem(`--megabytes must be a whole number from 1 to 20000, not ${JSON.stringify(values.megabytes)}.`);
  }
  const all = /** @type {Part[]} */ (Object.keys(parts));
  const what = positionals.length === 0 ? all : all.filter((name) => positionals.includes(name));
  return { what, rounds, batches, megabytes, json: values.json, help: values.help };
}

/** @param {string[]} words */
function parsed(words) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '3' },
        batches: { type: 'string', default: '600' },
        megabytes: { type: 'string', default: '200' },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}
