/** A section of charts under a heading: the charts that the user chose, in their order, overlaid or one plot per arm. */
import { Card, type CardEvents, type Moment } from '../charts/card';
import type { ChartContent } from '../charts/content';
import { sharedAxis } from '../charts/drawing';
import { overTime } from '../charts/timeAxis';
import { create, setText } from '../view/dom';
import { fillRows } from '../view/fillRows';
import type { Shown } from '../view/shown';
import type { Theme } from '../view/theme';
import type { ChartDefinition } from './chartDefinition';

/** Controls beside the heading of a section. */
export interface SectionEvents {
  armChosen(arm: string): void;
  tapChosen(tap: string): void;
  layerViewChosen(view: 'all' | 'one'): void;
}

export interface SectionControls {
  elements: HTMLElement[];
  update(shown: Shown): void;
}

/** Declares a section and its charts. `chartSections` lists the sections in their order on the page. */
export interface SectionDefinition {
  id: string;
  /** Heading in the list of charts, and on the page unless `describe` gives a longer one. */
  heading: string;
  charts: readonly ChartDefinition[];
  /** Columns of the grid: three by default, two where there is less room, or wider charts where three stand together. */
  columns?: 'two' | 'three' | 'wide';
  /** Whether only screen readers, and the list of charts, name the section. */
  isHeadingHidden?: boolean;
  /** Heading and hint for the displayed data. */
  describe?(shown: Shown): { heading?: string; hint?: (Node | string)[] };
  /** Whether the section appears; by default, if a chart has content. */
  isShown?(shown: Shown, hasContent: boolean): boolean;
  controls?(events: SectionEvents): SectionControls;
}

export class ChartSection {
  readonly element: HTMLElement;
  /** Heading, hint and controls. */
  readonly head: HTMLElement;
  private readonly heading: HTMLHeadingElement;
  private readonly hint = create('span', { class: 'dim small hint' });
  private readonly controls: SectionControls | undefined;
  private readonly grid: HTMLElement;
  /** Cards of each chart, one per plot. */
  private readonly cards = new Map<string, Card[]>();

  constructor(
    private readonly definition: SectionDefinition,
    private readonly events: CardEvents,
    sectionEvents: SectionEvents,
  ) {
    const { id, heading, columns = 'three' } = definition;
    this.controls = definition.controls?.(sectionEvents);
    this.heading = create('h2', { id, class: definition.isHeadingHidden ? 'aloud' : false }, heading);
    this.grid = create('div', { class: `grid filled ${columns}` });
    this.head = create(
      'div',
      { class: 'head' },
      this.heading,
      this.hint,
      create('div', { class: 'controls' }, ...(this.controls?.elements ?? [])),
    );
    this.element = create('section', { class: id, 'aria-labelledby': id }, this.head, this.grid);
  }

  /**
   * Draws chart by chart.
   * @param moment Called for each chart.
   */
  *draw(shown: Shown, theme: Theme, moment: () => Moment): Generator<void> {
    const { charts, describe, heading, isShown } = this.definition;
    const described = describe?.(shown) ?? {};
    setText(this.heading, described.heading ?? heading);
    this.hint.replaceChildren(...(described.hint ?? []));
    this.controls?.update(shown);
    const panes = panesOf(shown);
    this.grid.classList.toggle('beside', panes.length > 1);
    this.grid.dataset.panes = String(Math.min(4, panes.length));
    let any = false;
    for (const { id } of charts) this.cardsFor(id, isChosen(shown, id) ? panes.length : 0);
    this.arrange(shown.charts.flatMap(({ id }) => (this.cards.get(id) ?? []).map(({ element }) => element)));
    for (const { id, title, short = title, content } of charts) {
      const contents = panes.map((pane) => {
        const found = isChosen(shown, id) ? content(pane) : null;
        const [arm] = pane.drawn;
        const withArm = (unit: string) => [arm.name, unit].filter(Boolean).join(', ');
        const charted: ChartContent | null =
          found && panes.length > 1
            ? { ...found, title, short, unit: withArm(found.unit), brief: withArm(found.brief ?? found.unit) }
            : found && { ...found, title, short };
        return charted && overTime(charted, shown.period);
      });
      const present = contents.filter((each) => each !== null);
      any ||= present.length > 0;
      const axis = panes.length > 1 && present.length > 0 ? sharedAxis(present) : undefined;
      for (const [k, card] of (this.cards.get(id) ?? []).entries()) {
        // A single plot needs no row of its own.
        const first = present.length > 1 && contents.findIndex((each) => each !== null) === k;
        card.element.classList.toggle('first', first);
        card.draw(contents[k] ?? null, theme, moment(), shown.tables.includes(card.id), axis);
        yield;
      }
    }
    this.fill(panes.length > 1);
    this.element.hidden = !(isShown?.(shown, any) ?? any);
  }

  /** Cards of a chart: creates missing ones, and empties surplus ones. */
  private cardsFor(id: string, count: number): void {
    const cards = this.cards.get(id) ?? [];
    this.cards.set(id, cards);
    while (cards.length < count) {
      const card = new Card(cards.length === 0 ? id : `${id}-${cards.length + 1}`, id, this.events);
      cards.push(card);
      // Inserted before drawing, because a plot has no size outside the page.
      this.grid.append(card.element);
    }
  }

  /** Charts of the last row share its width. */
  private fill(isBeside: boolean): void {
    const visible = [...this.grid.children].filter((card) => !card.hasAttribute('hidden'));
    this.grid.classList.toggle('wide', this.definition.columns === 'wide' && visible.length === 3);
    if (!isBeside) fillRows(visible);
  }

  /** Elements already in place are not moved, because moving an element loses the keyboard focus. */
  private arrange(order: HTMLElement[]): void {
    for (const [place, element] of order.entries()) {
      if (this.grid.children[place] !== element) this.grid.insertBefore(element, this.grid.children[place] ?? null);
    }
  }

  /** Selects another step; nothing else has changed. */
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

/** Data of each plot of a chart: everything, or one arm each. */
function panesOf(shown: Shown): Shown[] {
  if (shown.arrangement !== 'beside' || shown.drawn.length < 2) return [shown];
  return shown.drawn.map((arm) => ({ ...shown, drawn: [arm], arm }));
}
