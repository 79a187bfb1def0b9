/** What this machine can do at the same time. */
import { availableParallelism, totalmem } from 'node:os';
import { estimateMemory } from '../experiment/checks/memory';
import type { Plan } from '../experiment/plan';

/** The system and node itself want to live too. */
const usableShare = 0.8;

/** What runs may take together, in bytes. In a container that is what the container may have. */
export function machineMemory(): number {
  // 0 or a number beyond all memory where there is no such limit.
  const constrained = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return usableShare * Math.min(totalmem(), constrained);
}

/** Runs to train side by side: one on each core, as far as memory reaches. */
export function defaultJobs(plan: Plan, cores = availableParallelism(), memory = machineMemory()): number {
  const needs = [...new Set(plan.samples.map(({ experiment }) => experiment))].map((experiment) => {
    const { data, parameters, pass, frames } = estimateMemory(experiment);
    return data + parameters + pass + frames;
  });
  const largest = Math.max(1, ...needs);
  return Math.max(1, Math.min(cores, Math.floor(memory / largest), plan.runs.length));
}
