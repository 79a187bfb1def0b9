/**
 * Ctrl+C and the like. The first signal asks whoever is listening to come to an end in good order; a second one, or one
 * that nobody listens for, ends the process at once.
 */

/** By convention 128 and the signal's number. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof exitCodes;

export class Interrupts {
  private readonly listeners = new Set<() => void>();
  private received: Signal | null = null;

  /** @param exit Ends the process. */
  constructor(private readonly exit: (code: number) => void) {}

  /** What the process is to exit with, or null while nothing has interrupted it. */
  get exitCode(): number | null {
    return this.received && exitCodes[this.received];
  }

  /** Returns what takes the listener away again. */
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
