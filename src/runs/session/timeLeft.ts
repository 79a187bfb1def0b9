/** Estimates the remaining time of an experiment. */
import type { RunState } from '../../protocol';

type Paced = Pick<RunState, 'arm' | 'status' | 'step' | 'steps' | 'stepsPerSecond'>;

/**
 * Seconds until all runs are over; null until the speed of a run is known. Runs of an arm are assumed to take as long as its
 * other runs; for an arm without a known speed, the mean over the others is used.
 * @param jobs Runs at the same time.
 * @param pace Maximum steps per second of each run; null if it trains as fast as it can.
 */
export function secondsLeft(runs: readonly Paced[], jobs: number, pace: number | null = null): number | null {
  const open = runs.filter(({ status }) => status === 'waiting' || status === 'running');
  if (open.length === 0) return null;
  const paces = new Map<string, number[]>();
  for (const { arm, stepsPerSecond } of runs) {
    if (stepsPerSecond <= 0) continue;
    const perStep = 1 / Math.min(stepsPerSecond, pace ?? stepsPerSecond);
    const known = paces.get(arm);
    if (known) known.push(perStep);
    else paces.set(arm, [perStep]);
  }
  const all = [...paces.values()].flat();
  if (all.length === 0) return null;
  const left = open.map(({ arm, step, steps }) => (steps - step) * mean(paces.get(arm) ?? all));
  const total = left.reduce((sum, seconds) => sum + seconds, 0);
  return Math.max(total / Math.min(jobs, open.length), ...left);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
