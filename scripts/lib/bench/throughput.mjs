// @ts-check
/**
 * Measures how fast an experiment with two arms and four seeds trains on two cores, compared with PyTorch: the better of two
 * processes with one thread each and one process with two threads.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { capture, Problem } from '../processes.mjs';
import { perSecond, shown, table } from './numbers.mjs';
import { findNode24, thisNode } from './peers.mjs';
import { benchProgram, buildAll, findTorch, pinned, pinnedApart, torchRemedy } from './programs.mjs';

const runs = 8;
const jobs = 2;

/** Steps per run, chosen so that the experiment takes about ten seconds. */
const steps = { W1a: 3000, W1b: 3000, W2: 80, W3: 6000, W4: 140 };

/** Training time of PyTorch in seconds. */
const seconds = '4';

/**
 * Steps per second of all runs together, from the start of the command to its end.
 * @param {string} node
 * @param {string} experiment
 * @param {number} count Steps per run.
 */
async function ours(node, experiment, count) {
  const out = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
  try {
    const args = [join(root, 'dist/cli.js'), 'run', experiment, '--quiet', '--jobs', String(jobs), '--out', out];
    const pin = pinned(jobs);
    const command = [...pin, node, ...args];
    const start = performance.now();
    const { code, output } = await capture(command[0], command.slice(1));
    const elapsed = (performance.now() - start) / 1000;
    if (code !== 0) throw new Problem(`Command failed: ${command.join(' ')}\n${output}`);
    return (runs * count) / elapsed;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** @param {import('./programs.mjs').Torch} torch @param {string} workload */
async function theirs(torch, workload) {
  const apart = await Promise.all(
    pinnedApart(jobs).map((before) => torch.run({ before }, 'torch_steps.py', workload, seconds, '1')),
  );
  const together = await torch.run({ before: pinned(2), threads: 2 }, 'torch_steps.py', workload, seconds, '2');
  return {
    processes: apart.reduce((sum, { median }) => sum + perSecond(median), 0),
    threads: perSecond(together.median),
  };
}

/**
 * @param {number} rounds
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchThroughput(rounds) {
  if (cpus().length < jobs) throw new Problem('This part needs two cores, and this machine has one.');
  await buildAll();
  const writer = await benchProgram('writeExperiment');
  const node24 = await findNode24();
  const nodes = node24 && 'program' in node24 ? [thisNode, node24] : [thisNode];
  const torch = findTorch();
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
  try {
    /** @type {Record<string, { ours: Record<string, number[]>, processes: number[], threads: number[] }>} */
    const numbers = {};
    for (let round = 0; round < rounds; round++) {
      for (const [workload, count] of Object.entries(steps)) {
        const experiment = join(folder, `${workload}.bnexp.json`);
        const { output } = await capture(process.execPath, [writer, workload, String(count), 'sweep']);
        writeFileSync(experiment, output);
        numbers[workload] ??= {
          ours: Object.fromEntries(nodes.map(({ name }) => [name, []])),
          processes: [],
          threads: [],
        };
        for (const { name, program } of nodes) {
          numbers[workload].ours[name].push(await ours(program, experiment, count));
        }
        if (torch) {
          const { processes, threads } = await theirs(torch, workload);
          numbers[workload].processes.push(processes);
          numbers[workload].threads.push(threads);
        }
      }
    }
    return { text: textOf(numbers, nodes, torch !== null, rounds), numbers };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Record<string, { ours: Record<string, number[]>, processes: number[], threads: number[] }>} numbers
 * @param {import('./peers.mjs').NodeProgram[]} nodes
 * @param {boolean} compared
 * @param {number} rounds
 */
function textOf(numbers, nodes, compared, rounds) {
  const rows = Object.entries(numbers).map(([workload, { ours, processes, threads }]) => {
    const best = nodes.map(({ name }) => Math.max(...ours[name]));
    if (!compared) return [workload, ...best.map(shown)];
    const [apart, together] = [Math.max(...processes), Math.max(...threads)];
    const ratios = best.map((value) => shown(value / Math.max(apart, together)));
    return [workload, ...best.map(shown), shown(apart), shown(together), ...ratios];
  });
  const heading = ['runs × steps per second', ...nodes.map(({ name }) => name)];
  if (compared) heading.push('PyTorch 2 × 1', '1 × 2', ...nodes.map(({ name }) => `${name} / better`));
  return [
    table([heading, ...rows]),
    `Lab: bnexp run --jobs ${jobs} of 2 arms × 4 seeds, including start-up, data and run folder; best of ${rounds} rounds.`,
    compared
      ? 'PyTorch: median step of 2 parallel processes with 1 thread each, and of 1 process with 2 threads, without start-up.'
      : torchRemedy,
  ].join('\n');
}
