// @ts-check
/**
 * Reading of event files of other programs: rate, memory and time until the first values, beside TensorBoard's own reader.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { onPath } from '../processes.mjs';
import { shown, table } from './numbers.mjs';
import { benchProgram, measured } from './programs.mjs';

/** Targets for a folder of a gigabyte. */
const aim = { seconds: 30, peakMegabytes: 600, firstSeconds: 2 };

/** A Python that has TensorBoard: BATCHNORM_LAB_TENSORBOARD names it, or it is on PATH. */
function findTensorBoard() {
  return [process.env.BATCHNORM_LAB_TENSORBOARD, onPath('python3'), '/usr/bin/python3'].find(
    (python) => python && spawnSync(python, ['-c', 'import tensorboard']).status === 0,
  );
}

/**
 * @param {number} megabytes Size of the folder.
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchLogs(megabytes) {
  const program = await benchProgram('logs');
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
  try {
    await measured([process.execPath, program, 'write', folder, String(megabytes)]);
    const own = await measured([process.execPath, program, 'read', folder]);
    const python = findTensorBoard();
    const script = join(root, 'bench/tensorboard_read.py');
    const theirs = python ? await measured([python, '-B', script, folder]) : null;
    /** @param {string} name @param {any} result */
    const row = (name, result) => [
      name,
      shown(result.seconds),
      shown(result.megabytes / result.seconds),
      shown(result.megabytes / result.cpuSeconds),
      shown(result.peakMegabytes),
      result.firstSeconds === undefined ? '' : shown(result.firstSeconds),
    ];
    const rows = [
      [`${shown(own.megabytes)} MB of event files`, 's', 'MB/s', 'MB per core second', 'peak MB', 'first values, s'],
      row('BatchNorm Lab', own),
      ...(theirs ? [row(`TensorBoard ${theirs.version}`, theirs)] : []),
    ];
    const notes = [
      `${own.values.toLocaleString('en-US')} scalars, one per record, of 200 tags over a million steps in 4 runs.`,
      `Target for 1 GB (--megabytes 1000): ${aim.seconds} s, ${aim.peakMegabytes} MB, first values in ${aim.firstSeconds} s.`,
      ...(theirs
        ? []
        : [
            'TensorBoard is not installed, so the comparison is skipped: set BATCHNORM_LAB_TENSORBOARD to a Python that has it.',
          ]),
    ];
    return { text: [table(rows), ...notes].join('\n'), numbers: { own, theirs } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
