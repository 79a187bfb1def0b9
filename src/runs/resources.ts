/** Memory and parallelism of this machine. */
import { availableParallelism, totalmem } from 'node:os';
import { estimateMemory } from '../experiment/checks/memory';
import type { Plan } from '../experiment/plan';
import { type CheckedData, dataKey } from './loadData';

/** Share of the memory for runs. The rest is for the system and Node. */
const usableShare = 0.8;

/** Memory limit of all runs together, in bytes. In a container it is based on the container's limit. */
export function machineMemory(): number {
  // 0 or a number larger than the memory if there is no limit.
  const constrained = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return usableShare * Math.min(totalmem(), constrained);
}

/**
 * Estimated memory of the largest run of a plan, in bytes.
 * @param shapes Shapes of data files that have been read, by `dataKey`.
 */
export function memoryOfRun(plan: Plan, shapes: CheckedData['shapes']): number {
  const needs = [...new Set(plan.samples.map(({ experiment }) => experiment))].map((experiment) => {
    const { data, parameters, pass, frames } = estimateMemory(experiment, shapes.get(dataKey(experiment.data)));
    return data + parameters + pass + frames;
  });
  return Math.max(1, ...needs);
}

/** Number of parallel runs: one per core, limited by memory. */
export function defaultJobs(
  plan: Plan,
  shapes: CheckedData['shapes'],
  cores = availableParallelism(),
  memory = machineMemory(),
): number {
  return Math.max(1, Math.min(cores, Math.floor(memory / memoryOfRun(plan, shapes)), plan.runs.length));
}
