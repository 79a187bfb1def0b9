/** Section "Observations": one sentence at a time, with a link to the chart that shows it, and buttons for the others. */
import { create, icon, setText } from '../view/dom';
import type { Shown } from '../view/shown';
import { oneSeed } from './chartDefinition';
import { type Observation, observe } from './observed';

export class ObservationsSection {
  readonly element = create('section', { class: 'observations', 'aria-label': 'Observations' });
  private readonly sentence = create('p');
  private readonly place = create('span', { class: 'dim small' });
  private readonly pager: HTMLElement;
  private observations: Observation[] = [];
  /** Topic of the displayed sentence; null for the most urgent. */
  private topic: Observation['topic'] | null = null;
  private written = '';
  private shown: Shown | null = null;

  constructor() {
    const button = (words: string, symbol: string, by: number) => {
      const made = create(
        'button',
        { type: 'button', class: 'icon small', title: words, 'aria-label': words },
        icon(symbol),
      );
      made.addEventListener('click', () => this.turn(by));
      return made;
    };
    this.pager = create(
      'div',
      { class: 'pager' },
      button('Previous observation', 'chevron-left', -1),
      this.place,
      button('Next observation', 'chevron-right', 1),
    );
    this.element.append(this.sentence, this.pager);
  }

  /** @param step Step whose values are described. */
  update(shown: Shown, step: number): void {
    this.shown = shown;
    this.observations = observe(shown, step);
    this.element.hidden = this.observations.length === 0;
    this.write();
  }

  /** Place of the displayed sentence; the most urgent if the chosen topic has no news at this step. */
  private get at(): number {
    return Math.max(
      0,
      this.observations.findIndex(({ topic }) => topic === this.topic),
    );
  }

  private turn(by: number): void {
    const { length } = this.observations;
    this.topic = this.observations[(this.at + by + length) % length]?.topic ?? null;
    this.write();
  }

  private write(): void {
    const { shown, observations, at } = this;
    const observation = observations[at];
    if (!shown || !observation) return;
    const isThere = shown.charts.some(({ id, shown: isShown }) => isShown && id === observation.chart.id);
    const seed = oneSeed(shown);
    const text = JSON.stringify([observation, isThere, at, observations.length, seed]);
    if (text === this.written) return;
    this.written = text;
    // A focused link keeps the focus, even if the words around it change.
    const hadFocus = this.sentence.contains(document.activeElement);
    this.sentence.replaceChildren(
      ...(seed ? [`${seed[0].toUpperCase()}${seed.slice(1)}: `] : []),
      ...wordsOf(observation, isThere),
    );
    if (hadFocus) this.sentence.querySelector('button')?.focus();
    this.sentence.title = this.sentence.textContent ?? '';
    this.pager.hidden = observations.length < 2;
    setText(this.place, `${at + 1} of ${observations.length}`);
  }
}

/** @param isThere Whether the chart is on the page. */
function wordsOf({ topic, pieces, chart }: Observation, isThere: boolean): (Node | string)[] {
  const text = pieces.map((piece) => (typeof piece === 'string' ? piece : create('strong', {}, piece.strong)));
  if (!isThere) return text;
  const link = create(
    'button',
    {
      type: 'button',
      class: 'link',
      'data-topic': topic,
      title: `Show the chart ${chart.title}`,
      'aria-label': `Show the chart ${chart.title}`,
    },
    '↓',
  );
  link.addEventListener('click', () => {
    const card = document.querySelector<HTMLElement>(`[data-chart="${chart.id}"]`);
    card?.scrollIntoView({ block: 'center' });
    card?.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
  });
  return [...text, ' ', link];
}
