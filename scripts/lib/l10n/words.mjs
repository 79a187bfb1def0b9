// @ts-check
/**
 * Finds strings that a person reads and that are not translated: literals with two words or more, and in the screens also single words
 * with a capital letter, that are not an argument of `l10n.t`. Members of unions of strings are identifiers. A comment `not translated: <reason>` on the same line or the line before
 * exempts the literals that start on that line.
 */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { filesUnder, root } from '../files.mjs';

/** @typedef {{ file: string, line: number, text: string }} Found */

/** Files whose words are not for a screen, with the reason. */
export const exempt = {
  'src/engine/kernels/simd/assembly/': 'AssemblyScript, compiled to WebAssembly',
  'src/runs/export/pytorch/script.ts': 'Python',
  'src/runs/export/pytorch/network.ts': 'Python',
  'src/runs/export/pytorch/parts.ts': 'Python',
  'src/runs/export/pytorch/python.ts': 'Python',
  'src/runs/export/pytorch/glyphs.ts': 'Python',
  'src/runs/export/onnx/metadata.ts': 'metadata of ONNX files, in English in all languages',
  'src/runs/tools/definitions.ts': 'descriptions for language models, which are in English as in package.json',
};

/** Single words are labels in these folders, and identifiers elsewhere. */
const screens = /^(webview|src\/extension|src\/cli)\//;

const twoWords = /\p{L}{2,}[’'“”"`*]*[,.:;!?…)]*\s+[“"‘'`(*]*\p{L}/u;
const label = /^\p{Lu}\p{Ll}+(…|\.\.\.|:)?$/u;

/** Functions whose string arguments are not for people. */
const technical =
  /^(querySelector(All)?|closest|matches|createElement(NS)?|getElementById|addEventListener|removeEventListener|dispatchEvent|setProperty|getPropertyValue|executeCommand|getConfiguration|startsWith|endsWith|includes|indexOf|lastIndexOf|split|replace|replaceAll|import|require|getContext|element|html|svg|add|remove|toggle|contains|dataset|count)$/;

/** Errors that only a mistake of a program causes. */
const internal = /^(Error|TypeError|RangeError|SyntaxError|RegExp|Blob|KeyboardEvent|CustomEvent)$/;

/**
 * Returns the text of a literal without its insertions.
 * @param {ts.Node} node
 */
function plain(node) {
  if (ts.isTemplateExpression(node)) {
    return [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('{}');
  }
  return /** @type {ts.StringLiteralLike} */ (node).text;
}

/**
 * @param {ts.Node} node
 * @returns {boolean}
 */
function isTranslated(node) {
  const { parent } = node;
  if (ts.isTaggedTemplateExpression(parent)) return true;
  if (ts.isCallExpression(parent)) return isT(parent.expression);
  // l10n.t({ message, args, comment })
  if (ts.isPropertyAssignment(parent) && ts.isCallExpression(parent.parent.parent))
    return isT(parent.parent.parent.expression);
  return false;
}

/** @param {ts.Node} node */
function isT(node) {
  return ts.isPropertyAccessExpression(node) && node.expression.getText() === 'l10n' && node.name.text === 't';
}

/**
 * @param {ts.Node} node
 * @returns {boolean}
 */
function isTechnical(node) {
  const { parent } = node;
  if (ts.isConditionalExpression(parent) || ts.isParenthesizedExpression(parent)) return isTechnical(parent);
  if (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isExternalModuleReference(parent) ||
    ts.isLiteralTypeNode(parent) ||
    ts.isTypeNode(parent) ||
    ts.isElementAccessExpression(parent) ||
    ts.isCaseClause(parent) ||
    ts.isEnumMember(parent)
  )
    return true;
  if (
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent)) &&
    parent.name === node
  )
    return true;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    const compares = [
      ts.SyntaxKind.EqualsEqualsEqualsToken,
      ts.SyntaxKind.ExclamationEqualsEqualsToken,
      ts.SyntaxKind.InKeyword,
    ];
    if (compares.includes(kind)) return true;
    if (
      kind === ts.SyntaxKind.EqualsToken &&
      /\.(className|id|type|role|cssText|innerHTML)$/.test(parent.left.getText())
    )
      return true;
  }
  if (
    ts.isPropertyAssignment(parent) &&
    /^(class|className|id|type|role|kind|pattern|style|examples)$/.test(parent.name.getText())
  )
    return true;
  if (ts.isCallExpression(parent)) {
    const called = parent.expression;
    const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
    if (called.kind === ts.SyntaxKind.ImportKeyword || technical.test(name)) return true;
    if (
      name === 'setAttribute' &&
      !/^'(aria-label|title|placeholder|alt|aria-description|aria-roledescription|aria-valuetext)'/.test(
        parent.arguments[0]?.getText() ?? '',
      )
    )
      return true;
  }
  if (ts.isNewExpression(parent) && internal.test(parent.expression.getText())) return true;
  return false;
}

/**
 * Returns the members of all unions of strings in a file: they are identifiers.
 * @param {string} text
 * @returns {string[]}
 */
function unionMembers(text) {
  const source = ts.createSourceFile('', text, ts.ScriptTarget.Latest, true);
  /** @type {string[]} */
  const members = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) members.push(node.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return members;
}

/**
 * Returns the untranslated strings of one file, as nodes of its syntax tree.
 * @param {string} file Relative to the project.
 * @param {string} text
 * @param {ReadonlySet<string>} [identifiers] Members of unions of strings.
 */
export function untranslatedNodes(file, text, identifiers = new Set(unionMembers(text))) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n');
  /** @type {(ts.StringLiteralLike | ts.TemplateExpression)[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const words = plain(node);
      const isProse =
        !words.startsWith('<') &&
        (twoWords.test(words.replaceAll('{}', ' ')) || (screens.test(file) && label.test(words)));
      if (isProse && !identifiers.has(words) && !isTranslated(node) && !isTechnical(node)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        const marks = [lines[line], lines[line - 1] ?? ''];
        if (!marks.some((each) => each.includes('not translated: '))) found.push(node);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { source, found };
}

/** Sources with words. */
export function sourcesWithWords() {
  const files = ['src', 'webview'].flatMap((folder) => filesUnder(join(root, folder), '.ts'));
  return files
    .map((file) => relative(root, file).replaceAll(sep, '/'))
    .filter((file) => !Object.keys(exempt).some((start) => file.startsWith(start)));
}

/** @returns {Found[]} */
export function untranslated() {
  const sources = sourcesWithWords().map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
  const identifiers = new Set(sources.flatMap(({ text }) => (text.includes("| '") ? unionMembers(text) : [])));
  return sources.flatMap(({ file, text }) => {
    const { source, found } = untranslatedNodes(file, text, identifiers);
    return found.map((node) => ({
      file,
      line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      text: plain(node),
    }));
  });
}

/**
 * Returns the keys that `l10n.t` looks up at run time, read from the syntax tree.
 * @param {string} file Relative to the project.
 * @param {string} text
 * @returns {string[]}
 */
export function keysOf(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {string[]} */
  const keys = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isTaggedTemplateExpression(node) && isT(node.tag)) keys.push(numbered(node.template));
    if (ts.isCallExpression(node) && isT(node.expression)) {
      const [first] = node.arguments;
      if (ts.isStringLiteralLike(first)) keys.push(first.text);
      else if (ts.isObjectLiteralExpression(first)) keys.push(commented(first));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return keys;
}

/** @param {ts.TemplateLiteral} template */
function numbered(template) {
  if (!ts.isTemplateExpression(template)) return template.text;
  return template.templateSpans.reduce((key, { literal }, k) => `${key}{${k}}${literal.text}`, template.head.text);
}

/** @param {ts.ObjectLiteralExpression} options */
function commented(options) {
  /** @param {string} name */
  const value = (name) => {
    const property = options.properties.find((each) => each.name?.getText() === name);
    const initializer = property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
    return initializer && ts.isStringLiteralLike(initializer) ? initializer.text : '';
  };
  return `${value('message')}/${value('comment')}`;
}
