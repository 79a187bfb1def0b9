/** How far the runs of an experiment are, in numbers and words. */
import type { RunState, Totals } from '../protocol';

export interface Progress {
  /** Steps done in all runs together. */
  done: number;
  /** Share of the work that is over, 0 to 1: a run that ended early counts as a whole one. */
  share: number;
  /** Runs that have ended, in whatever way. */
  ended: number;
  failed: number;
}

export function hasEnded(run: Pick<RunState, 'status'>): boolean {
  return run.status !== 'waiting' && run.status !== 'running';
}

export function progressOf({
  runs,
  totals,
}: {
  runs: readonly Pick<RunState, 'status' | 'step' | 'steps'>[];
  totals?: Totals;
}): Progress {
  let done = 0;
  let over = 0;
  let planned = 0;
  for (const run of runs) {
    done += run.step;
    over += hasEnded(run) ? run.steps : run.step;
    planned += run.steps;
  }
  return {
    done,
    share: totals?.share ?? (planned === 0 ? 0 : over / planned),
    ended: runs.filter(hasEnded).length,
    failed: runs.filter((run) => run.status === 'failed').length,
  };
}

/** `8 s`, `2 min`, `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
