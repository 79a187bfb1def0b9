/** Starts one worker ahead of time, so that the first run of an experiment does not wait for a process and its self-check. */
import type { Registers } from '../../engine/kernels/simd/registers';
import type { StartWorker, Worker, WorkerListener } from './worker';

/** The workers of a host by their registers. The self-check of the first worker holds for all later ones. */
export class HostWorkers {
  private readonly starters = new Map<Registers, WarmWorkers>();

  constructor(private readonly starter: (registers: Registers) => StartWorker) {}

  of(registers: Registers): WarmWorkers {
    const known = this.starters.get(registers) ?? new WarmWorkers(this.starter(registers));
    this.starters.set(registers, known);
    return known;
  }

  /** Ends workers that wait. */
  cool(): void {
    for (const workers of this.starters.values()) workers.cool();
  }
}

export class WarmWorkers {
  private spare: Spare | null = null;

  constructor(private readonly startWorker: StartWorker) {}

  /** Starts a worker that waits for a run, unless one is waiting already. */
  warm(): void {
    this.spare ??= new Spare(this.startWorker, (spare) => {
      if (this.spare === spare) this.spare = null;
    });
  }

  /** Ends the worker that waits. */
  cool(): void {
    this.spare?.worker.terminate();
    this.spare = null;
  }

  /** Gives the waiting worker, or starts one. */
  readonly start: StartWorker = (listener) => {
    const { spare } = this;
    if (!spare) return this.startWorker(listener);
    this.spare = null;
    spare.listener = listener;
    return spare.worker;
  };
}

class Spare {
  /** Null while it waits for a run. */
  listener: WorkerListener | null = null;
  readonly worker: Worker;

  /** @param onDeath Called if it dies while it waits, which is not an error: the next run starts a new one. */
  constructor(startWorker: StartWorker, onDeath: (spare: Spare) => void) {
    this.worker = startWorker({
      onMessage: (message) => this.listener?.onMessage(message),
      onDeath: (cause) => (this.listener ? this.listener.onDeath(cause) : onDeath(this)),
    });
  }
}
