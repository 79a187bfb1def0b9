/** Section "Observations": one sentence at a time, with a link to the chart that shows it, and buttons for the others. */
import * as l10n from '@vscode/l10n';
import { create, icon, setAttribute, setText } from '../view/dom';
import type { Shown } from '../view/shown';
import { oneSeed } from './chartDefinition';
import { type Observation, observe } from './observations';

export class ObservationsSection {
  readonly element = create('section', { class: 'observations', 'aria-label': l10n.t('Observations') });
  private readonly sentence = create('p');
  /** Beside the sentence, because the end of a long sentence is cut off. */
  private readonly link = create('button', { type: 'button', class: 'link' }, '↓');
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
      button(l10n.t('Previous observation'), 'chevron-left', -1),
      this.place,
      button(l10n.t('Next observation'), 'chevron-right', 1),
    );
    this.link.addEventListener('click', () => showChart(this.observations[this.at]));
    this.element.append(this.sentence, this.link, this.pager);
  }

  /** @param step Step whose values are described. */
  update(shown: Shown, step: number): void {
    this.shown = shown;
    const isUrgent = ({ topic }: Observation) => topic === 'trouble';
    const wasUrgent = this.observations.some(isUrgent);
    this.observations = observe(shown, step);
    if (!wasUrgent && this.observations.some(isUrgent)) this.topic = null;
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
    this.sentence.replaceChildren(
      ...(seed ? [`${seed[0].toUpperCase()}${seed.slice(1)}: `] : []),
      ...observation.pieces.map((piece) => (typeof piece === 'string' ? piece : create('strong', {}, piece.strong))),
    );
    this.sentence.title = this.sentence.textContent ?? '';
    const words = l10n.t`Show the chart ${observation.chart.title}`;
    for (const name of ['title', 'aria-label'] as const) setAttribute(this.link, name, words);
    setAttribute(this.link, 'data-topic', observation.topic);
    this.link.hidden = !isThere;
    this.pager.hidden = observations.length < 2;
    setText(this.place, l10n.t`${at + 1} of ${observations.length}`);
  }
}

function showChart(observation: Observation | undefined): void {
  const card = document.querySelector<HTMLElement>(`[data-chart="${observation?.chart.id}"]`);
  card?.scrollIntoView({ block: 'center' });
  card?.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
}
