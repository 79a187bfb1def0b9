/** JSON Pointers (RFC 6901): how an axis of a sweep names its place. */

/** The parts of a pointer without its escapes; null where the text is none. */
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

/** A pointer for a path that was written in another way: `training.batchSize`, `network.layers[2]`. */
export function pointerFromWords(text: string): string {
  const parts = text.split(/[/.[\]]+/).filter((part) => part !== '');
  return pointerOf(parts);
}

/** The place in a list that a part of a pointer names; null where it names none (leading zeros and `-` do not). */
export function indexOf(part: string): number | null {
  return /^(0|[1-9]\d{0,8})$/.test(part) ? Number(part) : null;
}
