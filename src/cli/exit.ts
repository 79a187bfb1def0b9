/** Exit codes, and errors that are printed without a stack trace. */

export const exitCode = {
  /** Success, including diverged runs, which are results. */
  done: 0,
  /** A run or bnexp itself failed. */
  failed: 1,
  /** A file or an argument is invalid. */
  wrongInput: 2,
} as const;

/** Error in the arguments that is found only when they are used. Printed as one line, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
