/** Waits until `reached` is true, checking at every turn of the event loop: for events in this process. */
export async function turnsUntil(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Waits until `probe` returns a value, and returns it.
 * @param patience Milliseconds until it fails, with an error that points at the caller.
 */
export async function until<T>(
  probe: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  patience = 50_000,
): Promise<T> {
  const givenUp = new Error(`condition not met within ${patience / 1000} s`);
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > deadline) throw givenUp;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
