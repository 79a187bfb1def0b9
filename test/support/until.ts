/** Waits until `reached`, and looks at every turn of the event loop: for what happens in this process. */
export async function turnsUntil(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Waits until `probe` gives something, and gives that.
 * @param patience Milliseconds until it is given up, with an error that points at who waited.
 */
export async function until<T>(
  probe: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  patience = 50_000,
): Promise<T> {
  const givenUp = new Error(`waited ${patience / 1000} s for what did not come`);
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > deadline) throw givenUp;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
