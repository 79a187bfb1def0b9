/** Remedies of what is not JSON: words without quotation marks, comments of Python, missing commas and brackets. */
import * as l10n from '@vscode/l10n';
import { createScanner, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { optional, type Remedy, replaceText } from './remedies';
import { quote } from './words';

/** Values of Python and JavaScript. */
const literals: Record<string, string> = { True: 'true', False: 'false', None: 'null', undefined: 'null' };

export function syntaxRemedies({ error, offset, length }: ParseError, text: string): Remedy[] {
  const at = text.slice(offset, offset + length);
  const change = (instead: string) => [replaceText(l10n.t`Change to ${instead}`, offset, length, instead)];
  switch (printParseErrorCode(error)) {
    case 'InvalidSymbol': {
      if (at.startsWith('#')) return [replaceText(l10n.t('Make it a comment: //'), offset, 1, '// ')];
      if (Object.hasOwn(literals, at)) return change(literals[at]);
      const quoted = /^'([^'"\\]*)'$/.exec(at);
      if (quoted) return change(JSON.stringify(quoted[1]));
      if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(at)) return change(String(Number(at)));
      return /^[A-Za-z_$][\w$-]*$/.test(at) && !/^(nan|inf(inity)?)$/i.test(at) ? change(JSON.stringify(at)) : [];
    }
    case 'CommaExpected': {
      const end = endBefore(text, offset);
      return end === null ? [] : [replaceText(l10n.t('Add a comma'), end, 0, ',')];
    }
    case 'CloseBraceExpected':
    case 'CloseBracketExpected': {
      const missing = openBrackets(text);
      const isAtEnd = text.slice(offset).trim() === '' || offset >= text.length;
      if (!isAtEnd || missing === '') return [];
      return [optional(replaceText(l10n.t`Add ${quote(missing)} at the end`, text.trimEnd().length, 0, missing))];
    }
    default:
      return [];
  }
}

/** End of the last token before an offset that is no comment. */
function endBefore(text: string, offset: number): number | null {
  const scanner = createScanner(text, true);
  let end: number | null = null;
  for (scanner.scan(); scanner.getTokenOffset() < offset; scanner.scan()) {
    end = scanner.getTokenOffset() + scanner.getTokenLength();
  }
  return end;
}

/** The brackets that close what is open at the end. */
function openBrackets(text: string): string {
  const scanner = createScanner(text, true);
  const open: string[] = [];
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const first = text[scanner.getTokenOffset()];
    if (first === '{') open.unshift('}');
    else if (first === '[') open.unshift(']');
    else if (first === '}' || first === ']') open.shift();
  }
  return open.join('');
}
