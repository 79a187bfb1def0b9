/** Waits until `probe` gives something, and gives that; the test's own time limit is the only one. */
export async function until<T>(probe: () => T | undefined | false | null | Promise<T | undefined | false | null>) {
  for (;;) {
    const found = await probe();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
