/** Form that changes the learning rate of running runs: current value, factors, and the step at which the change takes effect. */
import * as l10n from '@vscode/l10n';
import type { ChangingSettings } from '../../src/protocol';
import { count } from '../../src/shared/counts';
import { listWithAnd } from '../../src/shared/lists';
import { formatCount, formatPlain } from '../../src/shared/numbers';
import { settingsAt } from '../../src/shared/settings';
import type { RunData } from '../session/store';
import { create, setText } from '../view/dom';
import type { Shown } from '../view/shown';
import { ListField, NumberField } from './fields';

export class RateForm {
  readonly element = create('form', { class: 'steer', 'aria-label': l10n.t('Learning rate'), hidden: true });
  readonly rate = new NumberField(l10n.t('Learning rate'));
  private readonly arm = new ListField(l10n.t('Arm'));
  private readonly words = create('span', { class: 'dim small words' });
  private readonly apply = create('button', { type: 'submit', class: 'do' }, l10n.t('Change'));
  private shown: Shown | null = null;
  /** The arm and rates that the field was filled for. When they change, it is filled again. */
  private filled = '';

  constructor(requested: (runs: string[], settings: Partial<ChangingSettings>) => void) {
    this.element.append(this.rate.element, this.rate.quickChoices(), this.arm.element, this.apply, this.words);
    this.arm.select.addEventListener('change', () => this.refresh());
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      const runs = this.running().map(({ state }) => state.id);
      if (runs.length > 0) requested(runs, { learningRate: this.rate.value });
    });
  }

  update(shown: Shown): void {
    this.shown = shown;
    if (this.element.hidden) return;
    this.refresh();
  }

  private refresh(): void {
    const { shown } = this;
    if (!shown) return;
    const { arms, session } = shown;
    this.arm.update([
      { value: '', label: l10n.t('all arms') },
      ...arms.map(({ name }) => ({ value: name, label: name })),
    ]);
    const running = this.running();
    const rates = [...new Set(running.map(({ state }) => settingsAt(state, state.step)?.learningRate ?? Number.NaN))];
    const filled = JSON.stringify([this.arm.value, rates]);
    if (filled !== this.filled) {
      this.filled = filled;
      this.rate.value = rates.length === 1 ? rates[0] : Number.NaN;
    }
    this.rate.input.placeholder = rates.length > 1 ? 'various' : '';
    this.apply.disabled = running.length === 0;
    setText(this.words, session.refused?.what === 'change' ? session.refused.message : this.inWords(running, rates));
  }

  private inWords(running: RunData[], rates: number[]): string {
    if (running.length === 0)
      return this.arm.value === '' ? l10n.t('No run is training.') : l10n.t('No run of this arm is training.');
    const values = listWithAnd(rates.map(formatPlain));
    const isScheduled = running.some(({ state }) => state.settings?.scheduled);
    const now = isScheduled ? l10n.t`Now ${values}, scaled by the schedule` : l10n.t`Now ${values}`;
    const since = running.flatMap(({ state }) => {
      const change = state.changes.findLast(({ learningRate }) => learningRate !== undefined);
      return change && state.seed === this.shown?.seed
        ? [l10n.t`${state.arm} since step ${formatCount(change.at)}`]
        : [];
    });
    const from = since.length > 0 ? ` (${since.join(', ')})` : '';
    return l10n.t`${now}${from}. A new rate takes effect at the next step of ${count(running.length, 'run')}.`;
  }

  /** Running runs of the chosen arms, with any seed. */
  private running(): RunData[] {
    const arm = this.arm.value;
    return [...(this.shown?.session.runs.values() ?? [])].filter(
      ({ state }) => state.status === 'running' && (arm === '' || state.arm === arm),
    );
  }
}
