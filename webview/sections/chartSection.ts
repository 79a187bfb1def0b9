/** A section of charts under a question. */
import { Card, type CardEvents, type Moment } from '../charts/card';
import { create } from '../dom';
import type { Shown } from '../shown';
import type { Theme } from '../theme';
import type { ChartDefinition } from './context';

export class ChartSection {
  readonly element: HTMLElement;
  readonly heading: HTMLHeadingElement;
  /** Said beside the heading. */
  readonly hint = create('span', { class: 'dim small hint' });
  /** What is chosen for the section. */
  readonly controls = create('div', { class: 'controls' });
  private readonly cards: Card[];

  constructor(
    id: string,
    heading: string,
    private readonly definitions: ChartDefinition[],
    events: CardEvents,
    columns: 'three' | 'four' | 'wide' = 'three',
  ) {
    this.heading = create('h2', { id }, heading);
    this.cards = definitions.map((definition) => new Card(definition.id, events));
    this.element = create(
      'section',
      { 'aria-labelledby': id },
      create('div', { class: 'head' }, this.heading, this.hint, this.controls),
      create('div', { class: `grid ${columns}` }, ...this.cards.map((card) => card.element)),
    );
  }

  /** @returns Whether any chart had something to show. */
  draw(shown: Shown, theme: Theme, moment: Moment): boolean {
    let any = false;
    for (const [index, card] of this.cards.entries()) {
      const content = this.definitions[index].content(shown);
      any ||= content !== null;
      card.draw(content, theme, moment, shown.tables.includes(card.id));
    }
    return any;
  }

  /** Looks at another step; nothing else has changed. */
  moveTo(moment: Moment): void {
    for (const card of this.cards) card.moveTo(moment);
  }

  point(step: number | null): void {
    for (const card of this.cards) card.point(step);
  }
}
