/** Trains the runs of a plan in parallel. Each worker trains one run at a time. */
import { mostListedRuns, type Run } from '../../experiment/plan';
import type { ChangingSettings, FromWorker, StartRun } from '../../protocol';
import type { StartWorker, Worker } from '../worker/worker';
import type { Clock } from './clock';
import { type PacedRun, Pacer, pacedPlaces } from './pacer';

/** Milliseconds that a worker has to confirm a cancellation before it is terminated. */
const patience = 10_000;

export interface PoolListener {
  /** A run is given to a worker. */
  onStart(run: Run): void;
  onMessage(run: Run, message: FromWorker): void;
  /** The worker of a run died without sending a summary; `cause` is a clause. */
  onDeath(run: Run, cause: string): void;
  /** A run was cancelled before it got a worker, or its worker did not answer. */
  onDrop(run: Run): void;
  /** All runs are over, and all workers terminated. */
  onEnd(): void;
}

/** A worker and the run that it trains. */
interface Seat {
  worker: Worker;
  run: Run | null;
  paced: PacedRun | null;
}

interface PoolHost {
  startWorker: StartWorker;
  clock: Clock;
  /** Number of neighbouring runs that advance together at a pace: the arms of one seed. Default: 1. */
  groupSize?: number;
}

export class Pool {
  /** Index of the first run without a worker so far. */
  private next = 0;
  /** Added runs that start at once, beyond `jobs`. */
  private readonly urgent: Run[] = [];
  /** Added runs that get the next free workers. */
  private readonly extra: Run[] = [];
  private readonly seats = new Set<Seat>();
  private paused = false;
  /** Stops the timeout for cancelled workers; null if nothing was cancelled. */
  private stopping: (() => void) | null = null;
  private ended = false;
  private readonly pacer: Pacer;

  /**
   * @param jobs Runs at the same time, at least 1.
   * @param request Makes the message that starts a run.
   */
  constructor(
    private readonly runs: readonly Run[],
    private readonly jobs: number,
    private readonly host: PoolHost,
    private readonly request: (run: Run) => StartRun,
    private readonly listener: PoolListener,
  ) {
    this.pacer = new Pacer(host.clock);
  }

  start(): void {
    this.fill();
  }

  /** @param stepsPerSecond Pace of each run; null for as fast as it can. */
  setPace(stepsPerSecond: number | null): void {
    this.pacer.setPace(stepsPerSecond);
    if (this.seats.size > 0) this.fill();
  }

  pause(): void {
    this.paused = true;
    this.pacer.pause();
    for (const { worker } of this.seats) worker.post({ type: 'pause' });
  }

  resume(): void {
    this.paused = false;
    this.pacer.resume();
    for (const { worker } of this.seats) worker.post({ type: 'resume' });
    this.fill();
  }

  /** One step of every run that trains; only while paused. */
  step(): void {
    if (!this.paused) return;
    for (const { worker, run } of this.seats) if (run) worker.post({ type: 'step' });
  }

  /** @returns Whether the run is training, so that the change was sent. */
  change(id: string, settings: Partial<ChangingSettings>): boolean {
    const seat = [...this.seats].find(({ run }) => run?.id === id);
    seat?.worker.post({ type: 'change', settings });
    return seat !== undefined;
  }

  /**
   * Adds runs. The first one starts at once, because the person wants to see it now. The rest gets the next free workers:
   * more than `jobs` runs at the same time would slow down all of them.
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
    // In a plan of millions, runs that never started are not reported.
    if (this.runs.length <= mostListedRuns) for (const run of this.runs.slice(waiting)) this.listener.onDrop(run);
    for (const { worker } of this.seats) worker.post({ type: 'cancel' });
    this.fill();
  }

  private fill(): void {
    if (this.paused && !this.stopping && !this.over) return;
    for (const seat of this.seats) {
      if (seat.run !== null) continue;
      if (this.seats.size > this.places) this.close(seat);
      else this.occupy(seat);
    }
    while (this.urgent.length > 0 || (this.isWaiting && this.seats.size < this.places)) this.open();
    if (this.seats.size === 0 && !this.isWaiting) this.end();
  }

  /** Number of runs at the same time. */
  private get places(): number {
    return this.pacer.pace === null ? this.jobs : pacedPlaces(this.jobs, this.host.groupSize ?? 1);
  }

  /** Whether no run is training or waiting, which single steps can also cause while paused. */
  private get over(): boolean {
    return !this.isWaiting && [...this.seats].every(({ run }) => run === null);
  }

  private get isWaiting(): boolean {
    return this.urgent.length > 0 || this.extra.length > 0 || this.next < this.runs.length;
  }

  private open(): void {
    const seat: Partial<Seat> = { run: null, paced: null };
    seat.worker = this.host.startWorker({
      onMessage: (message) => this.receive(seat as Seat, message),
      onDeath: (cause) => this.bury(seat as Seat, cause),
    });
    this.seats.add(seat as Seat);
    this.occupy(seat as Seat);
  }

  /** Gives the next run to a free worker, or terminates the worker if none is left. */
  private occupy(seat: Seat): void {
    while (this.isWaiting) {
      const run = this.urgent.shift() ?? this.extra.shift() ?? this.runs[this.next++];
      const request = this.requested(run);
      if (!request) continue;
      seat.run = run;
      this.listener.onStart(run);
      seat.paced = this.pacer.add(groupOf(request), request.from ?? 0, (step) =>
        seat.worker.post({ type: 'limit', step }),
      );
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
    if (message.type === 'ended') this.leave(seat);
    else if (message.type === 'progress' && seat.paced) seat.paced.step = message.step;
    this.listener.onMessage(run, message);
    if (message.type === 'ended') this.fill();
  }

  private bury(seat: Seat, cause: string): void {
    this.seats.delete(seat);
    const { run } = seat;
    // Its messages that have not been handled yet are ignored.
    this.leave(seat);
    if (run) this.listener.onDeath(run, cause);
    this.fill();
  }

  private leave(seat: Seat): void {
    if (seat.paced) this.pacer.remove(seat.paced);
    seat.paced = null;
    seat.run = null;
  }

  private abandon(): void {
    for (const seat of this.seats) {
      const { worker, run } = seat;
      worker.terminate();
      this.leave(seat);
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

/** Runs of one seed and point advance together. A fork, which starts later, is a group of its own. */
function groupOf({ run, from = 0 }: StartRun): string {
  return from > 0 ? run.id : JSON.stringify([run.seed, run.point]);
}
