/** Progress of an experiment's runs, in numbers and in words. */

import * as l10n from '@vscode/l10n';
import { count } from './counts';
import { formatCount } from './numbers';

/** `paused` is a state of the whole session, not of a run. */
export type RunStatus = 'waiting' | 'running' | 'completed' | 'diverged' | 'cancelled' | 'failed';

/** Counts of a plan that is too large to list all its runs. */
export interface Totals {
  runs: number;
  /** Number of runs by status; a run without a status is waiting. */
  byStatus: Record<RunStatus, number>;
  /** Share of finished work, 0 to 1. A run that stopped early counts as complete. */
  share: number;
}

export interface Progress {
  /** Number of planned runs. */
  planned: number;
  /** Number of runs by status. */
  byStatus: Record<RunStatus, number>;
  /** Number of finished runs, with any status. */
  ended: number;
  /** Number of finished runs without those that were stopped. */
  through: number;
  /** Total number of trained steps of all listed runs. */
  steps: number;
  /** Total steps per second of all running runs. */
  pace: number;
  /** Share of finished work, 0 to 1. A run that stopped early counts as complete. */
  share: number;
}

export function hasEnded({ status }: { status: string }): boolean {
  return status !== 'waiting' && status !== 'running';
}

interface CountedRun {
  status: RunStatus;
  step: number;
  /** Planned number of steps. */
  steps: number;
  stepsPerSecond: number;
}

/** @param status `totals` covers the whole plan if `runs` lists only a part of it. */
export function progressOf({ runs, totals }: { runs: readonly CountedRun[]; totals?: Totals | null }): Progress {
  const byStatus = { waiting: 0, running: 0, completed: 0, diverged: 0, cancelled: 0, failed: 0, ...totals?.byStatus };
  let [steps, pace, over, all] = [0, 0, 0, 0];
  for (const run of runs) {
    if (!totals) byStatus[run.status]++;
    if (run.status === 'running') pace += run.stepsPerSecond;
    steps += run.step;
    over += hasEnded(run) ? run.steps : run.step;
    all += run.steps;
  }
  const planned = totals?.runs ?? runs.length;
  const ended = planned - byStatus.waiting - byStatus.running;
  return {
    planned,
    byStatus,
    ended,
    through: ended - byStatus.cancelled,
    steps,
    pace,
    share: totals?.share ?? (all === 0 ? 0 : over / all),
  };
}

/** Formats a duration: `8 s`, `2 min`, `1 h 5 min`. */
export function durationInWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Label of the button that trains the unfinished runs of an experiment; null if there are none. */
export function resumeLabel({ left, all, failed }: { left: number; all: number; failed: number }): string | null {
  if (left === 0) return null;
  const [unfinished, runs] = [formatCount(left), count(all, 'run')];
  return failed > 0
    ? l10n.t`Resume (${unfinished} of ${runs} left, ${formatCount(failed)} failed)`
    : l10n.t`Resume (${unfinished} of ${runs} left)`;
}
