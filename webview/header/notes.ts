/**
 * The part of Markdown used in notes: paragraphs, **strong**, *emphasis* and `code`. Everything else stays plain text. The result is
 * built from elements, never from HTML, because notes come from files.
 */
import { create } from '../view/dom';

/** One marked span; code comes first, because it is not parsed further. */
const marked = /`([^`\n]+)`|\*\*(?=\S)([\s\S]*?\S)\*\*|\*(?=[^\s*])([^*]*[^\s*])\*(?![\p{L}\p{N}])/u;

export function paragraphs(text: string): HTMLElement[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .filter((part) => part.trim() !== '')
    .map((part) => create('p', {}, ...inline(part)));
}

function inline(text: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let rest = text;
  for (let match = marked.exec(rest); match; match = marked.exec(rest)) {
    const [whole, code, strong, emphasis] = match;
    if (match.index > 0) nodes.push(rest.slice(0, match.index));
    if (code !== undefined) nodes.push(create('code', {}, code));
    else if (strong !== undefined) nodes.push(create('strong', {}, ...inline(strong)));
    else nodes.push(create('em', {}, ...inline(emphasis)));
    rest = rest.slice(match.index + whole.length);
  }
  if (rest !== '') nodes.push(rest);
  return nodes;
}
