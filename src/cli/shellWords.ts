/** Quotes text for other programs. */

/** One word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A value in an `#SBATCH` line, which sbatch reads itself: in double quotes, a backslash takes the next character as it is. */
export function sbatchValue(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
