// @ts-check
/**
 * Measures the peak memory of `bnexp run` on W1b, and of PyTorch with the same training; and of both on the 60,000 images of
 * Fashion-MNIST where Debian's package has installed them.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { capture, Problem } from '../processes.mjs';
import { median, shown, table } from './numbers.mjs';
import { benchProgram, buildAll, findTorch, torchRemedy } from './programs.mjs';

/** Enough steps that all allocations have happened. */
const steps = '500';

/** Where Debian's package dataset-fashion-mnist installs its files. */
const images = '/usr/share/datasets/fashion-mnist';
const imageSteps = 5000;

/** @param {string[]} args Arguments of Node. @param {string} folder Folder for the measured value. */
async function peakOf(args, folder) {
  return (await usageOf(args, folder)).peak;
}

/**
 * @param {string[]} args Arguments of Node.
 * @param {string} folder Folder for the measured values.
 * @returns {Promise<{ peak: number, cpu: number }>} MiB, and CPU seconds.
 */
async function usageOf(args, folder) {
  const file = join(folder, 'peak');
  const preload = ['--require', join(root, 'bench/peakMemory.cjs')];
  const { code, output } = await capture(process.execPath, [...preload, ...args], {
    env: { ...process.env, BATCHNORM_LAB_PEAK: file },
  });
  if (code !== 0) {
    throw new Problem(`Command failed: node ${args.join(' ')}\n${output}`);
  }
  const [peak, cpu] = readFileSync(file, 'utf8').split(' ').map(Number);
  return { peak: peak / 1024, cpu: cpu / 1e6 };
}

/** Three layers of 100 units with BatchNorm on all images, evaluated at the start and at the end. */
const imageExperiment = {
  data: { kind: 'fashion-mnist' },
  network: {
    layers: [{ dense: 100 }, { dense: 100 }, { dense: 100 }],
    activation: 'sigmoid',
    normalization: 'batch',
  },
  training: { optimizer: { kind: 'sgd', learningRate: 0.1 }, batchSize: 60, steps: imageSteps, seeds: [1] },
  watch: { every: imageSteps },
};

/**
 * @param {number} rounds
 * @param {string} folder
 * @param {ReturnType<typeof findTorch>} torch
 */
async function benchImages(rounds, folder, torch) {
  if (!existsSync(images))
    return { text: `No Fashion-MNIST in ${images}: install dataset-fashion-mnist.`, numbers: {} };
  const experiment = join(folder, 'images.bnexp.json');
  writeFileSync(experiment, JSON.stringify(imageExperiment));
  const own = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    const out = join(folder, `images-${round}`);
    const run = [join(root, 'dist/cli.js'), 'run', experiment, '--quiet', '--jobs', '1', '--out', out];
    own.push(await usageOf(run, folder));
    if (torch) theirs.push(await torch.run({}, 'torch_images.py', images, String(imageSteps), '1'));
  }
  const rows = [
    [`60,000 images, ${imageSteps} steps`, 'peak MiB', 'CPU s'],
    ['bnexp run --jobs 1', shown(median(own.map(({ peak }) => peak))), shown(median(own.map(({ cpu }) => cpu)))],
  ];
  if (torch) {
    const peaks = theirs.map(({ peakMemoryMiB }) => peakMemoryMiB);
    rows.push(['PyTorch, 1 thread', shown(median(peaks)), shown(median(theirs.map(({ cpuSeconds }) => cpuSeconds)))]);
  }
  return { text: table(rows), numbers: { bnexp: own, torch: theirs } };
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
    const onImages = await benchImages(rounds, folder, torch);
    const note = `One run of ${steps} steps with a run log; median of ${rounds} rounds.`;
    const text = [table(rows), note, '', onImages.text, ...(torch ? [] : [torchRemedy])].join('\n');
    return { text, numbers: { ...numbers, images: onImages.numbers } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
