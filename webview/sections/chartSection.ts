/** A section of charts under a question: those that the person chose, in their order, overlaid or one plot for each arm. */
import { Card, type CardEvents, type Moment } from '../charts/card';
import { sharedAxis } from '../charts/drawing';
import { create } from '../view/dom';
import type { Shown } from '../view/shown';
import type { Theme } from '../view/theme';
import type { ChartDefinition } from './context';

export class ChartSection {
  readonly element: HTMLElement;
  readonly heading: HTMLHeadingElement;
  /** Said beside the heading. */
  readonly hint = create('span', { class: 'dim small hint' });
  /** What is chosen for the section. */
  readonly controls = create('div', { class: 'controls' });
  private readonly grid: HTMLElement;
  /** Of each chart, one for each plot. */
  private readonly cards = new Map<string, Card[]>();

  constructor(
    id: string,
    heading: string,
    private readonly definitions: ChartDefinition[],
    private readonly events: CardEvents,
    columns: 'three' | 'four' | 'wide' = 'three',
  ) {
    this.heading = create('h2', { id }, heading);
    this.grid = create('div', { class: `grid ${columns}` });
    this.element = create(
      'section',
      { 'aria-labelledby': id },
      create('div', { class: 'head' }, this.heading, this.hint, this.controls),
      this.grid,
    );
  }

  /**
   * Draws chart by chart.
   * @param moment Asked for at each one.
   * @returns Whether any chart had something to show.
   */
  *draw(shown: Shown, theme: Theme, moment: () => Moment): Generator<void, boolean> {
    const panes = panesOf(shown);
    this.grid.classList.toggle('beside', panes.length > 1);
    this.grid.dataset.panes = String(Math.min(4, panes.length));
    let any = false;
    for (const { id } of this.definitions) this.cardsFor(id, isChosen(shown, id) ? panes.length : 0);
    this.arrange(shown.charts.flatMap(({ id }) => (this.cards.get(id) ?? []).map(({ element }) => element)));
    for (const { id, content } of this.definitions) {
      const contents = panes.map((pane) => {
        const found = isChosen(shown, id) ? content(pane) : null;
        const [arm] = pane.drawn;
        return found && panes.length > 1
          ? { ...found, unit: [arm.name, found.unit].filter(Boolean).join(', ') }
          : found;
      });
      const present = contents.filter((each) => each !== null);
      any ||= present.length > 0;
      const axis = panes.length > 1 && present.length > 0 ? sharedAxis(present) : undefined;
      for (const [k, card] of (this.cards.get(id) ?? []).entries()) {
        // One plot alone needs no row of its own.
        const first = present.length > 1 && contents.findIndex((each) => each !== null) === k;
        card.element.classList.toggle('first', first);
        card.draw(contents[k] ?? null, theme, moment(), shown.tables.includes(card.id), axis);
        yield;
      }
    }
    return any;
  }

  /** The cards of a chart: made when there are too few, without content when there are too many. */
  private cardsFor(id: string, count: number): void {
    const cards = this.cards.get(id) ?? [];
    this.cards.set(id, cards);
    while (cards.length < count) {
      const card = new Card(cards.length === 0 ? id : `${id}-${cards.length + 1}`, id, this.events);
      cards.push(card);
      // In the page before it is drawn: a plot has a size only there.
      this.grid.append(card.element);
    }
  }

  /** Elements that stand in their place already are not touched: one that is moved loses the keyboard's focus. */
  private arrange(order: HTMLElement[]): void {
    for (const [place, element] of order.entries()) {
      if (this.grid.children[place] !== element) this.grid.insertBefore(element, this.grid.children[place] ?? null);
    }
  }

  /** Looks at another step; nothing else has changed. */
  moveTo(moment: Moment): void {
    for (const card of this.everyCard()) card.moveTo(moment);
  }

  point(step: number | null): void {
    for (const card of this.everyCard()) card.point(step);
  }

  private *everyCard(): Iterable<Card> {
    for (const cards of this.cards.values()) yield* cards;
  }
}

function isChosen({ charts }: Shown, id: string): boolean {
  return charts.find((chart) => chart.id === id)?.shown ?? false;
}

/** What each plot of a chart shows: everything, or one arm each. */
function panesOf(shown: Shown): Shown[] {
  if (shown.arrangement !== 'beside' || shown.drawn.length < 2) return [shown];
  return shown.drawn.map((arm) => ({ ...shown, drawn: [arm], arm }));
}
