/** Lines of a data file as messages name them. */
import * as l10n from '@vscode/l10n';

/** Lines that a message names beside the first. */
const mostNamed = 5;

/**
 * ` The same on lines 4, 9 and 12 others.` of lines that have the same trouble as the one that is spoken of; empty without such.
 * @param lines The first ones. @param count All of them.
 */
export function othersInWords(lines: readonly number[], count: number): string {
  if (count === 0) return '';
  const named = lines.slice(0, mostNamed).map(String);
  const more = count - named.length;
  if (more > 0) named.push(`${more} ${more === 1 ? 'other' : 'others'}`);
  const list = named.length === 1 ? named[0] : `${named.slice(0, -1).join(', ')} and ${named[named.length - 1]}`;
  return l10n.t` The same on ${count === 1 ? 'line' : 'lines'} ${list}.`;
}
