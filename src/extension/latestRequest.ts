/** Requests of which only the last counts: a new one cancels the one before. */

/** What a request needs while it works. */
export interface Watch<Progress> {
  /** Whether the result is still wanted. */
  isWanted(): boolean;
  report(progress: Progress): void;
}

export class LatestRequest<Progress> {
  private last = 0;

  /** @param report Receives the progress of the last request; null when it is over. */
  constructor(private readonly report: (progress: Progress | null) => void) {}

  /** @returns Undefined if a later request has cancelled it, or `cancel` has; its errors are ignored then. */
  async make<T>(work: (watch: Watch<Progress>) => Promise<T>): Promise<T | undefined> {
    this.cancel();
    const own = this.last;
    const isWanted = () => own === this.last;
    try {
      const result = await work({ isWanted, report: (progress) => isWanted() && this.report(progress) });
      return isWanted() ? result : undefined;
    } catch (error) {
      if (isWanted()) throw error;
      return undefined;
    } finally {
      if (isWanted()) this.report(null);
    }
  }

  cancel(): void {
    this.last++;
    this.report(null);
  }
}
