/** Counts runs by status, for a plan that is too large to be listed. */
import type { RunState, RunStatus, Totals } from '../../protocol';

export class Totaller {
  private readonly byStatus: Record<RunStatus, number>;
  /** Seconds and number of the runs that completed or diverged. */
  private seconds = 0;
  private timed = 0;

  constructor(
    private readonly runs: number,
    private readonly jobs: number,
  ) {
    this.byStatus = { waiting: runs, running: 0, completed: 0, diverged: 0, cancelled: 0, failed: 0 };
  }

  move(before: RunStatus, { status, step, stepsPerSecond }: RunState): void {
    this.byStatus[before]--;
    this.byStatus[status]++;
    if ((status !== 'completed' && status !== 'diverged') || stepsPerSecond <= 0) return;
    this.seconds += step / stepsPerSecond;
    this.timed++;
  }

  current(): Totals {
    const { waiting, running } = this.byStatus;
    return { runs: this.runs, byStatus: { ...this.byStatus }, share: 1 - (waiting + running) / this.runs };
  }

  /** Null until a run has finished. */
  secondsLeft(): number | null {
    const { waiting, running } = this.byStatus;
    if (this.timed === 0 || waiting + running === 0) return null;
    return ((waiting + running / 2) * (this.seconds / this.timed)) / Math.min(this.jobs, waiting + running);
  }
}
