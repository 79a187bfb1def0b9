/** Section "Observations": a few sentences, each with a link to the chart that shows it. */
import { create } from '../view/dom';
import type { Shown } from '../view/shown';
import { type Observation, observe } from './observations';

/** Maximum number of sentences. */
const most = 3;

export class ObservationsSection {
  readonly element = create('section', { class: 'observations', 'aria-label': 'Observations' });
  private written = '';

  /** @param step Step whose values are described. */
  update(shown: Shown, step: number): void {
    const observations = observe(shown, step).slice(0, most);
    this.element.hidden = observations.length === 0;
    const charts = new Set(shown.charts.flatMap((chart) => (chart.shown ? chart.id : [])));
    const text = JSON.stringify([observations, [...charts]]);
    if (text === this.written) return;
    this.written = text;
    // A focused link keeps the focus, even if the words around it change.
    const focused = this.element.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-topic')
      : null;
    this.element.replaceChildren(...observations.map((each) => sentence(each, charts.has(each.chart.id))));
    if (focused) this.element.querySelector<HTMLElement>(`[data-topic="${focused}"]`)?.focus();
  }
}

/** @param there Whether the chart is on the page. */
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
