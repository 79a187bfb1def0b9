/** Quotes text for other programs. */

/** One word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A value in an `#SBATCH` line, which sbatch reads itself: blanks end a value, and a backslash takes the next character as it is. */
export function sbatchValue(text: string): string {
  return text.replace(/[^\w./:=@%+,-]/g, '\\$&');
}
