/**
 * Parses the text of an experiment file to its value and syntax tree. Comments and trailing commas are allowed. Parsing is
 * fast and never throws for any text: a scanner rejects text that is too large or too deeply nested before the recursive
 * parser runs.
 */
import * as l10n from '@vscode/l10n';
import { createScanner, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { formatCount } from '../shared/numbers';
import type { ExperimentDiagnostic } from './diagnostics';
import { written } from './editing/written';
import { rootSnippets } from './jsonSnippets';
import { Lines } from './position';
import { optional, type Remedy, replaceText } from './remedies';
import { syntaxRemedies } from './syntaxRemedies';
import { quote } from './words';

/** Maximum length in characters. An experiment has a few thousand. */
export const largestText = 4_000_000;
export const deepestNesting = 64;
/** Maximum number of values, properties and items in total. */
export const mostValues = 100_000;
/** Maximum number of reported syntax errors. Later ones are mostly consequences of the first. */
const mostSyntaxErrors = 20;

export interface ParsedText {
  /** Consists of objects without a prototype, arrays and plain values; undefined if the text has errors. */
  value: unknown;
  tree: Node | undefined;
  lines: Lines;
  diagnostics: ExperimentDiagnostic[];
}

export function parseText(text: string): ParsedText {
  if (text.length > largestText) {
    const megabytes = (text.length / 1e6).toFixed(1);
    const message = l10n.t`the file is too large (${megabytes} million characters): an experiment has a few thousand. Put the data into a separate file and name it in "data".`;
    // Lines of such a large text are not counted, so the error marks only its start.
    return refused(new Lines(''), message, 0, 1);
  }
  // Replace a byte order mark by a space, so that all offsets stay the same.
  const clean = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  const lines = new Lines(clean);
  const excess = firstExcess(clean);
  if (excess) return refused(lines, excess.message, excess.offset, excess.length);

  const errors: ParseError[] = [];
  const tree = parseTree(clean, errors, { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true });
  if (errors.length > 0) {
    const diagnostics = errors.slice(0, mostSyntaxErrors).map((error) => ({
      ...problem(lines, syntaxMessage(error, clean), ...withinText(error, clean), [], syntaxRemedies(error, clean)),
      syntax: true as const,
    }));
    return { value: undefined, tree: undefined, lines, diagnostics };
  }
  if (!tree) {
    const message = l10n.t(
      'the file is empty: "New BatchNorm Experiment" in the editor or `bnexp new` creates an experiment from a preset',
    );
    const diagnostics = [problem(lines, message, 0, clean.length, [], newExperiments(clean))];
    return { value: undefined, tree: undefined, lines, diagnostics };
  }
  const diagnostics = [...unsoundNodes(tree, lines)];
  return { value: diagnostics.length > 0 ? undefined : getNodeValue(tree), tree, lines, diagnostics };
}

/** Whole experiments after the comments of an empty file, as completion offers them. */
function newExperiments(text: string): Remedy[] {
  const comments = text.trimEnd();
  const start = comments === '' ? '' : `${comments}\n`;
  return rootSnippets.map(({ label, body }) => {
    const experiment = JSON.parse(JSON.stringify(body).replaceAll(/\$\{\d+:([^}]*)\}/g, '$1'));
    const named = `${label.charAt(0).toLowerCase()}${label.slice(1)}`;
    return optional(replaceText(l10n.t`Insert a ${named}`, 0, text.length, `${start}${written(experiment)}\n`));
  });
}

function problem(
  lines: Lines,
  message: string,
  offset: number,
  length: number,
  path: (string | number)[] = [],
  fixes: readonly Remedy[] = [],
): ExperimentDiagnostic {
  return { severity: 'error', message, path, offset, length, ...lines.at(offset), ...(fixes.length > 0 && { fixes }) };
}

function refused(lines: Lines, message: string, offset: number, length: number): ParsedText {
  return { value: undefined, tree: undefined, lines, diagnostics: [problem(lines, message, offset, length)] };
}

/** First position at which the text is nested too deeply or has too many values, or null. */
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
      return { message: l10n.t`nested too deeply: at most ${deepestNesting} levels are allowed`, ...place };
    }
    // Commas and colons are tokens too.
    if (++values > mostValues * 2) {
      return { message: l10n.t`too many values: at most ${formatCount(mostValues)} are allowed`, ...place };
    }
  }
  return null;
}

/** Position of a syntax error. A position after the end is moved to the last character. */
function withinText({ offset, length }: ParseError, text: string): [number, number] {
  const start = Math.min(offset, Math.max(0, text.length - 1));
  return [start, Math.min(Math.max(1, length), text.length - start)];
}

function syntaxMessage({ error, offset, length }: ParseError, text: string): string {
  const at = text.slice(offset, offset + length);
  const found = offset >= text.length ? l10n.t('the end of the file') : quote(at);
  switch (printParseErrorCode(error)) {
    case 'InvalidSymbol':
      if (/^[+-]?(nan|inf(inity)?)$/i.test(at)) return l10n.t`${at} is not allowed: JSON numbers must be finite`;
      if (at === '-') return l10n.t('a minus sign must be followed by a finite number');
      if (at.startsWith("'")) return l10n.t`${found}: strings must be in double quotation marks`;
      return l10n.t`${found} is not allowed here: strings must be in double quotation marks`;
    case 'InvalidNumberFormat':
      return l10n.t`${found} is not a JSON number (examples: 0.5, -3, 1e-5)`;
    case 'PropertyNameExpected':
      return l10n.t`a property name in double quotation marks is expected, not ${found}`;
    case 'ValueExpected':
      return l10n.t`a value is expected, not ${found}`;
    case 'ColonExpected':
      return l10n.t`a colon is expected after the property name, not ${found}`;
    case 'CommaExpected':
      return l10n.t`a comma is expected before ${found}`;
    case 'CloseBraceExpected':
      return l10n.t`a closing brace ${'}'} is missing before ${found}`;
    case 'CloseBracketExpected':
      return l10n.t`a closing bracket ] is missing before ${found}`;
    case 'EndOfFileExpected':
      return l10n.t`the experiment ends before this: remove ${found} and everything after it`;
    case 'InvalidCommentToken':
      return l10n.t('a comment is not allowed here');
    case 'UnexpectedEndOfComment':
      return l10n.t('this comment is not closed: */ is missing');
    case 'UnexpectedEndOfString':
      return l10n.t('this string is not closed: the closing quotation mark is missing');
    case 'UnexpectedEndOfNumber':
      return l10n.t('this number is incomplete');
    case 'InvalidUnicode':
      return l10n.t`${'\\u'} must be followed by four hexadecimal digits`;
    case 'InvalidEscapeCharacter':
      return l10n.t`this escape is unknown: write a backslash as ${'\\\\'}`;
    case 'InvalidCharacter':
      return l10n.t`a string must not contain this character: write a line break as ${'\\n'} and a tab as ${'\\t'}`;
    default:
      return l10n.t`this is not JSON: ${found}`;
  }
}

/** Removes one of two properties with the same name. */
function duplicateRemedies(first: Node, second: Node, name: string, line: number): Remedy[] {
  return [
    optional({
      title: l10n.t`Remove this ${quote(name)}`,
      edits: [{ edit: 'removeAt', offset: second.offset }],
      preferred: true,
    }),
    optional({
      title: l10n.t`Remove ${quote(name)} in line ${line}`,
      edits: [{ edit: 'removeAt', offset: first.offset }],
      preferred: true,
    }),
  ];
}

/** Errors that JSON's grammar allows: duplicate properties and infinite numbers. */
function* unsoundNodes(root: Node, lines: Lines): Iterable<ExperimentDiagnostic> {
  const waiting: { node: Node; path: (string | number)[] }[] = [{ node: root, path: [] }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, path } = next;
    const children = node.children ?? [];
    if (node.type === 'number' && !Number.isFinite(node.value)) {
      yield problem(lines, l10n.t('this number is too large to be finite'), node.offset, node.length, path);
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
          const message = l10n.t`${quote(name)} is a duplicate: it is already set in line ${line}. Remove one of them.`;
          yield problem(
            lines,
            message,
            key.offset,
            key.length,
            [...path, name],
            duplicateRemedies(first, key, name, line),
          );
        }
        if (name === '__proto__') {
          yield problem(lines, l10n.t('"__proto__" cannot be used as a name'), key.offset, key.length, [...path, name]);
        }
        seen.set(name, key);
        if (value) waiting.push({ node: value, path: [...path, name] });
      }
    }
  }
}
