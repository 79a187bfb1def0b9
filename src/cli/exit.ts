/** Exit codes, and the errors that are told to the person as they are. */

export const exitCode = {
  /** Also when a run diverged: that is a result. */
  done: 0,
  /** A run failed, or bnexp itself did. */
  failed: 1,
  /** A file or an argument is wrong. */
  wrongInput: 2,
} as const;

/** Something in the arguments that only shows when they are used; told in one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
