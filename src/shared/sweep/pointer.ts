/** JSON Pointers (RFC 6901), which name the property of an axis of a sweep. */

/** Splits a pointer into its unescaped parts; null if the text is not a pointer. */
export function parsePointer(text: string): string[] | null {
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return null;
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Converts a path in a different notation to a pointer: `training.batchSize`, `network.layers[2]`. */
export function pointerFromWords(text: string): string {
  const parts = text.split(/[/.[\]]+/).filter((part) => part !== '');
  return pointerOf(parts);
}

/** Index in a list that a part of a pointer names; null if it is not an index (leading zeros and `-` are not). */
export function indexOf(part: string): number | null {
  return /^(0|[1-9]\d{0,8})$/.test(part) ? Number(part) : null;
}
