/** Form that forks an arm at the selected step: training continues with different settings, for one seed or all seeds. */
import * as l10n from '@vscode/l10n';
import type { ChangingSettings } from '../../src/protocol';
import { count } from '../../src/shared/counts';
import { formatCount } from '../../src/shared/numbers';
import { differing, settingsAt } from '../../src/shared/settings';
import type { RunData } from '../session/store';
import { create, setText } from '../view/dom';
import type { Shown } from '../view/shown';
import { ListField, NumberField } from './fields';

/** @param seeds Number of forked runs; null if there is one run to choose from. */
function forkInWords(step: number, seeds: number | null, isPaused: boolean): string {
  const arm = seeds === null ? l10n.t('A new arm') : l10n.t`A new arm of ${formatCount(seeds)} seeds`;
  return isPaused
    ? l10n.t`${arm} shares all steps up to ${formatCount(step)} and continues with these settings, when you resume.`
    : l10n.t`${arm} shares all steps up to ${formatCount(step)} and continues with these settings.`;
}

export class ForkForm {
  readonly element = create('form', { class: 'steer', 'aria-label': l10n.t('Fork'), hidden: true });
  readonly rate = new NumberField(l10n.t('Learning rate'));
  private readonly momentum = new NumberField(l10n.t('Momentum'));
  private readonly weightDecay = new NumberField(l10n.t('Weight decay'));
  private readonly batchSize = new NumberField(l10n.t('Batch size'), true);
  private readonly freeze = create('input', { type: 'checkbox' });
  private readonly frozen = create('label', {}, this.freeze, create('span', {}, l10n.t('Freeze running statistics')));
  private readonly arm = new ListField(l10n.t('Arm'));
  private readonly seeds = new ListField(l10n.t('Seeds'));
  private readonly words = create('span', { class: 'dim small words' });
  private readonly apply = create('button', { type: 'submit', class: 'do' }, l10n.t('Fork'));
  private shown: Shown | null = null;
  private filled = '';

  constructor(chosenRuns: (runs: string[], step: number, settings: Partial<ChangingSettings>) => void) {
    this.element.append(
      this.arm.element,
      this.seeds.element,
      this.rate.element,
      this.rate.quickChoices(),
      this.momentum.element,
      this.weightDecay.element,
      this.batchSize.element,
      this.frozen,
      this.apply,
      this.words,
    );
    for (const { select } of [this.arm, this.seeds]) select.addEventListener('change', () => this.refresh());
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      const { before, forked } = this.chosen();
      if (forked.length === 0 || !before || !this.shown) return;
      const runs = forked.map(({ state }) => state.id);
      chosenRuns(runs, this.shown.step, differing(this.wanted(), before));
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
    const { run, runs, before, forked } = this.chosen();
    this.seeds.update([
      { value: 'one', label: l10n.t`this one (${String(run?.state.seed)})` },
      ...(runs.length > 1 ? [{ value: 'all', label: l10n.t`all ${formatCount(runs.length)}` }] : []),
    ]);
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
    this.apply.disabled = forked.length === 0;
    setText(this.apply, l10n.t`Fork at step ${formatCount(step)}`);
    setText(this.words, session.refused?.what === 'fork' ? session.refused.message : this.inWords());
  }

  private inWords(): string {
    const { run, asked: chosenRuns, forked } = this.chosen();
    const { step = 0, session } = this.shown ?? {};
    const obstacle = chosenRuns.find(({ state }) => state.unforkable !== undefined) ?? run;
    if (forked.length === 0 && obstacle?.state.unforkable) {
      return l10n.t`${obstacle.state.arm} cannot be forked: ${obstacle.state.unforkable}.`;
    }
    if (forked.length === 0 && run && step > run.state.step) {
      return l10n.t`Choose an earlier step: the arm has only reached step ${formatCount(run.state.step)}.`;
    }
    if (forked.length === 0) return l10n.t('Choose a step before the last one.');
    const left = chosenRuns.length - forked.length;
    const others = left > 0 ? [l10n.t`${count(left, 'seed')} cannot be forked at this step.`] : [];
    const words = forkInWords(step, chosenRuns.length > 1 ? forked.length : null, session?.state === 'paused');
    return [words, ...others].join(' ');
  }

  /** The arm's run with the selected seed, its runs with all seeds, the requested runs, and the requested runs that can be forked. */
  private chosen() {
    const { shown } = this;
    const arm = shown?.drawn.find(({ name }) => name === this.arm.value) ?? null;
    const run = arm?.run ?? null;
    const before = run && shown ? settingsAt(run.state, shown.step) : null;
    const runs: RunData[] = arm?.runs ?? [];
    const chosenRuns = this.seeds.value === 'all' ? runs : run ? [run] : [];
    const canFork = ({ state }: RunData) =>
      shown !== null && state.unforkable === undefined && shown.step <= state.step && shown.step < state.steps;
    return { run, runs, before, asked: chosenRuns, forked: before ? chosenRuns.filter(canFork) : [] };
  }

  private wanted(): ChangingSettings {
    return {
      learningRate: this.rate.value,
      momentum: this.momentum.value,
      weightDecay: this.weightDecay.value,
      batchSize: this.batchSize.value,
      freezeStatistics: this.freeze.checked,
    };
  }
}
