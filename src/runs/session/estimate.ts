/** Estimates how long a large plan takes on this machine, by a short trial of one run of each arm. */
import * as l10n from '@vscode/l10n';
import type { Plan } from '../../experiment/plan';
import { count } from '../../experiment/words';
import type { RunState } from '../../protocol';
import type { Noun } from '../../shared/counts';
import type { Clock } from './clock';
import type { ExperimentSession, SessionOptions } from './session';

/** Maximum milliseconds of the trial. */
const patience = 3000;

type Trial = Pick<ExperimentSession, 'start' | 'stop' | 'ended' | 'onMessage'>;

/**
 * Seconds that all runs of the plan take; null if the trial measured no speed.
 * @param make Makes a session that saves nothing.
 */
export async function estimateSeconds(
  plan: Plan,
  jobs: number,
  clock: Clock,
  make: (options: Pick<SessionOptions, 'plan' | 'jobs' | 'record' | 'storeFrames'>) => Trial | Promise<Trial>,
): Promise<number | null> {
  // From the middle of the grid: its ends are where runs diverge at once.
  const middle = Math.floor(plan.samples.length / plan.arms.length / 2) * plan.arms.length;
  const runs = plan.samples.slice(middle, middle + plan.arms.length);
  const trial = await make({ plan: { ...plan, claims: [], runs }, jobs, record: null, storeFrames: false });
  const seen = new Map<string, RunState>();
  trial.onMessage((message) => {
    if (message.type === 'status') for (const run of message.runs) seen.set(run.id, run);
  });
  trial.start();
  const endTrial = clock.after(patience, () => void trial.stop());
  await trial.ended;
  endTrial();
  const paces = [...seen.values()].flatMap(({ steps, stepsPerSecond }) =>
    stepsPerSecond > 0 ? [steps / stepsPerSecond] : [],
  );
  if (paces.length === 0) return null;
  return (plan.runs.length * (paces.reduce((sum, seconds) => sum + seconds, 0) / paces.length)) / jobs;
}

/** `2,000,000 runs (1,000,000 points × 2 arms × 1 seed) take about 12 days on this machine, 2 at a time`. */
export function sizeInWords({ runs, pointCount, arms, seeds }: Plan, jobs: number, seconds: number | null): string {
  const whole = pointCount * arms.length * seeds.length === runs.length;
  const factors = `${count(pointCount, 'point')} × ${count(arms.length, 'arm')} × ${count(seeds.length, 'seed')}`;
  const size = `${count(runs.length, 'run')} (${whole ? factors : l10n.t`a part of ${factors}`})`;
  return seconds === null
    ? l10n.t`${size} take an unknown time (a short trial was inconclusive) on this machine, ${jobs} at a time`
    : l10n.t`${size} take about ${longTime(seconds)} on this machine, ${jobs} at a time`;
}

/** `40 seconds`, `3 hours`, `12 days`: one or two significant digits, the precision of the estimate. */
export function longTime(seconds: number): string {
  const units: [Noun, number][] = [
    ['second', 1],
    ['minute', 60],
    ['hour', 3600],
    ['day', 86_400],
    ['year', 365.25 * 86_400],
  ];
  const [name, size] = units.findLast(([, each]) => seconds >= 2 * each) ?? units[0];
  const value = seconds / size;
  const rounded = value >= 100 ? Number(value.toPrecision(2)) : Math.max(1, Math.round(value));
  return count(rounded, name);
}
