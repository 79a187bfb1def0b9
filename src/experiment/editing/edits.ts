/**
 * Changes values in the text of an experiment. Comments and formatting of everything else stay as they are: a removed property
 * leaves the comments around it, and a new one is written below the comment of the property before it.
 */
import { createScanner, findNodeAtLocation, findNodeAtOffset, type Node, parseTree } from 'jsonc-parser';
import type { Path, Remedy, ValueEdit } from '../remedies';
import { Verbatim, written } from './written';

/** Replaces `length` characters at `offset`. */
export interface TextEdit {
  offset: number;
  length: number;
  text: string;
}

/** The text in one of its versions, with its syntax tree. */
export interface EditedText {
  text: string;
  tree: Node | undefined;
}

export function editedText(text: string): EditedText {
  // Offsets include a byte order mark.
  const clean = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  return { text, tree: parseTree(clean, [], { allowTrailingComma: true, disallowComments: false }) };
}

/** The edits of a remedy; null if the text has changed so that it no longer applies. */
export function editsOf(source: EditedText, { edits }: Pick<Remedy, 'edits'>): TextEdit[] | null {
  const all: TextEdit[] = [];
  for (const edit of edits) {
    const found = textEdits(source, edit);
    if (!found) return null;
    all.push(...found);
  }
  return all;
}

/** Applies edits that do not overlap. Of several at one offset, the first is written first. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  const ordered = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => b.edit.offset - a.edit.offset || b.index - a.index);
  for (const { edit } of ordered) {
    result = result.slice(0, edit.offset) + edit.text + result.slice(edit.offset + edit.length);
  }
  return result;
}

function textEdits(source: EditedText, edit: ValueEdit): TextEdit[] | null {
  if (edit.edit === 'text') return [{ offset: edit.offset, length: edit.length, text: edit.text }];
  const { text, tree } = source;
  if (edit.edit === 'removeAt') {
    const property = tree && findNodeAtOffset(tree, edit.offset)?.parent;
    return property?.type === 'property' ? removing(text, property) : null;
  }
  const node = tree && findNodeAtLocation(tree, [...edit.path]);
  const textOf = ({ offset, length }: Node) => text.slice(offset, offset + length);
  switch (edit.edit) {
    case 'set':
      if (node) return [replacing(node, written(edit.value, lineAt(text, node.offset)))];
      return adding(source, edit.path, edit.value);
    case 'append': {
      if (node?.type === 'array') return inserted(source, node, (line) => written(edit.value, line));
      return node ? null : adding(source, edit.path, [edit.value]);
    }
    case 'rename': {
      const key = node?.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
      return key ? [replacing(key, JSON.stringify(edit.name))] : null;
    }
    case 'remove':
      return node ? removing(text, node) : null;
    case 'move':
      return node ? moving(source, node, edit.path, edit.to) : null;
    case 'comment':
      return node ? commenting(text, node) : null;
    case 'order': {
      const { children = [] } = node ?? {};
      if (node?.type !== 'array' || children.length !== edit.order.length) return null;
      return children.flatMap((child, k) =>
        edit.order[k] === k ? [] : [replacing(child, textOf(children[edit.order[k]]))],
      );
    }
    case 'swap': {
      const other = tree && findNodeAtLocation(tree, [...edit.with]);
      if (!node || !other) return null;
      return [replacing(node, textOf(other)), replacing(other, textOf(node))];
    }
  }
}

function replacing({ offset, length }: Node, text: string): TextEdit {
  return { offset, length, text };
}

/** Adds a value at a path that does not exist, with the objects on the way to it. */
function adding(source: EditedText, path: Path, value: unknown): TextEdit[] | null {
  const { tree } = source;
  if (!tree) return null;
  let depth = path.length - 1;
  let above = findNodeAtLocation(tree, path.slice(0, depth));
  while (!above && depth > 0) above = findNodeAtLocation(tree, path.slice(0, --depth));
  if (above?.type !== 'object') return null;
  const nested = path.slice(depth + 1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  return inserted(source, above, (line) => `${JSON.stringify(String(path[depth]))}: ${written(nested, line)}`);
}

/** Inserts a property or an item after the last one. @param write The text, in a line of its own with this indentation. */
function inserted({ text }: EditedText, container: Node, write: (indentation: string) => string): TextEdit[] {
  const { offset, length, children = [] } = container;
  const end = offset + length - 1;
  const last = children.at(-1);
  const own = lineAt(text, offset);
  if (!last) {
    const isSpread = text.slice(offset, end).includes('\n');
    const step = indentStep(text);
    if (!isSpread) {
      const space = container.type === 'object' ? ' ' : '';
      return [{ offset: offset + 1, length: end - offset - 1, text: `${space}${write(own)}${space}` }];
    }
    // Comments inside the empty object stay above the new property.
    const at = offset + 1 + text.slice(offset + 1, end).trimEnd().length;
    return [{ offset: at, length: 0, text: `${newLine(text)}${own}${step}${write(own + step)}` }];
  }
  const after = last.offset + last.length;
  const { comma, end: rest } = following(text, after, end);
  const before = children.length > 1 ? children[children.length - 2].offset : offset;
  const isOwnLine = text.slice(before, last.offset).includes('\n');
  if (!isOwnLine) {
    const at = comma === null ? after : comma + 1;
    return [{ offset: at, length: 0, text: `${comma === null ? ',' : ''} ${write(own)}` }];
  }
  const indentation = lineAt(text, last.offset);
  const line = `${newLine(text)}${indentation}${write(indentation)}${comma === null ? '' : ','}`;
  if (comma !== null) return [{ offset: rest, length: 0, text: line }];
  if (rest === after) return [{ offset: after, length: 0, text: `,${line}` }];
  return [
    { offset: after, length: 0, text: ',' },
    { offset: rest, length: 0, text: line },
  ];
}

/** The comma after a value, and the end of the comments in its line. */
function following(text: string, after: number, end: number): { comma: number | null; end: number } {
  const scanner = createScanner(text);
  scanner.setPosition(after);
  let comma: number | null = null;
  let rest = after;
  for (scanner.scan(); scanner.getTokenOffset() < end; scanner.scan()) {
    const offset = scanner.getTokenOffset();
    const first = text[offset];
    if (first === ' ' || first === '\t') continue;
    if (first === ',' && comma === null) comma = offset;
    else if (first !== '/') break;
    rest = offset + scanner.getTokenLength();
  }
  return { comma, end: rest };
}

/** Removes a property or an item with its comma, and its line if nothing else is in it. */
function removing(text: string, value: Node): TextEdit[] | null {
  const node = value.parent?.type === 'property' ? value.parent : value;
  const siblings = node.parent?.children;
  if (!node.parent || !siblings) return null;
  const end = node.parent.offset + node.parent.length - 1;
  const index = siblings.indexOf(node);
  const after = node.offset + node.length;
  const comma = commaAfter(text, after, end);
  const own = comma === null ? after : comma + 1;
  // Without its own comma it is the last one, and the comma before it must go.
  const previous = siblings[index - 1];
  const before = comma === null && previous ? commaAfter(text, previous.offset + previous.length, node.offset) : null;
  const edits: TextEdit[] = before === null ? [] : [{ offset: before, length: 1, text: '' }];
  const isBetween = comma !== null && text.slice(after, comma).trim() !== '';
  if (isBetween) {
    // A comment before the comma stays.
    return [...edits, { offset: node.offset, length: node.length, text: '' }, { offset: comma, length: 1, text: '' }];
  }
  const lineStart = text.lastIndexOf('\n', node.offset - 1) + 1;
  const lineEnd = text.indexOf('\n', own) < 0 ? text.length : text.indexOf('\n', own);
  const isAlone = text.slice(lineStart, node.offset).trim() === '' && text.slice(own, lineEnd).trim() === '';
  if (isAlone && lineStart > 0) {
    const from = text.startsWith('\r\n', lineStart - 2) ? lineStart - 2 : lineStart - 1;
    const to = text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd;
    return [...edits, { offset: from, length: to - from, text: '' }];
  }
  // The spaces after it are removed too, or those before it if it is the last one.
  let from = node.offset;
  let to = own;
  if (index < siblings.length - 1) while (/[ \t]/.test(text[to] ?? '')) to++;
  else while (previous && /[ \t]/.test(text[from - 1]) && from - 1 > (before ?? previous.offset)) from--;
  return [...edits, { offset: from, length: to - from, text: '' }];
}

function commaAfter(text: string, from: number, end: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return text[offset] === ',' && offset < end ? offset : null;
}

function moving(source: EditedText, value: Node, path: Path, to: Path): TextEdit[] | null {
  const { text, tree } = source;
  const removed = removing(text, value);
  if (!removed || !tree || findNodeAtLocation(tree, [...to])) return null;
  // If the object that it moves to does not exist, it replaces the property, so that both edits do not meet.
  const above = to.slice(0, -1);
  const isBeside = above.length === path.length && path.slice(0, -1).every((part, k) => part === above[k]);
  const content = text.slice(value.offset, value.offset + value.length);
  if (isBeside && !findNodeAtLocation(tree, [...above]) && value.parent) {
    const names = `${JSON.stringify(String(above.at(-1)))}: { ${JSON.stringify(String(to.at(-1)))}: ${content} }`;
    return [replacing(value.parent, names)];
  }
  const added = adding(source, to, new Verbatim(content));
  return added && [...removed, ...added];
}

/** Turns `"comment": "words"` into `// words`, at the end of its line or in one of its own. */
function commenting(text: string, value: Node): TextEdit[] | null {
  const removed = removing(text, value);
  const property = value.parent;
  if (!removed || property?.type !== 'property' || typeof value.value !== 'string') return null;
  const words = value.value.replaceAll('*/', '* /').split(/\s*[\r\n]+\s*/);
  const [first] = removed.slice(-1);
  const isOwnLine = /^\r?\n/.test(text.slice(first.offset, first.offset + 2));
  const comment = isOwnLine
    ? words.map((line) => `${newLine(text)}${lineAt(text, property.offset)}// ${line}`).join('')
    : `/* ${words.join(' ')} */${/\s$/.test(text.slice(first.offset, first.offset + first.length)) ? ' ' : ''}`;
  const lead = !isOwnLine && /^[ \t]/.test(text.slice(first.offset, property.offset)) ? ' ' : '';
  return [...removed.slice(0, -1), { ...first, text: lead + comment }];
}

/** Indentation of the line at an offset. */
function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

function newLine(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Indentation of one level: that of the first indented line. */
function indentStep(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
}
