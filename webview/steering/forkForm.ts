/** A fork: from the step that is looked at, an arm goes on once more with other settings. */
import type { ChangingSettings } from '../../src/protocol';
import { create, setText } from '../dom';
import { formatCount } from '../format';
import type { Shown } from '../shown';
import { ArmField, NumberField } from './fields';
import { settingsAt } from './settings';

export class ForkForm {
  readonly element = create('form', { class: 'steer', 'aria-label': 'Fork', hidden: true });
  readonly rate = new NumberField('Learning rate');
  private readonly momentum = new NumberField('Momentum');
  private readonly weightDecay = new NumberField('Weight decay');
  private readonly batchSize = new NumberField('Batch size', true);
  private readonly freeze = create('input', { type: 'checkbox' });
  private readonly frozen = create('label', {}, this.freeze, create('span', {}, 'Freeze running statistics'));
  private readonly arm = new ArmField();
  private readonly words = create('span', { class: 'dim small words' });
  private readonly apply = create('button', { type: 'submit', class: 'do' }, 'Fork');
  private shown: Shown | null = null;
  private filled = '';

  constructor(asked: (run: string, step: number, settings: Partial<ChangingSettings>) => void) {
    this.element.append(
      this.arm.element,
      this.rate.element,
      this.rate.quickChoices(),
      this.momentum.element,
      this.weightDecay.element,
      this.batchSize.element,
      this.frozen,
      this.apply,
      this.words,
    );
    this.arm.select.addEventListener('change', () => this.refresh());
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      const { run, before } = this.chosen();
      if (run && before && this.shown) asked(run.state.id, this.shown.step, this.differing(before));
    });
  }

  update(shown: Shown): void {
    this.shown = shown;
    if (!this.element.hidden) this.refresh();
  }

  private refresh(): void {
    const { shown } = this;
    if (!shown) return;
    const { step, session } = shown;
    this.arm.update(shown.drawn.map(({ name }) => ({ value: name, label: name })));
    const { run, before } = this.chosen();
    const filled = JSON.stringify([run?.state.id, step, before]);
    if (filled !== this.filled && before && run) {
      this.filled = filled;
      this.rate.value = before.learningRate;
      this.momentum.value = before.momentum;
      this.weightDecay.value = before.weightDecay;
      this.batchSize.value = before.batchSize;
      this.freeze.checked = before.freezeStatistics;
      this.momentum.element.hidden = run.state.settings?.momentum === null;
      this.frozen.hidden = run.state.settings?.statistics !== true;
    }
    const done = run ? run.state.step : 0;
    const impossible = !run || !before || step > done || step >= run.state.steps;
    this.apply.disabled = impossible;
    setText(this.apply, `Fork at step ${formatCount(step)}`);
    const words = impossible
      ? 'Choose a step before the last one, which the arm has come to.'
      : `A new arm shares all steps up to ${formatCount(step)} and goes on with these settings${session.state === 'paused' ? ', when you resume' : ''}.`;
    setText(this.words, session.refused?.what === 'fork' ? session.refused.message : words);
  }

  private chosen() {
    const { shown } = this;
    const run = shown?.drawn.find(({ name }) => name === this.arm.value)?.run ?? null;
    return { run, before: run && shown ? settingsAt(run.state, shown.step) : null };
  }

  private differing(before: ChangingSettings): Partial<ChangingSettings> {
    const now: ChangingSettings = {
      learningRate: this.rate.value,
      momentum: this.momentum.value,
      weightDecay: this.weightDecay.value,
      batchSize: this.batchSize.value,
      freezeStatistics: this.freeze.checked,
    };
    const names = Object.keys(now) as (keyof ChangingSettings)[];
    return Object.fromEntries(names.filter((name) => now[name] !== before[name]).map((name) => [name, now[name]]));
  }
}
