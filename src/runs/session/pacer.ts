/**
 * Trains runs at a pace that people can follow: workers get limits that rise with time. The runs of a group, the arms of one seed,
 * advance together, as none gets far ahead of the slowest. The limits decide only when a step is trained, so the results are the same.
 */
import type { Clock } from './clock';

/** Milliseconds between two limits. */
const beat = 50;
/** Seconds by which a run may be ahead of the slowest of its group: the delay of a worker's report, and a stall of the host. */
const lead = 0.25;

/** A run that trains. */
export interface PacedRun {
  readonly group: string;
  /** The last step that its worker reported. */
  step: number;
  /** The step up to which it may train, with its fraction. */
  limit: number;
}

export class Pacer {
  private stepsPerSecond: number | null = null;
  private readonly runs = new Map<PacedRun, (limit: number | null) => void>();
  /** When the limits rose last. */
  private before = 0;
  /** Ends the beats; null while there are none. */
  private endBeats: (() => void) | null = null;
  private isPaused = false;

  constructor(private readonly clock: Clock) {}

  get pace(): number | null {
    return this.stepsPerSecond;
  }

  /** @param stepsPerSecond Pace of each run; null for as fast as it can. */
  setPace(stepsPerSecond: number | null): void {
    const isLimited = this.stepsPerSecond !== null;
    this.stepsPerSecond = stepsPerSecond;
    for (const [run, send] of this.runs) {
      if (stepsPerSecond === null) send(null);
      else if (!isLimited) {
        run.limit = run.step;
        send(run.limit);
      }
    }
    this.update();
  }

  /**
   * Adds a run before it starts.
   * @param from First step at this pace: a fork repeats the steps before it as fast as it can.
   */
  add(group: string, from: number, send: (limit: number | null) => void): PacedRun {
    const run = { group, step: 0, limit: from };
    this.runs.set(run, send);
    if (this.stepsPerSecond !== null) send(from);
    this.update();
    return run;
  }

  remove(run: PacedRun): void {
    this.runs.delete(run);
    this.update();
  }

  pause(): void {
    this.isPaused = true;
    this.update();
  }

  resume(): void {
    this.isPaused = false;
    this.update();
  }

  /** Starts or ends the beats. */
  private update(): void {
    const isNeeded = this.stepsPerSecond !== null && this.runs.size > 0 && !this.isPaused;
    if (isNeeded === (this.endBeats !== null)) return;
    this.endBeats?.();
    this.before = this.clock.now();
    this.endBeats = isNeeded ? this.clock.every(beat, () => this.advance()) : null;
  }

  private advance(): void {
    const pace = this.stepsPerSecond;
    if (pace === null) return;
    const now = this.clock.now();
    const rise = (pace * (now - this.before)) / 1000;
    this.before = now;
    const least = new Map<string, number>();
    for (const { group, step } of this.runs.keys()) least.set(group, Math.min(step, least.get(group) ?? step));
    for (const [run, send] of this.runs) {
      const most = (least.get(run.group) ?? 0) + Math.max(1, lead * pace);
      // Single steps go beyond the limit.
      const last = Math.max(run.limit, run.step);
      const limit = Math.max(last, Math.min(last + rise, most));
      if (Math.floor(limit) > Math.floor(run.limit)) send(Math.floor(limit));
      run.limit = limit;
    }
  }
}

/** Runs at the same time at a pace: whole groups, at least one. */
export function pacedPlaces(jobs: number, groupSize: number): number {
  return groupSize * Math.max(1, Math.floor(jobs / Math.max(1, groupSize)));
}
