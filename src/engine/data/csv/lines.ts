/** Lines of a data file as messages name them. */

/** Lines that a message names beside the first. */
const mostNamed = 5;

/** ` So do lines 4, 9 and 12 others.` of lines that have the same trouble as the one that is spoken of; empty without such. */
export function othersInWords(lines: readonly number[]): string {
  if (lines.length === 0) return '';
  const named = lines.slice(0, mostNamed).map(String);
  const more = lines.length - named.length;
  if (more > 0) named.push(`${more} ${more === 1 ? 'other' : 'others'}`);
  const list = named.length === 1 ? named[0] : `${named.slice(0, -1).join(', ')} and ${named[named.length - 1]}`;
  return ` The same on ${lines.length === 1 ? 'line' : 'lines'} ${list}.`;
}
