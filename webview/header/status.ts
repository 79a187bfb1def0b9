/** The states of session and runs in words. */

import * as l10n from '@vscode/l10n';
import type { Divergence, RunState, SessionState } from '../../src/protocol';
import { count } from '../../src/shared/counts';
import { formatCount, formatRate } from '../../src/shared/numbers';
import { durationInWords, progressOf } from '../../src/shared/progress';
import { unexpected } from '../../src/shared/unexpected';
import type { RunData } from '../session/store';
import type { Shown } from '../view/shown';
import { stepInWords } from '../view/span';
import { tapWords } from '../view/tapWords';

/** @param isLogs Whether it is the state of logs of another program. */
export function stateWord(state: SessionState, isLogs = false): string {
  switch (state) {
    case 'idle':
      return l10n.t('Not running');
    case 'running':
      return l10n.t('Running');
    case 'paused':
      return l10n.t('Paused');
    case 'finished':
      return l10n.t('Finished');
    case 'stopped':
      return isLogs ? l10n.t('Not following') : l10n.t('Stopped');
    case 'following':
      return l10n.t('Following');
    default:
      return unexpected(state);
  }
}

/** `hidden3 linear`, `hidden3 linear gradient`, `loss`. */
export function placeOf({ layer, tap }: Divergence): string {
  const words = tapWords(tap).replace(
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
        ? l10n.t`diverged at step ${formatCount(state.divergedAt.step)}, ${placeOf(state.divergedAt)}`
        : l10n.t('diverged');
    case 'failed':
      return l10n.t('failed');
    case 'cancelled':
      return l10n.t`stopped at step ${formatCount(state.step)}`;
    case 'waiting':
      return l10n.t('waiting');
    case 'running':
      return state.fork && state.step < state.fork.step
        ? l10n.t`training up to step ${formatCount(state.fork.step)}`
        : '';
    case 'completed':
      if (state.evicted === 'lost') return l10n.t('frames not available');
      return state.evicted ? l10n.t('loading from disk…') : '';
    default:
      return unexpected(state.status);
  }
}

/** Why a run has no values at a step that others have reached. */
export function beyondWords({ state, frames }: Pick<RunData, 'state' | 'frames'>): string {
  const words = runWords(state);
  return state.divergedAt ? `✕ ${words}` : words || l10n.t`at step ${formatCount(frames.lastStep)}`;
}

/** Text behind the state: the latest displayed step, steps per second, time left, number of completed runs. */
export function progressParts(shown: Shown): string[] {
  const { session } = shown;
  if (session.logs) {
    const { reading } = session.logs;
    return [
      ...(reading === null ? [] : [l10n.t`reading, ${Math.floor(100 * reading)} %`]),
      stepInWords(shown.lastStep),
    ];
  }
  const { planned, through, pace } = progressOf({
    runs: [...session.runs.values()].map((run) => run.state),
    totals: session.totals,
  });
  const parts: string[] = [];
  parts.push(l10n.t`step ${formatCount(shown.lastStep)} / ${formatCount(shown.steps)}`);
  if (session.state === 'running') {
    // The chosen pace is shown beside the latest step, and is that of one run.
    if (pace > 0 && session.pace === null) parts.push(l10n.t`${formatRate(pace)} steps/s`);
    if (session.secondsLeft !== null) parts.push(l10n.t`${durationInWords(session.secondsLeft)} left`);
  }
  if (planned > 1) {
    parts.push(l10n.t`${formatCount(through)} of ${count(planned, 'run')}`);
  }
  return parts;
}
