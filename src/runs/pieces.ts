/** Long work in pieces: a generator that yields where it may be interrupted, and returns what it made. */

/** Milliseconds of work in a row, after which others get their turn. */
const slice = 12;

/** Does all of it in one go. */
export function atOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}

/**
 * Does it bit by bit, and lets everything else of this process run in between.
 * @returns Null when it was no longer wanted.
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
      // Files that it holds open are closed.
      work.return(undefined as T);
      return null;
    }
  }
}
