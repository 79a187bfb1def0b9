// @ts-check
/**
 * Measures the peak memory of `bnexp run` on W1b, and of PyTorch with the same training.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { capture, Problem } from '../processes.mjs';
import { median, shown, table } from './numbers.mjs';
import { benchProgram, buildAll, findTorch, torchRemedy } from './programs.mjs';

/** Enough steps that all allocations have happened. */
const steps = '500';

/**
 * @param {string[]} args Arguments of Node.
 * @param {string} folder Folder for the measured value.
 * @returns {Promise<number>} MiB.
 */
async function peakOf(args, folder) {
  const file = join(folder, 'peak');
  const preload = ['--require', join(root, 'bench/peakMemory.cjs')];
  const { code, output } = await capture(process.execPath, [...preload, ...args], {
    env: { ...process.env, BATCHNORM_LAB_PEAK: file },
  });
  if (code !== 0) {
    throw new Problem(`Command failed: node ${args.join(' ')}\n${output}`);
  }
  return Number(readFileSync(file, 'utf8')) / 1024;
}

/**
 * @param {number} rounds
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchMemory(rounds) {
  await buildAll();
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
  try {
    const experiment = join(folder, 'W1b.bnexp.json');
    const { output } = await capture(process.execPath, [await benchProgram('writeExperiment'), 'W1b', steps]);
    writeFileSync(experiment, output);
    const torch = findTorch();
    /** @type {{ bnexp: number[], node: number[], torch: number[], torchAlone: number[] }} */
    const numbers = { bnexp: [], node: [], torch: [], torchAlone: [] };
    for (let round = 0; round < rounds; round++) {
      const run = [join(root, 'dist/cli.js'), 'run', experiment, '--quiet', '--out', join(folder, `run-${round}`)];
      numbers.bnexp.push(await peakOf(run, folder));
      numbers.node.push(await peakOf(['--eval', '0'], folder));
      if (torch) {
        const theirs = await torch.run({}, 'torch_steps.py', 'W1b', '2', '1');
        numbers.torch.push(theirs.peakMemoryMiB);
        numbers.torchAlone.push(theirs.emptyMemoryMiB);
      }
    }
    const rows = [
      ['peak memory, W1b', 'MiB', 'of which the empty runtime'],
      ['bnexp run', shown(median(numbers.bnexp)), `Node: ${shown(median(numbers.node))}`],
    ];
    if (torch) {
      rows.push(['PyTorch', shown(median(numbers.torch)), `import torch: ${shown(median(numbers.torchAlone))}`]);
    }
    const note = `One run of ${steps} steps with a run log; median of ${rounds} rounds.`;
    return { text: [table(rows), note, ...(torch ? [] : [torchRemedy])].join('\n'), numbers };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
