/** Settings for all charts: which are shown, arms overlaid or side by side, smoothing. */
import * as l10n from '@vscode/l10n';
import type { ChartChoice } from '../../src/protocol';
import { formatCount } from '../../src/shared/numbers';
import type { ChartGroup } from '../view/chartChoice';
import { type Choices, smoothings } from '../view/choices';
import { create, icon, setAttribute, setText } from '../view/dom';
import { horizontalNames } from '../view/period';
import type { Shown } from '../view/shown';
import { ChartPicker } from './chartPicker';
import { ChoiceBar } from './choiceBar';

const horizontals = ['step', 'relative', 'wall'] as const;

export interface ViewEvents {
  viewChosen(change: Partial<Pick<Choices, 'arrangement' | 'smoothing' | 'horizontal'>>): void;
  chartsArranged(charts: ChartChoice[]): void;
}

function stepsInWords(steps: number): string {
  return l10n.t`${formatCount(steps)} steps`;
}

export class ViewBar {
  readonly element: HTMLElement;
  private readonly arms: ChoiceBar;
  private readonly smoothing = create('select', { id: 'smoothing' });
  private readonly horizontal = create(
    'select',
    {},
    ...horizontals.map((value) => create('option', { value }, horizontalNames[value])),
  );
  private readonly axis = create(
    'label',
    {
      class: 'small',
      title: l10n.t(
        'Horizontal axis of the charts. Relative time counts from the first value of each run; wall time is in your time zone.',
      ),
    },
    `${l10n.t({ message: 'Axis', comment: 'Label of a list: the horizontal axis' })} `,
    this.horizontal,
  );
  private readonly picker: ChartPicker;
  private readonly open: HTMLButtonElement;
  private readonly count = create('span', { class: 'dim' });
  private steps: number | null = 0;

  constructor(groups: readonly ChartGroup[], events: ViewEvents) {
    this.arms = new ChoiceBar(l10n.t('Arms'), (value) =>
      events.viewChosen({ arrangement: value === 'beside' ? 'beside' : 'overlaid' }),
    );
    this.smoothing.addEventListener('change', () => events.viewChosen({ smoothing: Number(this.smoothing.value) }));
    this.horizontal.addEventListener('change', () => {
      const value = horizontals.find((each) => each === this.horizontal.value);
      if (value) events.viewChosen({ horizontal: value });
    });
    this.picker = new ChartPicker(groups, events.chartsArranged);
    this.open = create(
      'button',
      { type: 'button', class: 'link open', 'aria-expanded': 'false', 'aria-controls': this.picker.element.id },
      icon('settings'),
      create('span', {}, l10n.t('Charts…')),
      this.count,
    );
    this.open.addEventListener('click', () => this.toggle(this.picker.element.hidden === true));
    this.picker.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.toggle(false);
      this.open.focus();
    });
    this.element = create(
      'section',
      { class: 'view', 'aria-label': l10n.t('View') },
      create(
        'div',
        { class: 'row' },
        this.open,
        create('span', { class: 'space' }),
        this.axis,
        create(
          'label',
          {
            class: 'small',
            title: l10n.t(
              'Loss and accuracy: the mean over a centred window, so the line does not lag. The window narrows toward the ends. The raw line stays visible behind it.',
            ),
          },
          `${l10n.t('Smoothing')} `,
          this.smoothing,
        ),
        this.arms.element,
      ),
      this.picker.element,
    );
  }

  update(shown: Shown): void {
    const { drawn, charts } = shown;
    this.arms.update(
      drawn.length < 2
        ? []
        : [
            { value: 'overlaid', label: l10n.t('arms overlaid') },
            { value: 'beside', label: l10n.t('side by side') },
          ],
      shown.arrangement,
    );
    // The steps of logs of another program grow: the words of an open list must not.
    const steps = shown.session.logs ? null : shown.steps;
    if (steps !== this.steps) {
      this.steps = steps;
      const inWords = (share: number) =>
        steps === null ? l10n.t`${100 * share} % of the steps` : stepsInWords(Math.max(1, share * steps));
      const words = (share: number) =>
        share === 0 ? l10n.t({ message: 'off', comment: 'No smoothing' }) : inWords(share);
      this.smoothing.replaceChildren(...smoothings.map((share) => create('option', { value: share }, words(share))));
    }
    setAttribute(this.axis, 'hidden', shown.session.logs === null);
    if (this.horizontal.value !== shown.horizontal) this.horizontal.value = shown.horizontal;
    const value = String(shown.smoothing);
    if (this.smoothing.value !== value) this.smoothing.value = value;
    setText(this.count, l10n.t`${charts.filter((chart) => chart.shown).length} of ${charts.length}`);
    this.picker.update(charts);
  }

  private toggle(open: boolean): void {
    this.picker.element.hidden = !open;
    setAttribute(this.open, 'aria-expanded', String(open));
    if (open) this.picker.focus();
  }
}
