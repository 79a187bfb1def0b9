// @ts-check
/** The view Runs with thousands of run folders: time until it shows the first of them, with and without what it remembers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { median, shown, table } from './numbers.mjs';
import { benchProgram, buildAll, measured } from './programs.mjs';

const numbers = [5000, 10_000];
/** Milliseconds. */
const aim = 300;

/**
 * @param {number} rounds
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchRuns(rounds) {
  await buildAll();
  const program = await benchProgram('runs');
  const results = [];
  for (const number of numbers) results.push({ number, ...(await opened(program, number, rounds)) });
  const rows = results.flatMap(({ number, first, later }) => {
    /** @param {string} property */
    const middle = (property) => median(later.map((each) => each[property]));
    return [
      [`${number.toLocaleString('en-US')} run folders of 6 runs`, 'first runs, ms', 'all read, ms'],
      ['nothing remembered', shown(first.shown), shown(first.all)],
      ['remembered', shown(middle('shown')), shown(middle('all'))],
    ];
  });
  const note = `Target for the first runs of 5,000: ${aim} ms. Nothing is read in the thread of the extension host.`;
  return { text: [table(rows), note].join('\n'), numbers: results };
}

/**
 * Opens the list without anything remembered, then several times with what it remembers.
 * @param {string} program @param {number} number Number of run folders. @param {number} rounds
 */
async function opened(program, number, rounds) {
  const worker = join(root, 'dist/reader.js');
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
  try {
    await measured([process.execPath, program, 'write', folder, String(number)]);
    const open = () => measured([process.execPath, program, 'open', worker, folder, join(folder, 'list.json')]);
    const first = await open();
    /** @type {any[]} */
    const later = [];
    for (let round = 0; round < rounds; round++) {
      later.push(await open());
    }
    return { first, later };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
