/**
 * Skips the running test. The reason becomes part of its title, because reporters show no other text of a skipped test.
 * @param test `this` in the test.
 */
export function skip(test: Mocha.Context, reason: string): never {
  test.runnable().title += ` (skipped: ${reason})`;
  return test.skip();
}

/** Reason on systems without FIFOs, devices and links that need no permission. */
export const onlyPosix = 'needs FIFOs, devices and symbolic links, which Windows lacks';
