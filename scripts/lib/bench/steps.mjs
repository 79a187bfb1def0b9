// @ts-check
/**
 * Measures steps per second of the reference workloads on this Node, on Node 24, in PyTorch and in TensorFlow.js, in turn, round by
 * round, pinned to a core. It prints no ratio before both programs are shown to do the same step.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../files.mjs';
import { perSecond, sameLosses, shown, steady, summed, table } from './numbers.mjs';
import { findNode24, findTfjs, thisNode } from './peers.mjs';
import { benchProgram, findTorch, measured, pinned, torchRemedy } from './programs.mjs';
import { checkStep, writeStep } from './sameStep.mjs';

/** @typedef {import('./numbers.mjs').Times} Times */
/** @typedef {import('./sameStep.mjs').Check} Check */

const workloads = ['W1a', 'W1b', 'W2', 'W3', 'W4'];

/** Training time of a process in seconds, including warm-up; shorter for slow programs. */
const seconds = '1.5';
const fewSeconds = '0.5';

/** Workloads that a program cannot run, or would take minutes for, with the reason. @type {Record<string, Record<string, string>>} */
const leftOut = {
  'tfjs wasm': { W4: 'its convolutions have no gradient' },
  'tfjs plain': { W4: 'a step takes 15 s' },
};

/**
 * @typedef {object} Side
 * @property {string} name
 * @property {'ours' | 'reference' | 'PyTorch' | 'tfjs'} kind
 * @property {boolean} slow Whether it is measured only in the first round.
 * @property {(workload: string) => Promise<Times & { losses?: number[] }>} measure
 */

/**
 * @typedef {object} Found Available programs.
 * @property {import('./peers.mjs').NodeProgram[]} nodes
 * @property {import('./programs.mjs').Torch | null} torch
 * @property {{ folder: string, version: string } | null} tfjs
 * @property {string[]} remarks Messages about missing programs.
 */

/** @returns {Promise<Found>} */
async function findSides() {
  const [node24, tfjs, torch] = [await findNode24(), await findTfjs(), findTorch()];
  const remarks = torch ? [] : [torchRemedy];
  const nodes = [thisNode];
  if (node24 && 'missing' in node24) {
    remarks.push(`Skipped: Node 24. ${node24.missing}`);
  } else if (node24) {
    nodes.push(node24);
  }
  if ('missing' in tfjs) {
    remarks.push(`Skipped: TensorFlow.js. ${tfjs.missing}`);
  }
  return { nodes, torch, tfjs: 'missing' in tfjs ? null : tfjs, remarks };
}

/** @param {Found} found @returns {Promise<Side[]>} */
async function sidesOf({ nodes, torch, tfjs }) {
  const program = await benchProgram('steps');
  /** @type {Side[]} */
  const sides = nodes.map(({ name, program: node }) => ({
    name: `ours, ${name}`,
    kind: 'ours',
    slow: false,
    measure: (workload) => measured([...pinned(), node, program, workload, seconds, 'simd']),
  }));
  for (const { name, program: node } of nodes.filter((each) => each !== thisNode)) {
    sides.push({
      name: `ours, ${name} --avx2`,
      kind: 'ours',
      slow: false,
      measure: (workload) => measured([...pinned(), node, program, workload, seconds, 'wide']),
    });
  }
  for (const threads of torch ? [1, 2] : []) {
    sides.push({
      name: `PyTorch, ${threads} thread${threads === 1 ? '' : 's'}`,
      kind: 'PyTorch',
      slow: false,
      measure: (workload) =>
        /** @type {import('./programs.mjs').Torch} */ (torch).run(
          { before: pinned(threads), threads },
          'torch_steps.py',
          workload,
          seconds,
          String(threads),
        ),
    });
  }
  for (const [name, backend] of tfjs
    ? [
        ['wasm', 'wasm'],
        ['plain', 'cpu'],
      ]
    : []) {
    const script = join(root, 'bench/tfjs_steps.cjs');
    sides.push({
      name: `tfjs ${name}`,
      kind: 'tfjs',
      slow: true,
      measure: async (workload) => {
        const file = await writeStep(workload, thisNode);
        const folder = /** @type {{ folder: string }} */ (tfjs).folder;
        return measured([...pinned(), process.execPath, script, folder, backend, file, fewSeconds]);
      },
    });
  }
  sides.push({
    name: 'reference kernels',
    kind: 'reference',
    slow: true,
    measure: (workload) => measured([...pinned(), process.execPath, program, workload, fewSeconds, 'reference']),
  });
  return sides;
}

/**
 * @typedef {object} Measurement Results of one workload.
 * @property {Check | null} check
 * @property {number[]} losses Losses of the lab's step, before and after.
 * @property {Record<string, (Times & { losses?: number[] })[]>} times Times by program.
 */

/**
 * Compares a program's step with the lab's: the table cell, and whether their speeds may be compared.
 * @param {Side} side
 * @param {Measurement} measurement
 * @returns {{ agrees: boolean, says: string }}
 */
function comparison({ kind, name }, { check, losses, times }) {
  switch (kind) {
    case 'ours':
    case 'reference':
      return { agrees: false, says: '' };
    case 'PyTorch':
      return check
        ? { agrees: check.agrees, says: `${check.error.toExponential(1)} (${check.float32.toExponential(1)})` }
        : { agrees: false, says: '' };
    case 'tfjs': {
      const [first] = times[name];
      const agrees = first.losses !== undefined && sameLosses(losses, first.losses);
      return {
        agrees,
        says: agrees ? 'identical losses' : `losses ${first.losses?.join(', ')}, not ${losses.join(', ')}`,
      };
    }
    default:
      return unknownKind(kind);
  }
}

/** @param {never} kind @returns {never} */
function unknownKind(kind) {
  throw new Error(`Unknown kind ${String(kind)}`);
}

/**
 * @param {string} workload
 * @param {readonly Side[]} sides
 * @param {Measurement} measurement
 * @returns {string[][]} Table rows.
 */
function rowsOf(workload, sides, measurement) {
  const ours = sides.filter(({ kind }) => kind === 'ours');
  return sides.map((side, index) => {
    const label = `${index === 0 ? workload : ''.padEnd(workload.length)}  ${side.name}`;
    const reason = leftOut[side.name]?.[workload];
    if (reason) {
      return [label, '–', '–', ...ours.map(() => '–'), reason];
    }
    const times = summed(measurement.times[side.name]);
    const { agrees, says } = comparison(side, measurement);
    const ratios = ours.map(({ name }) => {
      if (side.kind === 'ours' || side.kind === 'reference') {
        return '';
      }
      if (!agrees) {
        return 'refused';
      }
      const rounds = [side.name, name].map((each) => measurement.times[each].map(({ minimum }) => minimum));
      return rounds.every((times) => steady(times, 'smallest'))
        ? shown(times.minimum / summed(measurement.times[name]).minimum)
        : 'rounds differ';
    });
    return [label, shown(perSecond(times.median)), shown(perSecond(times.minimum)), ...ratios, says];
  });
}

/**
 * @param {number} rounds
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchSteps(rounds) {
  const found = await findSides();
  const { nodes, torch, tfjs, remarks } = found;
  const sides = await sidesOf(found);
  /** @type {Record<string, Measurement>} */
  const numbers = {};
  for (const workload of workloads) {
    const check = torch ? await checkStep(workload, nodes, torch) : null;
    /** @type {import('../../../bench/oneStep').OneStep} */
    const { losses } = JSON.parse(readFileSync(await writeStep(workload, thisNode), 'utf8'));
    numbers[workload] = { check, losses, times: Object.fromEntries(sides.map(({ name }) => [name, []])) };
  }
  for (let round = 0; round < rounds; round++) {
    for (const workload of workloads) {
      for (const { name, slow, measure } of sides) {
        if (!leftOut[name]?.[workload] && (round === 0 || !slow)) {
          numbers[workload].times[name].push(await measure(workload));
        }
      }
    }
  }

  const ours = sides.filter(({ kind }) => kind === 'ours');
  const heading = [
    'steps per second',
    'median',
    'best',
    ...ours.map(({ name }) => `${name.replace('ours, ', '')} / it`),
    'step check',
  ];
  const wrong = workloads.filter((name) => numbers[name].check?.agrees === false);
  const notes = [
    pinned().length > 0
      ? 'Pinned to one core (PyTorch with 2 threads: to two)'
      : 'Not pinned to a core (taskset is missing)',
    `${rounds} rounds in turn; TensorFlow.js and reference kernels only in the first; best is the fastest step, and ratios compare the best, unless the two best rounds differ by more than 5 %`,
    ...(tfjs ? [`TensorFlow.js ${tfjs.version} on ${thisNode.name}`] : []),
    ...(torch ? [`PyTorch ${torch.version} with ${torch.blas}, eager`] : []),
  ];
  const said = [
    table([heading, ...workloads.flatMap((name) => rowsOf(name, sides, numbers[name]))]),
    `${notes.join('. ')}.`,
    ...(torch
      ? [
          "Step check: error of losses, gradients and updated parameters against float64 (PyTorch's float32 in parentheses).",
        ]
      : []),
    ...remarks,
    ...wrong.map(
      (name) => `${name}: the lab and PyTorch do different steps, so their speeds are not compared. Fix this first.`,
    ),
  ];
  return {
    text: said.join('\n'),
    numbers: { torch: torch?.version ?? null, tfjs: tfjs?.version ?? null, pinned: pinned().length > 0, ...numbers },
  };
}
