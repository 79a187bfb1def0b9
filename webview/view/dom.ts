/**
 * Making elements. Text goes in as text nodes alone: names and notes come from files, and never become markup.
 */

type Child = Node | string;
type Attributes = Record<string, string | number | boolean | undefined>;

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Sets or removes an attribute; `true` is the empty value, `false` and undefined remove it. */
export function setAttribute(element: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

export function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

export function createSvg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

/** Writes text only if it differs, to avoid layout and repeated announcements. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** An icon of the editor's own font, by its name without the prefix. */
export function icon(name: string): HTMLElement {
  return create('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' });
}
