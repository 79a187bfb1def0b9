/** What is happening, in words: a few sentences, each with the way to the chart that shows it. */
import { create } from '../view/dom';
import type { Shown } from '../view/shown';
import { type Observation, observe } from './observed';

/** More would not be read. */
const most = 3;

export class ObservationsSection {
  readonly element = create('section', { class: 'observations', 'aria-label': 'Observations' });
  private written = '';

  /** @param step Where the numbers are read. */
  update(shown: Shown, step: number): void {
    const observations = observe(shown, step).slice(0, most);
    this.element.hidden = observations.length === 0;
    const charts = new Set(shown.charts.flatMap((chart) => (chart.shown ? chart.id : [])));
    const text = JSON.stringify([observations, [...charts]]);
    if (text === this.written) return;
    this.written = text;
    // A link that has the focus keeps it, though the words around it change.
    const focused = this.element.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-topic')
      : null;
    this.element.replaceChildren(...observations.map((each) => sentence(each, charts.has(each.chart.id))));
    if (focused) this.element.querySelector<HTMLElement>(`[data-topic="${focused}"]`)?.focus();
  }
}

/** @param there Whether its chart is one of those that the person chose. */
function sentence({ topic, pieces, chart }: Observation, there: boolean): HTMLElement {
  const text = pieces.map((piece) => (typeof piece === 'string' ? piece : create('strong', {}, piece.strong)));
  if (!there) return create('p', {}, ...text);
  const link = create('button', { type: 'button', class: 'link', 'data-topic': topic }, `${chart.title} ↓`);
  link.addEventListener('click', () => {
    const card = document.querySelector<HTMLElement>(`[data-chart="${chart.id}"]`);
    card?.scrollIntoView({ block: 'center' });
    card?.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
  });
  return create('p', {}, ...text, ' ', link);
}
