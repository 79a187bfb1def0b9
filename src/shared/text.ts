/**
 * Text from a file, a path or another program, as it may be shown: always text, never a command of whatever shows it.
 * Every string passes one of these functions on its way to a terminal, a notification, a status bar, a list or Markdown.
 */

/**
 * Characters that a terminal or an editor obeys instead of showing: control characters (C0, C1, DEL), half a surrogate pair,
 * marks that turn or isolate the direction of text, line and paragraph separators, deprecated formatting characters, and
 * noncharacters, which no text may have and which `src/cli/console.ts` uses for colours.
 */
const obeyed = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufdd0-\ufdef\ufffe\uffff]/gu;

/** The same, without the line breaks and tabs that lay out a text of several lines. */
const obeyedInLines = new RegExp(`(?![\\n\\t])${obeyed.source}`, 'gu');

/** A character as JSON writes it. All of them are one UTF-16 unit. */
function writtenOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Text of several lines, in which characters that would be obeyed are written as JSON writes them: `\u001b`. JSON text
 * keeps its value.
 */
export function visibleLines(text: string): string {
  return text.replace(obeyedInLines, writtenOut);
}

/** The same on one line: line breaks and tabs become spaces. */
export function visible(text: string): string {
  return text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, ' ').replace(obeyed, writtenOut);
}

/** Longest text in a notification or a list, in UTF-16 units: more is cut off by the editor or hides its buttons. */
export const longestLabel = 1000;

/**
 * One line as any part of the editor may show it. The editor makes links of `[text](command:…)` and of `https://…`, and
 * icons of `$(name)`; a space of no width inside leaves what is seen and takes the meaning away.
 */
export function label(text: string, longest = longestLabel): string {
  // Cut twice: first because the work grows with the length, then because an escape is longer than what it shows.
  return cut(visible(cut(text, longest)), longest)
    .replace(/\](?=\()/g, ']\u200b')
    .replace(/\$(?=\()/g, '$\u200b')
    .replace(/:(?=\/\/)/g, ':\u200b');
}

/** The beginning of a long text, never with half a character at its end. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** One line as Markdown shows it: each sign that could mean something there is written as a character reference. */
export function markdown(text: string, longest = longestLabel): string {
  return label(text, longest).replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
