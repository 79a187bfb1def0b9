/** Lines of a data file as messages name them. */
import * as l10n from '@vscode/l10n';
import { listWithAnd } from '../../../shared/lists';

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
  if (more > 0) named.push(more === 1 ? l10n.t('1 other') : l10n.t`${more} others`);
  return ` ${count === 1 ? l10n.t`The same on line ${named[0]}.` : l10n.t`The same on lines ${listWithAnd(named)}.`}`;
}
