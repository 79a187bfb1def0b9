/** Lists in words, in the language of the messages. */
import { language } from './language';

/** British English has no comma before the last word. */
const locale = language === 'en' ? 'en-GB' : language;
const all = new Intl.ListFormat(locale, { type: 'conjunction' });
const either = new Intl.ListFormat(locale, { type: 'disjunction' });

/** `a, b and c`. */
export function listWithAnd(words: readonly string[]): string {
  return all.format(words);
}

/** `a, b or c`. */
export function listWithOr(words: readonly string[]): string {
  return either.format(words);
}
