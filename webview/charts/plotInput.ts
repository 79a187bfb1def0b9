/**
 * Mouse, wheel and keys over a plot. Moving reads values, a click chooses a step, dragging zooms into the dragged steps, with Shift it
 * pans. The wheel zooms only with Ctrl or ⌘, so that it scrolls the page; pinching on a touchpad is the same event.
 */
import { create, setAttribute } from '../view/dom';
import { panned, type Span, spanBetween, zoomed } from '../view/span';
import type { Anchor } from '../view/tooltip';

export interface PlotActions {
  /** The steps that the plot shows, and the number of all; null without content. */
  range(): { span: Span; steps: number } | null;
  /** Horizontal position in the plot, from 0 to 1 inside it. */
  shareAt(clientX: number): number;
  /** The pointer is at a share of the plot, or left it. */
  read(share: number | null, anchor: Anchor | null): void;
  /** Moves the reading by frames, from the selected step without one. */
  readBy(frames: number): void;
  /** Steps in words. */
  words(span: Span): string;
  /** The step that is read or selected. */
  readStep(): number;
  choose(share: number): void;
  chooseRead(): void;
  /** Shows other steps; null shows all. */
  show(span: Span | null): void;
  /** Shows all steps after a double click, whose first click chose a step. */
  reset(): void;
}

/** Pixels that distinguish a drag from a click. */
const leastDrag = 4;
/** Factor of a key, and of a pixel of the wheel. */
const keyFactor = 1.5;
const wheelFactor = 1.0025;
/** Most pixels of one event of the wheel: a notch. */
const mostWheel = 120;
/** Share of the steps in sight that a key moves by. */
const keyShare = 0.2;
const pageFrames = 10;

interface Drag {
  x: number;
  span: Span;
  steps: number;
  isPan: boolean;
  moved: boolean;
}

export class PlotInput {
  /** Covers the plot and has the keyboard's focus. A slider, because arrow keys move over the steps. */
  readonly element = create('div', { class: 'reader', role: 'slider', tabindex: 0 });
  /** The dragged steps. */
  readonly selection = create('div', { class: 'selection', 'aria-hidden': 'true', hidden: true });
  private drag: Drag | null = null;
  /** The next click ends a drag. */
  private isDragged = false;

  constructor(private readonly actions: PlotActions) {
    const { element } = this;
    element.addEventListener('pointerdown', (event) => this.begin(event));
    element.addEventListener('pointermove', (event) => this.move(event));
    element.addEventListener('pointerup', (event) => this.end(event));
    element.addEventListener('pointercancel', () => this.cancel());
    element.addEventListener('pointerleave', () => {
      if (!this.drag) actions.read(null, null);
    });
    element.addEventListener('click', (event) => {
      const isDragged = this.isDragged;
      this.isDragged = false;
      // The second click of a double click.
      if (!isDragged && event.detail < 2) actions.choose(actions.shareAt(event.clientX));
    });
    element.addEventListener('dblclick', () => actions.reset());
    element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    element.addEventListener('keydown', (event) => this.key(event));
    element.addEventListener('focus', () => {
      if (element.matches(':focus-visible')) actions.readBy(0);
    });
    element.addEventListener('blur', () => {
      this.cancel();
      actions.read(null, null);
    });
  }

  get isFocused(): boolean {
    return document.activeElement === this.element;
  }

  private begin(event: PointerEvent): void {
    const range = this.actions.range();
    if (event.button !== 0 || !range) return;
    this.drag = { x: event.clientX, ...range, isPan: event.shiftKey, moved: false };
    this.isDragged = false;
    this.element.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const { actions, drag } = this;
    const share = actions.shareAt(event.clientX);
    actions.read(share, { x: event.clientX, y: event.clientY });
    if (!drag) return;
    drag.moved ||= Math.abs(event.clientX - drag.x) >= leastDrag;
    if (!drag.moved) return;
    const { span, steps, isPan } = drag;
    const from = actions.shareAt(drag.x);
    if (isPan) actions.show(panned(span, steps, (from - share) * (span.to - span.from)));
    else this.mark(this.dragged(drag, event.clientX), drag.span);
  }

  private end(event: PointerEvent): void {
    const { drag } = this;
    this.cancel();
    if (!drag?.moved) return;
    this.isDragged = true;
    if (!drag.isPan) this.actions.show(this.dragged(drag, event.clientX));
  }

  private dragged({ x, span, steps }: Drag, clientX: number): Span {
    const stepAt = (at: number) =>
      span.from + Math.max(0, Math.min(1, this.actions.shareAt(at))) * (span.to - span.from);
    return spanBetween(stepAt(x), stepAt(clientX), steps);
  }

  private mark(marked: Span, span: Span): void {
    const { style } = this.selection;
    const size = span.to - span.from;
    style.setProperty('--from', String((marked.from - span.from) / size));
    style.setProperty('--to', String((marked.to - span.from) / size));
    setAttribute(this.selection, 'data-steps', this.actions.words(marked));
    this.selection.hidden = false;
  }

  private cancel(): void {
    this.drag = null;
    this.selection.hidden = true;
  }

  private wheel(event: WheelEvent): void {
    const range = this.actions.range();
    if (!range) return;
    const { span, steps } = range;
    const size = span.to - span.from;
    const pixels = (delta: number) =>
      Math.max(-mostWheel, Math.min(mostWheel, event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? delta : delta * 40));
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const about = span.from + this.actions.shareAt(event.clientX) * size;
      this.actions.show(zoomed(span, steps, wheelFactor ** pixels(event.deltaY), about));
    } else if (size < steps && Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      const width = this.element.clientWidth;
      this.actions.show(panned(span, steps, (pixels(event.deltaX) / width) * size));
    }
  }

  private key(event: KeyboardEvent): void {
    const { actions } = this;
    const range = actions.range();
    if (!range || event.ctrlKey || event.metaKey || event.altKey) return;
    const { span, steps } = range;
    const size = span.to - span.from;
    const zoom = (factor: number) => {
      const step = actions.readStep();
      const isInside = step >= span.from && step <= span.to;
      actions.show(zoomed(span, steps, factor, isInside ? step : (span.from + span.to) / 2));
    };
    const move = (direction: number) => {
      if (event.shiftKey) actions.show(panned(span, steps, direction * keyShare * size));
      else actions.readBy(direction);
    };
    const keys: Record<string, () => void> = {
      ArrowLeft: () => move(-1),
      ArrowDown: () => move(-1),
      ArrowRight: () => move(1),
      ArrowUp: () => move(1),
      PageUp: () => actions.readBy(pageFrames),
      PageDown: () => actions.readBy(-pageFrames),
      Home: () => actions.readBy(Number.NEGATIVE_INFINITY),
      End: () => actions.readBy(Number.POSITIVE_INFINITY),
      '+': () => zoom(1 / keyFactor),
      '=': () => zoom(1 / keyFactor),
      '-': () => zoom(keyFactor),
      _: () => zoom(keyFactor),
      0: () => actions.show(null),
      Enter: () => actions.chooseRead(),
      Escape: () => {
        this.cancel();
        actions.read(null, null);
      },
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}
