/** A tooltip beside the pointer: one for the whole page. It repeats what text alternatives say, so screen readers skip it. */
import { create } from './dom';

export interface TooltipRow {
  /** Sign in front of the name. */
  swatch?: Element;
  name: string;
  value: string;
  /** A remark below, such as an interval. */
  more?: string;
}

export interface TooltipContent {
  head: string;
  rows: readonly TooltipRow[];
}

/** A place in the window, in pixels. */
export interface Anchor {
  x: number;
  y: number;
}

/** Pixels between the pointer and the tooltip, and between the tooltip and the edges of the window. */
const distance = 14;
const margin = 4;

/** Upper left corner of a tooltip: right of the pointer, left of it, below or above, where there is room. It never covers the pointer. */
export function placeOf(
  { x, y }: Anchor,
  size: { width: number; height: number },
  room: { width: number; height: number },
): { left: number; top: number } {
  const within = (at: number, length: number, all: number) => Math.max(margin, Math.min(all - margin - length, at));
  const top = within(y - size.height / 2, size.height, room.height);
  if (x + distance + size.width <= room.width - margin) return { left: x + distance, top };
  if (x - distance - size.width >= margin) return { left: x - distance - size.width, top };
  const left = within(x - size.width / 2, size.width, room.width);
  const isRoomBelow = y + distance + size.height <= room.height - margin;
  return { left, top: isRoomBelow ? y + distance : y - distance - size.height };
}

export class Tooltip {
  private made: HTMLElement | undefined;
  private owner: object | null = null;

  get element(): HTMLElement {
    this.made ??= create('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: true });
    return this.made;
  }

  /** @param owner The part of the page that shows it, which alone hides it. */
  show(owner: object, { head, rows }: TooltipContent, anchor: Anchor): void {
    this.owner = owner;
    this.element.replaceChildren(
      create('div', { class: 'dim' }, head),
      ...rows.map(({ swatch, name, value, more }) =>
        create(
          'div',
          { class: 'entry' },
          create('span', { class: 'sign' }, ...(swatch ? [swatch] : [])),
          create('span', { class: 'name' }, name),
          create('b', {}, value),
          ...(more ? [create('span', { class: 'more dim' }, more)] : []),
        ),
      ),
    );
    this.element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const { left, top } = placeOf(
      anchor,
      { width, height },
      { width: document.documentElement.clientWidth, height: window.innerHeight },
    );
    this.element.style.left = `${left}px`;
    this.element.style.top = `${top}px`;
  }

  hide(owner: object): void {
    if (this.owner !== owner) return;
    this.owner = null;
    this.element.hidden = true;
  }
}

/** The page's tooltip. */
export const tooltip = new Tooltip();
