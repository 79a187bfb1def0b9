/** Carries the runs of a plan out side by side, each worker one run after another. */
import { mostListedRuns, type Run } from '../../experiment/plan';
import type { ChangingSettings, FromWorker, StartRun } from '../../protocol';
import type { StartWorker, Worker } from '../worker/worker';
import type { Clock } from './clock';

/** Milliseconds that a worker has to answer a cancellation before it is ended. */
const patience = 10_000;

export interface PoolListener {
  /** A run is given to a worker. */
  onStart(run: Run): void;
  onMessage(run: Run, message: FromWorker): void;
  /** The worker of a run is gone without a summary; `cause` is a clause that says why. */
  onDeath(run: Run, cause: string): void;
  /** A run was cancelled before it got a worker, or its worker did not answer. */
  onDrop(run: Run): void;
  /** All runs are over, and all workers gone. */
  onEnd(): void;
}

/** A worker and the run that it trains. */
interface Seat {
  worker: Worker;
  run: Run | null;
}

export class Pool {
  /** Of the runs, the first that has not been given away. */
  private next = 0;
  /** A run that came later, and waits for no place. */
  private readonly urgent: Run[] = [];
  /** Runs that came later, and have the next places. */
  private readonly extra: Run[] = [];
  private readonly seats = new Set<Seat>();
  private paused = false;
  /** Ends the wait for workers that were cancelled; null while nothing is. */
  private stopping: (() => void) | null = null;
  private ended = false;

  /**
   * @param jobs Runs at the same time, at least 1.
   * @param request What a worker is told to start a run.
   */
  constructor(
    private readonly runs: readonly Run[],
    private readonly jobs: number,
    private readonly host: { startWorker: StartWorker; clock: Clock },
    private readonly request: (run: Run) => StartRun,
    private readonly listener: PoolListener,
  ) {}

  start(): void {
    this.fill();
  }

  pause(): void {
    this.paused = true;
    for (const { worker } of this.seats) worker.post({ type: 'pause' });
  }

  resume(): void {
    this.paused = false;
    for (const { worker } of this.seats) worker.post({ type: 'resume' });
    this.fill();
  }

  /** One step of every run that trains; only while paused. */
  step(): void {
    if (!this.paused) return;
    for (const { worker, run } of this.seats) if (run) worker.post({ type: 'step' });
  }

  /** @returns Whether the run is training, and is told. */
  change(id: string, settings: Partial<ChangingSettings>): boolean {
    const seat = [...this.seats].find(({ run }) => run?.id === id);
    seat?.worker.post({ type: 'change', settings });
    return seat !== undefined;
  }

  /**
   * Runs more. The first one waits for none of the others: who asks for it now wants to see it now, beside them. The rest
   * takes the next places, as more at the same time than were wanted would slow down all.
   */
  add(runs: readonly Run[]): void {
    if (this.stopping) {
      for (const run of runs) this.listener.onDrop(run);
      return;
    }
    const [first, ...rest] = runs;
    if (first) this.urgent.push(first);
    this.extra.push(...rest);
    this.fill();
  }

  /** Cancels every run that is not over; `onEnd` follows. */
  cancel(): void {
    if (this.ended || this.stopping) return;
    this.stopping = this.host.clock.after(patience, () => this.abandon());
    for (const run of [...this.urgent.splice(0), ...this.extra.splice(0)]) this.listener.onDrop(run);
    const waiting = this.next;
    this.next = this.runs.length;
    // Of a plan of millions, runs that never began leave no trace.
    if (this.runs.length <= mostListedRuns) for (const run of this.runs.slice(waiting)) this.listener.onDrop(run);
    for (const { worker } of this.seats) worker.post({ type: 'cancel' });
    this.fill();
  }

  private fill(): void {
    if (this.paused && !this.stopping && !this.over) return;
    for (const seat of this.seats) {
      if (seat.run !== null) continue;
      if (this.seats.size > this.jobs) this.close(seat);
      else this.occupy(seat);
    }
    while (this.urgent.length > 0 || (this.isWaiting && this.seats.size < this.jobs)) this.open();
    if (this.seats.size === 0 && !this.isWaiting) this.end();
  }

  /** Nothing trains and nothing waits: paused or not, single steps lead there. */
  private get over(): boolean {
    return !this.isWaiting && [...this.seats].every(({ run }) => run === null);
  }

  private get isWaiting(): boolean {
    return this.urgent.length > 0 || this.extra.length > 0 || this.next < this.runs.length;
  }

  private open(): void {
    const seat: Partial<Seat> = { run: null };
    seat.worker = this.host.startWorker({
      onMessage: (message) => this.receive(seat as Seat, message),
      onDeath: (cause) => this.bury(seat as Seat, cause),
    });
    this.seats.add(seat as Seat);
    this.occupy(seat as Seat);
  }

  /** Gives the next run to a free worker, or ends the worker when there is none. */
  private occupy(seat: Seat): void {
    while (this.isWaiting) {
      const run = this.urgent.shift() ?? this.extra.shift() ?? this.runs[this.next++];
      const request = this.requested(run);
      if (!request) continue;
      seat.run = run;
      this.listener.onStart(run);
      seat.worker.post(request);
      return;
    }
    this.close(seat);
  }

  private close(seat: Seat): void {
    this.seats.delete(seat);
    seat.worker.terminate();
  }

  private requested(run: Run): StartRun | null {
    try {
      return this.request(run);
    } catch (cause) {
      this.listener.onDeath(run, (cause as Error).message);
      return null;
    }
  }

  private receive(seat: Seat, message: FromWorker): void {
    const { run } = seat;
    if (!run) return;
    if (message.type === 'ended') seat.run = null;
    this.listener.onMessage(run, message);
    if (message.type === 'ended') this.fill();
  }

  private bury(seat: Seat, cause: string): void {
    this.seats.delete(seat);
    const { run } = seat;
    // What it said before and was not heard until now no longer counts.
    seat.run = null;
    if (run) this.listener.onDeath(run, cause);
    this.fill();
  }

  private abandon(): void {
    for (const { worker, run } of this.seats) {
      worker.terminate();
      if (run) this.listener.onDrop(run);
    }
    this.seats.clear();
    this.fill();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.stopping?.();
    this.listener.onEnd();
  }
}
