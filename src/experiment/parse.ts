/**
 * From the text of an experiment file to its value and syntax tree. Comments and trailing commas are fine. Whatever
 * the text is, this ends soon and throws nothing: what is too big or too deep is told by a scanner, before the
 * parser, which is recursive, sees it.
 */
import { createScanner, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ExperimentDiagnostic } from './diagnostics';
import { Lines } from './position';
import { quote } from './words';

/** An experiment is a few kilobytes. */
export const largestText = 4_000_000;
export const deepestNesting = 64;
/** Values, properties and items taken together. */
export const mostValues = 100_000;
/** Syntax errors after the first few are mostly their consequences. */
const mostSyntaxErrors = 20;

export interface ParsedText {
  /** Made of objects without a prototype, arrays and plain values; undefined unless the text is sound. */
  value: unknown;
  tree: Node | undefined;
  lines: Lines;
  diagnostics: ExperimentDiagnostic[];
}

export function parseText(text: string): ParsedText {
  if (text.length > largestText) {
    const megabytes = (text.length / 1e6).toFixed(1);
    const message = `the file is too large (${megabytes} million characters): an experiment takes a few thousand. Data belong in a file of their own, named by "data".`;
    // Lines are not counted in such a text: only its beginning is pointed at.
    return refused(new Lines(''), message, 0, 1);
  }
  // A byte order mark is kept as a space, so that all offsets stay as they are.
  const clean = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  const lines = new Lines(clean);
  const excess = firstExcess(clean);
  if (excess) return refused(lines, excess.message, excess.offset, excess.length);

  const errors: ParseError[] = [];
  const tree = parseTree(clean, errors, { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true });
  if (errors.length > 0) {
    const diagnostics = errors
      .slice(0, mostSyntaxErrors)
      .map((error) => problem(lines, syntaxMessage(error, clean), ...withinText(error, clean)));
    return { value: undefined, tree: undefined, lines, diagnostics };
  }
  if (!tree) {
    return refused(
      lines,
      'the file is empty: "New BatchNorm Experiment" in the editor, or `bnexp new`, makes an experiment to start from',
      0,
      clean.length,
    );
  }
  const diagnostics = [...unsoundNodes(tree, lines)];
  return { value: diagnostics.length > 0 ? undefined : getNodeValue(tree), tree, lines, diagnostics };
}

function problem(
  lines: Lines,
  message: string,
  offset: number,
  length: number,
  path: (string | number)[] = [],
): ExperimentDiagnostic {
  return { severity: 'error', message, path, offset, length, ...lines.at(offset) };
}

function refused(lines: Lines, message: string, offset: number, length: number): ParsedText {
  return { value: undefined, tree: undefined, lines, diagnostics: [problem(lines, message, offset, length)] };
}

/** Where the text nests deeper, or holds more, than any experiment does. */
function firstExcess(text: string): { message: string; offset: number; length: number } | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  let values = 0;
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const place = { offset: scanner.getTokenOffset(), length: scanner.getTokenLength() };
    const first = text[place.offset];
    if (first === '{' || first === '[') depth++;
    if (first === '}' || first === ']') depth--;
    if (depth > deepestNesting) {
      return { message: `nested deeper than ${deepestNesting} levels: no experiment is`, ...place };
    }
    // Commas and colons are tokens too.
    if (++values > mostValues * 2) {
      return { message: `more than ${mostValues.toLocaleString('en-US')} values: no experiment has so many`, ...place };
    }
  }
  return null;
}

/** Place of a syntax error, moved to the last character where it lies behind the end. */
function withinText({ offset, length }: ParseError, text: string): [number, number] {
  const start = Math.min(offset, Math.max(0, text.length - 1));
  return [start, Math.min(Math.max(1, length), text.length - start)];
}

function syntaxMessage({ error, offset, length }: ParseError, text: string): string {
  const at = text.slice(offset, offset + length);
  const found = offset >= text.length ? 'the end of the file' : quote(at);
  switch (printParseErrorCode(error)) {
    case 'InvalidSymbol':
      if (/^[+-]?(nan|inf(inity)?)$/i.test(at)) return `${at} is not a number that a file can hold`;
      if (at === '-') return 'a minus sign must stand before a finite number';
      if (at.startsWith("'")) return `${found}: texts stand between double quotation marks`;
      return `${found} means nothing here: texts stand between double quotation marks`;
    case 'InvalidNumberFormat':
      return `${found} is not a number as JSON writes it (0.5, -3, 1e-5)`;
    case 'PropertyNameExpected':
      return `a property's name between double quotation marks is expected, not ${found}`;
    case 'ValueExpected':
      return `a value is expected, not ${found}`;
    case 'ColonExpected':
      return `a colon is expected after the property's name, not ${found}`;
    case 'CommaExpected':
      return `a comma is expected before ${found}`;
    case 'CloseBraceExpected':
      return `a closing brace } is missing before ${found}`;
    case 'CloseBracketExpected':
      return `a closing bracket ] is missing before ${found}`;
    case 'EndOfFileExpected':
      return `the experiment ends before this: remove ${found} and what follows`;
    case 'InvalidCommentToken':
      return 'a comment is not allowed here';
    case 'UnexpectedEndOfComment':
      return 'this comment is not closed: */ is missing';
    case 'UnexpectedEndOfString':
      return 'this text is not closed: the quotation mark at its end is missing';
    case 'UnexpectedEndOfNumber':
      return 'this number is not complete';
    case 'InvalidUnicode':
      return '\\u must be followed by four hexadecimal digits';
    case 'InvalidEscapeCharacter':
      return 'this escape is unknown: a backslash itself is written \\\\';
    case 'InvalidCharacter':
      return 'a text may not hold this character as it is: a line break is written \\n, a tab \\t';
    default:
      return `this is not JSON: ${found}`;
  }
}

/** What JSON's grammar lets pass and an experiment does not: a property given twice, a number beyond all bounds. */
function* unsoundNodes(root: Node, lines: Lines): Iterable<ExperimentDiagnostic> {
  const waiting: { node: Node; path: (string | number)[] }[] = [{ node: root, path: [] }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, path } = next;
    const children = node.children ?? [];
    if (node.type === 'number' && !Number.isFinite(node.value)) {
      yield problem(lines, 'this number is too large to be finite', node.offset, node.length, path);
    } else if (node.type === 'array') {
      children.forEach((child, index) => {
        waiting.push({ node: child, path: [...path, index] });
      });
    } else if (node.type === 'object') {
      const seen = new Map<string, Node>();
      for (const property of children) {
        const [key, value] = property.children ?? [];
        const name = String(key.value);
        const first = seen.get(name);
        if (first) {
          const { line } = lines.at(first.offset);
          const message = `${quote(name)} is given twice here: first in line ${line}. Keep one of them.`;
          yield problem(lines, message, key.offset, key.length, [...path, name]);
        }
        if (name === '__proto__') {
          yield problem(lines, '"__proto__" cannot be used as a name', key.offset, key.length, [...path, name]);
        }
        seen.set(name, key);
        if (value) waiting.push({ node: value, path: [...path, name] });
      }
    }
  }
}
