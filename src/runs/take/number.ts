/** Numbers of frames as text for other programs. */

/**
 * The shortest decimal that is the same float32 again: `0.1`, and not `0.10000000149011612`. Empty where nothing was
 * measured.
 */
export function shortest(value: number): string {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
