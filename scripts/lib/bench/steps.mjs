// @ts-check
/**
 * Steps a second of the reference workloads, on both implementations of the engine's kernels and in PyTorch: in turns,
 * round by round, on one core. No ratio is given before both sides have been shown to do the same step.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, Problem } from '../processes.mjs';
import { median, perSecond, shown, table } from './numbers.mjs';
import { benchProgram, findTorch, measured, pinned, torchRemedy } from './programs.mjs';

const workloads = ['W1a', 'W1b', 'W3'];

/** Seconds that a process trains, its warming up included. */
const seconds = '2';

/**
 * How far loss, gradients and updated parameters may be from float64's, relative to a tensor's norm. A deep net may
 * need more: where rounding alone moves PyTorch's own float32 further, the engine may be as far off, up to a limit.
 */
const tolerance = 1e-5;
const loosestTolerance = 1e-3;

/** @typedef {{ minimum: number, median: number }} Times Microseconds a step. */

/**
 * @param {readonly Times[]} rounds
 * @returns {Times} The fastest step of all, and the median over the rounds.
 */
function summed(rounds) {
  return {
    minimum: Math.min(...rounds.map(({ minimum }) => minimum)),
    median: median(rounds.map((round) => round.median)),
  };
}

/**
 * @param {string} workload
 * @param {import('./programs.mjs').Torch} torch
 * @returns {Promise<{ error: number, float32: number, agrees: boolean }>}
 */
async function checkStep(workload, torch) {
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
  try {
    const file = join(folder, 'step.json');
    const { code, output } = await capture(process.execPath, [await benchProgram('oneStep'), workload, 'simd']);
    if (code !== 0) {
      throw new Problem(output);
    }
    writeFileSync(file, output);
    const { error, float32 } = await torch.run([], 'torch_check.py', workload, file);
    return { error, float32, agrees: error <= Math.max(tolerance, Math.min(float32, loosestTolerance)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {number} rounds
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchSteps(rounds) {
  const program = await benchProgram('steps');
  const torch = findTorch();
  const pin = pinned();
  /** @type {Record<string, { simd: Times[], reference: Times[], torch: Times[], check?: Awaited<ReturnType<typeof checkStep>> }>} */
  const numbers = Object.fromEntries(workloads.map((name) => [name, { simd: [], reference: [], torch: [] }]));
  for (const name of torch ? workloads : []) {
    numbers[name].check = await checkStep(name, /** @type {import('./programs.mjs').Torch} */ (torch));
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of workloads) {
      for (const kernels of /** @type {const} */ (['simd', 'reference'])) {
        numbers[name][kernels].push(await measured([...pin, process.execPath, program, name, seconds, kernels]));
      }
      if (torch) {
        numbers[name].torch.push(await torch.run(pin, 'torch_steps.py', name, seconds, '1'));
      }
    }
  }

  const heading = ['steps a second', 'median', 'best', 'reference kernels, best'];
  if (torch) {
    heading.push('PyTorch median', 'best', 'ours / PyTorch', 'error of one step');
  }
  const rows = workloads.map((name) => {
    const engine = summed(numbers[name].simd);
    const reference = summed(numbers[name].reference);
    const row = [name, ...[engine.median, engine.minimum, reference.minimum].map((time) => shown(perSecond(time)))];
    const { check } = numbers[name];
    if (check) {
      const theirs = summed(numbers[name].torch);
      const ratio = check.agrees ? shown(theirs.minimum / engine.minimum) : 'refused';
      row.push(shown(perSecond(theirs.median)), shown(perSecond(theirs.minimum)), ratio);
      row.push(`${check.error.toExponential(1)} (${check.float32.toExponential(1)})`);
    }
    return row;
  });
  const notes = [
    pin.length > 0 ? 'Pinned to one core' : 'Not pinned to a core (there is no taskset here)',
    `${rounds} rounds in turns; best: the fastest step; the ratio is of the best.`,
  ].join(', ');
  const wrong = workloads.filter((name) => numbers[name].check?.agrees === false);
  const remarks = [
    table([heading, ...rows]),
    notes,
    torch
      ? `PyTorch ${torch.version} with ${torch.blas}, 1 thread, eager. Error: loss, gradients and updated parameters against float64 (PyTorch's own float32 in brackets).`
      : torchRemedy,
    ...wrong.map(
      (name) => `${name}: the two do not compute the same step, so their speeds are not compared. Mend that first.`,
    ),
  ];
  return { text: remarks.join('\n'), numbers: { torch: torch?.version ?? null, pinned: pin.length > 0, ...numbers } };
}
