/** Runs long work in slices: a generator that yields where it may be interrupted, and returns its result. */

/** Milliseconds of work before other tasks can run. */
const slice = 12;

/** Runs all of it without interruption. */
export function atOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}

/**
 * Runs it in slices, and lets other tasks of this process run in between.
 * @returns Null if it was cancelled.
 */
export async function bitByBit<T>(work: Generator<void, T>, isWanted: () => boolean = () => true): Promise<T | null> {
  for (;;) {
    const pause = performance.now() + slice;
    do {
      const next = work.next();
      if (next.done) return next.value;
    } while (performance.now() < pause);
    await new Promise((resolve) => setImmediate(resolve));
    if (!isWanted()) {
      // Closes its open files.
      work.return(undefined as T);
      return null;
    }
  }
}
