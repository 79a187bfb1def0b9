/** Estimates the remaining time of an experiment. */
import type { RunState } from '../../protocol';

type Paced = Pick<RunState, 'arm' | 'status' | 'step' | 'steps' | 'stepsPerSecond'>;

/** Steps that were trained, and the seconds that they took. */
interface Trained {
  steps: number;
  seconds: number;
}

/**
 * Seconds until all runs are over; null until the speed of a run is known. A step of an arm is assumed to take as long as its
 * steps so far, so that the slow first steps of a run count no more than others; for an arm without a trained step, as long
 * as those of the other arms.
 * @param jobs Runs at the same time.
 * @param pace Maximum steps per second of each run; null if it trains as fast as it can.
 */
export function secondsLeft(runs: readonly Paced[], jobs: number, pace: number | null = null): number | null {
  const open = runs.filter(({ status }) => status === 'waiting' || status === 'running');
  if (open.length === 0) return null;
  const ofArms = new Map<string, Trained>();
  const all: Trained = { steps: 0, seconds: 0 };
  for (const { arm, step, stepsPerSecond } of runs) {
    if (stepsPerSecond <= 0 || step <= 0) continue;
    const ofArm = ofArms.get(arm) ?? { steps: 0, seconds: 0 };
    ofArms.set(arm, ofArm);
    for (const trained of [ofArm, all]) {
      trained.steps += step;
      trained.seconds += step / Math.min(stepsPerSecond, pace ?? stepsPerSecond);
    }
  }
  if (all.steps === 0) return null;
  const left = open.map(({ arm, step, steps }) => {
    const { seconds, steps: trained } = ofArms.get(arm) ?? all;
    return (steps - step) * (seconds / trained);
  });
  const total = left.reduce((sum, seconds) => sum + seconds, 0);
  return Math.max(total / Math.min(jobs, open.length), ...left);
}
