/** The states of session and runs in words. */

import type { Divergence, RunState, SessionState } from '../../src/protocol';
import { count, formatCount, formatRate } from '../../src/shared/numbers';
import { durationInWords, progressOf } from '../../src/shared/progress';
import { unexpected } from '../../src/shared/unexpected';
import type { Shown } from '../view/shown';

export function stateWord(state: SessionState): string {
  switch (state) {
    case 'idle':
      return 'Not running';
    case 'running':
      return 'Running';
    case 'paused':
      return 'Paused';
    case 'finished':
      return 'Finished';
    case 'stopped':
      return 'Stopped';
    default:
      return unexpected(state);
  }
}

/** `hidden3 linear`, `hidden3 linear gradient`, `loss`. */
export function placeOf({ layer, tap }: Divergence): string {
  const words = tap.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return layer === 'network' || layer === '' ? words : `${layer} ${words}`;
}

/** State of a run, if it is not simply running or completed. */
export function runWords(state: RunState): string {
  switch (state.status) {
    case 'diverged':
      return state.divergedAt
        ? `diverged at step ${formatCount(state.divergedAt.step)}, ${placeOf(state.divergedAt)}`
        : 'diverged';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return `stopped at step ${formatCount(state.step)}`;
    case 'waiting':
      return 'waiting';
    case 'running':
      return state.fork && state.step < state.fork.step ? `training up to step ${formatCount(state.fork.step)}` : '';
    case 'completed':
      return state.evicted ? 'loading from disk…' : '';
    default:
      return unexpected(state.status);
  }
}

/** Text behind the state: the furthest step of the displayed seed, steps per second, time left, number of completed runs. */
export function progressParts(shown: Shown): string[] {
  const { session } = shown;
  const { planned, byStatus, pace } = progressOf({
    runs: [...session.runs.values()].map((run) => run.state),
    totals: session.totals,
  });
  const parts: string[] = [];
  const step = Math.max(0, ...shown.arms.map((arm) => arm.run?.state.step ?? 0));
  parts.push(`step ${formatCount(step)} / ${formatCount(shown.steps)}`);
  if (session.state === 'running') {
    if (pace > 0) parts.push(`${formatRate(pace)} steps/s`);
    if (session.secondsLeft !== null) parts.push(`${durationInWords(session.secondsLeft)} left`);
  }
  if (planned > 1) {
    // Cancelled runs do not count as completed.
    const through = byStatus.completed + byStatus.diverged + byStatus.failed;
    parts.push(`${formatCount(through)} of ${count(planned, 'run')}`);
  }
  return parts;
}
