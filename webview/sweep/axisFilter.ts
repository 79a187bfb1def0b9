/** The filter of one axis: its name, and a strip along the axis that is dragged, or moved by keys. */
import * as l10n from '@vscode/l10n';
import type { SlotRange } from '../view/choices';
import { create, setAttribute, setText } from '../view/dom';
import { movedFilter, type ParallelAxis, slotAt } from './parallel';

export interface AxisFilterContent {
  axis: ParallelAxis;
  range: SlotRange;
  /** The range in words. */
  words: string;
  /** Pixels: the axis, the distance to the next one, and its ends. */
  x: number;
  room: number;
  top: number;
  bottom: number;
}

/** Pixels that distinguish a drag from a click. */
const leastDrag = 4;

export class AxisFilter {
  private readonly name = create('span', { class: 'axis-name', 'aria-hidden': 'true' });
  private readonly range = create('div', { class: 'axis-range', hidden: true });
  private readonly strip = create(
    'div',
    { class: 'axis-strip', role: 'slider', tabindex: 0, 'aria-orientation': 'vertical', 'aria-valuemin': 0 },
    this.range,
  );
  readonly element = create('div', { class: 'axis-filter' }, this.name, this.strip);
  private content: AxisFilterContent | null = null;
  private start: { y: number; slot: number } | null = null;

  /** @param filter Called with the new range. */
  constructor(private readonly filter: (range: SlotRange) => void) {
    const { strip } = this;
    strip.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.start = { y: event.clientY, slot: this.slotOf(event) };
      strip.setPointerCapture(event.pointerId);
    });
    strip.addEventListener('pointermove', (event) => {
      if (this.start && this.isDrag(event)) this.mark(this.dragged(event));
    });
    strip.addEventListener('pointerup', (event) => {
      if (!this.start) return;
      const range = this.isDrag(event) ? this.dragged(event) : this.clicked(this.start.slot);
      this.start = null;
      this.filter(range);
    });
    strip.addEventListener('pointercancel', () => {
      this.start = null;
      this.mark(this.content?.range ?? null);
    });
    strip.addEventListener('keydown', (event) => this.key(event));
  }

  update(content: AxisFilterContent): void {
    this.content = content;
    const { axis, range, words, x, room, top, bottom } = content;
    setText(this.name, axis.name);
    setAttribute(this.name, 'title', axis.name);
    this.name.style.left = `${x}px`;
    this.name.style.maxWidth = `${Math.max(24, room - 6)}px`;
    this.strip.style.left = `${x}px`;
    this.strip.style.top = `${top}px`;
    this.strip.style.height = `${bottom - top}px`;
    setAttribute(this.strip, 'aria-label', l10n.t`Filter ${axis.name}`);
    setAttribute(this.strip, 'aria-valuemax', axis.slots.length);
    setAttribute(this.strip, 'aria-valuenow', range ? range[1] + 1 : 0);
    setAttribute(this.strip, 'aria-valuetext', words);
    setAttribute(this.strip, 'title', range ? `${axis.name}: ${words}` : l10n.t`Drag to filter ${axis.name}`);
    if (!this.start) this.mark(range);
  }

  private mark(range: SlotRange): void {
    const { content } = this;
    setAttribute(this.range, 'hidden', range === null);
    if (!range || !content) return;
    const { slots } = content.axis;
    this.range.style.bottom = `${100 * slots[range[0]].low}%`;
    this.range.style.top = `${100 * (1 - slots[range[1]].high)}%`;
  }

  private slotOf({ clientY }: PointerEvent): number {
    const { top, height } = this.strip.getBoundingClientRect();
    return this.content ? slotAt(this.content.axis, 1 - (clientY - top) / height) : 0;
  }

  private isDrag({ clientY }: PointerEvent): boolean {
    return this.start !== null && Math.abs(clientY - this.start.y) >= leastDrag;
  }

  private dragged(event: PointerEvent): SlotRange {
    const [from, to] = [this.start?.slot ?? 0, this.slotOf(event)];
    return [Math.min(from, to), Math.max(from, to)];
  }

  /** A click selects one value, and a click into the selected range selects all again. */
  private clicked(slot: number): SlotRange {
    const range = this.content?.range ?? null;
    return range && slot >= range[0] && slot <= range[1] ? null : [slot, slot];
  }

  private key(event: KeyboardEvent): void {
    const { content } = this;
    if (!content || event.ctrlKey || event.metaKey || event.altKey) return;
    const { axis, range } = content;
    const moved = (direction: 1 | -1) => movedFilter(range, axis.slots.length, direction, event.shiftKey);
    const keys: Record<string, () => SlotRange> = {
      ArrowUp: () => moved(1),
      ArrowRight: () => moved(1),
      ArrowDown: () => moved(-1),
      ArrowLeft: () => moved(-1),
      Escape: () => null,
      Backspace: () => null,
      Delete: () => null,
    };
    const next = keys[event.key];
    if (!next) return;
    event.preventDefault();
    this.filter(next());
  }
}
