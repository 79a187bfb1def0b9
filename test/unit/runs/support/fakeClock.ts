/** A clock that a test moves forward. */
import type { Clock } from '../../../../src/runs/session/clock';

interface Timer {
  at: number;
  every: number | null;
  callback: () => void;
}

export class FakeClock implements Clock {
  private time = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    return this.add({ at: this.time + milliseconds, every: null, callback });
  }

  every(milliseconds: number, callback: () => void): () => void {
    return this.add({ at: this.time + milliseconds, every: milliseconds, callback });
  }

  /** Number of timers that wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Moves on, and calls back what is due in its order. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const due = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.time = due.at;
      if (due.every === null) this.timers.delete(due);
      else due.at += due.every;
      due.callback();
    }
    this.time = end;
  }

  /** Moves on without calling back in between, as when the process is busy; timers that repeat are called once. */
  stall(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of [...this.timers].filter(({ at }) => at <= this.time)) {
      if (timer.every === null) this.timers.delete(timer);
      else timer.at = this.time + timer.every;
      timer.callback();
    }
  }

  private add(timer: Timer): () => void {
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }
}
