/**
 * Handles Ctrl+C and other signals. The first signal notifies the listeners, which stop in an orderly way. A second signal, or a
 * signal without listeners, exits immediately.
 */

/** By convention 128 plus the signal's number. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof exitCodes;

export class Interrupts {
  private readonly listeners = new Set<() => void>();
  private received: Signal | null = null;

  /** @param exit Exits the process. */
  constructor(private readonly exit: (code: number) => void) {}

  /** Exit code after an interrupt, or null. */
  get exitCode(): number | null {
    return this.received && exitCodes[this.received];
  }

  /** Returns a function that removes the listener. */
  onInterrupt(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  receive(signal: Signal): void {
    const first = this.received === null;
    this.received ??= signal;
    if (!first || this.listeners.size === 0) {
      this.exit(exitCodes[signal]);
      return;
    }
    for (const listener of this.listeners) listener();
  }

  listenTo(process: NodeJS.Process): void {
    for (const signal of Object.keys(exitCodes) as Signal[]) process.on(signal, () => this.receive(signal));
  }
}
