/** Experiments that run one after the other, each when the one before has finished. In memory only. */
import type { QueuedExperiment } from '../../protocol';

/** The host that runs one experiment at a time. */
export interface QueueHost<Start> {
  /** Whether an experiment can start. */
  isFree(): boolean;
  /** The file of the experiment whose data are being loaded before it starts, null if it has none; undefined if there is no such experiment. */
  preparing(): string | null | undefined;
  start(start: Start): Promise<void>;
  /** Stops the experiment that runs. */
  stop(): Promise<void>;
  /** The queue has changed. */
  changed(): void;
  /** Reports an experiment that could not start. */
  failed(error: unknown): void;
}

interface Queued<Start> extends QueuedExperiment {
  file: string;
  start: Start;
}

export class RunQueue<Start> {
  private waiting: Queued<Start>[] = [];
  private made = 0;
  /** Whether another experiment starts in place of the next one. */
  private isHeld = false;

  constructor(private readonly host: QueueHost<Start>) {}

  /** In the order in which they run. */
  get experiments(): readonly QueuedExperiment[] {
    return this.waiting.map(({ id, name }) => ({ id, name }));
  }

  /**
   * Adds an experiment at the end. It replaces a waiting one of the same file, whose text may have changed since.
   * @returns Its id.
   */
  add(name: string, file: string, start: Start): string {
    const queued = { id: String(++this.made), name, file, start };
    const isWaiting = this.waiting.some((other) => other.file === file);
    this.waiting = isWaiting
      ? this.waiting.map((other) => (other.file === file ? queued : other))
      : [...this.waiting, queued];
    this.host.changed();
    this.advance();
    return queued.id;
  }

  remove(id: string): void {
    this.waiting = this.waiting.filter((queued) => queued.id !== id);
    this.host.changed();
  }

  /** Moves an experiment one place forward. */
  moveUp(id: string): void {
    const place = this.waiting.findIndex((queued) => queued.id === id);
    if (place < 1) return;
    const { waiting } = this;
    this.waiting = [...waiting.slice(0, place - 1), waiting[place], waiting[place - 1], ...waiting.slice(place + 1)];
    this.host.changed();
  }

  /** Stops the experiment that runs, and starts a waiting one before the others. */
  async runNow(id: string): Promise<void> {
    const queued = this.waiting.find((other) => other.id === id);
    if (!queued) return;
    this.remove(id);
    await this.startNow(queued.name, queued.file, queued.start);
  }

  /** What is to start, in its order. */
  get starts(): readonly Start[] {
    return this.waiting.map(({ start }) => start);
  }

  clear(): void {
    this.waiting = [];
    this.host.changed();
  }

  /**
   * Stops the experiment that runs, and starts this one before those that wait. While a different one is loading its data, this one waits.
   * If that one is of the same file, as after two clicks in a row, it starts once.
   */
  async startNow(name: string, file: string, start: Start): Promise<void> {
    const preparing = this.host.preparing();
    if (preparing === file) return;
    if (preparing !== undefined) this.add(name, file, start);
    else await this.replaceCurrent(() => this.host.start(start));
  }

  /** Stops the experiment that runs, and starts a different one before those that wait. */
  async replaceCurrent(begin: () => Promise<void>): Promise<void> {
    this.isHeld = true;
    try {
      await this.host.stop();
      await begin();
    } finally {
      this.isHeld = false;
      this.advance();
    }
  }

  /** Starts the next experiment if nothing runs; must be called when an experiment has finished. */
  advance(): void {
    if (this.isHeld || !this.host.isFree()) return;
    const [next, ...rest] = this.waiting;
    if (!next) return;
    this.waiting = rest;
    this.host.changed();
    this.host.start(next.start).catch((error: unknown) => {
      this.host.failed(error);
      this.advance();
    });
  }
}
