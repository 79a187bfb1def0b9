// @ts-check
/**
 * Checks that both programs do the same training step. The benchmark prints no ratio before this check. The lab writes one
 * step to a file, and the other programs repeat it and report their results.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { capture, Problem } from '../processes.mjs';
import { benchProgram } from './programs.mjs';

/** Largest allowed error of losses, gradients and updated parameters against float64, relative to a tensor's norm. */
const tolerance = 1e-5;
/**
 * Deep nets need a larger tolerance. If rounding alone moves PyTorch's float32 further, the engine's error may be a few times as
 * large, up to a limit.
 */
const timesFloat32 = 4;
const loosestTolerance = 1e-3;

/**
 * Trains one step of a workload.
 * @param {string} workload
 * @param {import('./peers.mjs').NodeProgram} node
 * @returns {Promise<string>} Path of the file; see `bench/oneStep.ts`.
 */
export async function writeStep(workload, node) {
  const folder = join(root, 'out/bench/steps');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${workload}-${node.name.replace(' ', '')}.json`);
  const program = await benchProgram('oneStep');
  const { code, output } = await capture(node.program, [program, workload, 'simd', file]);
  if (code !== 0) {
    throw new Problem(`One step of ${workload} failed on ${node.name}:\n${output}`);
  }
  return file;
}

/** @typedef {{ error: number, float32: number, agrees: boolean }} Check */

/** Previous checks by workload. @type {Map<string, Check>} */
const known = new Map();

/**
 * Compares one step of a workload with PyTorch's in float64.
 * @param {string} workload
 * @param {readonly import('./peers.mjs').NodeProgram[]} nodes Nodes that must give identical bits.
 * @param {import('./programs.mjs').Torch} torch
 * @returns {Promise<Check>}
 */
export async function checkStep(workload, nodes, torch) {
  const before = known.get(workload);
  if (before) {
    return before;
  }
  const [file, ...others] = await Promise.all(nodes.map((node) => writeStep(workload, node)));
  const step = readFileSync(file, 'utf8');
  const different = nodes.slice(1).find((_, k) => readFileSync(others[k], 'utf8') !== step);
  if (different) {
    throw new Problem(`${workload}: ${different.name} and ${nodes[0].name} give different bits. Fix this first.`);
  }
  const { error, float32 } = await torch.run({}, 'torch_check.py', workload, file);
  const limit = Math.max(tolerance, Math.min(timesFloat32 * float32, loosestTolerance));
  const check = { error, float32, agrees: error <= limit };
  known.set(workload, check);
  return check;
}
