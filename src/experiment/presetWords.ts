/** Words in the file of a preset: its name, its notes, what its claims say, and its comments. */
import * as l10n from '@vscode/l10n';
import { visit } from 'jsonc-parser';

/** A string of a file that people read. */
interface Words {
  text: string;
  offset: number;
  length: number;
  /** How it is written there. */
  written(text: string): string;
}

/** Returns the words of a file, in their order. @param file An experiment without errors. */
export function wordsOf(file: string): Words[] {
  const words: Words[] = [];
  visit(file, {
    onLiteralValue(value, offset, length, _line, _character, path) {
      const name = path().at(-1);
      if (typeof value !== 'string' || (name !== 'name' && name !== 'notes' && name !== 'says')) return;
      words.push({ text: value, offset, length, written: (text) => JSON.stringify(text) });
    },
    onComment(offset, length) {
      const comment = file.slice(offset, offset + length);
      const text = comment.replace(/^\/\/\s*/, '').trimEnd();
      if (comment.startsWith('//') && text !== '')
        words.push({ text, offset, length, written: (other) => `// ${other}` });
    },
  });
  return words;
}

/** Translates the words of a file. What has no translation stays. */
export function translated(file: string): string {
  let result = '';
  let end = 0;
  for (const { text, offset, length, written } of wordsOf(file)) {
    const other = l10n.t(text);
    result += file.slice(end, offset) + (other === text ? file.slice(offset, offset + length) : written(other));
    end = offset + length;
  }
  return result + file.slice(end);
}
