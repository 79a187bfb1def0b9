/**
 * Makes text from files, paths and other programs safe to show: it is always text, never a command to the program that shows it.
 * Every string passes through one of these functions on its way to a terminal, a notification, a status bar, a list or Markdown.
 */

/**
 * Characters that a terminal or an editor obeys instead of showing: control characters (C0, C1, DEL), lone surrogates, marks that
 * change or isolate the direction of text, line and paragraph separators, deprecated formatting characters, and noncharacters,
 * which are invalid in text and which `src/cli/console.ts` uses for colours.
 */
const obeyed = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufdd0-\ufdef\ufffe\uffff]/gu;

/** The same, except the line breaks and tabs of text with several lines. */
const obeyedInLines = new RegExp(`(?![\\n\\t])${obeyed.source}`, 'gu');

/** Escapes a character as in JSON. All these characters are one UTF-16 unit. */
function writtenOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Escapes text of several lines: characters that would be obeyed are written as in JSON, e.g. `\u001b`. The value of JSON text
 * does not change.
 */
export function visibleLines(text: string): string {
  return text.replace(obeyedInLines, writtenOut);
}

/** Escapes text on one line: line breaks and tabs become spaces. */
export function visible(text: string): string {
  return text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, ' ').replace(obeyed, writtenOut);
}

/** Maximum length of text in a notification or a list, in UTF-16 units. The editor cuts off longer text, or the text hides buttons. */
export const longestLabel = 1000;

/**
 * Escapes one line for any part of the editor. The editor turns `[text](command:…)` and `https://…` into links, and `$(name)` into
 * an icon. A zero-width space inside them prevents this without a visible change.
 */
export function label(text: string, longest = longestLabel): string {
  // Shortened twice: first because the work grows with the length, then because escapes are longer than their characters.
  return cut(visible(cut(text, longest)), longest)
    .replace(/\](?=\()/g, ']\u200b')
    .replace(/\$(?=\()/g, '$\u200b')
    .replace(/:(?=\/\/)/g, ':\u200b');
}

/** Shortens long text, without splitting its last character. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Escapes one line for Markdown: each character with a meaning there becomes a character reference. */
export function markdown(text: string, longest = longestLabel): string {
  return label(text, longest).replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
