/** Answers of tools have a maximum length, because they fill the memory of a model. */
import * as l10n from '@vscode/l10n';
import { count } from '../../shared/counts';

/** Maximum characters of an answer: about 4,000 tokens. */
export const longestAnswer = 12_000;

/**
 * Shortens text at the end of a line, and adds a sentence on what was left out.
 * @param remedy How to get the rest, as a sentence.
 */
export function bounded(text: string, remedy: string, longest = longestAnswer): string {
  if (text.length <= longest) return text;
  // Room for the sentence, whose numbers have at most 30 characters.
  const room = longest - remedy.length - 120;
  const end = text.lastIndexOf('\n', room);
  // Not between the halves of a character beyond 16 bits.
  const shown = text.slice(0, end > 0 ? end : room).replace(/[\ud800-\udbff]$/, '');
  const rest = text.slice(shown.length);
  const lines = rest.split('\n').filter((line) => line.trim() !== '').length;
  const leftOut = l10n.t`Left out: ${count(lines, 'more line')} (${count(rest.length, 'character')}).`;
  return `${shown}\n\n${leftOut} ${remedy}`;
}
