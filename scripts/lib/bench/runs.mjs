// @ts-check
/** The view Runs with thousands of run folders: time until it shows the first of them, with and without what it remembers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { median, shown, table } from './numbers.mjs';
import { benchProgram, buildAll, measured } from './programs.mjs';

const number = 10_000;
/** Milliseconds. */
const aim = 300;

/**
 * @param {number} rounds
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchRuns(rounds) {
  await buildAll();
  const program = await benchProgram('runs');
  const worker = join(root, 'dist/catalogWorker.js');
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
    /** @param {string} property */
    const middle = (property) => median(later.map((each) => each[property]));
    const rows = [
      [`${number.toLocaleString('en-US')} run folders of 6 runs`, 'first runs, ms', 'all read, ms'],
      ['nothing remembered', shown(first.shown), shown(first.all)],
      ['remembered', shown(middle('shown')), shown(middle('all'))],
    ];
    const note = `Target for the first runs: ${aim} ms. Nothing is read in the thread of the extension host.`;
    return { text: [table(rows), note].join('\n'), numbers: { first, later } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
