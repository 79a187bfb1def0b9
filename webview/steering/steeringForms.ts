/** The buttons that open the forms for changing the learning rate and for forking, one form at a time. */
import * as l10n from '@vscode/l10n';
import type { ChangingSettings } from '../../src/protocol';
import { formatCount } from '../../src/shared/numbers';
import { create, icon, setAttribute } from '../view/dom';
import type { Shown } from '../view/shown';
import { ForkForm } from './forkForm';
import { RateForm } from './rateForm';

export interface SteeringEvents {
  changeRequested(runs: string[], settings: Partial<ChangingSettings>): void;
  forkRequested(runs: string[], step: number, settings: Partial<ChangingSettings>): void;
}

type Form = RateForm | ForkForm;

export class Steering {
  readonly buttons: HTMLButtonElement[];
  readonly element: HTMLElement;
  private readonly rate: RateForm;
  private readonly fork: ForkForm;
  private readonly rateButton: HTMLButtonElement;
  private readonly forkButton: HTMLButtonElement;
  private shown: Shown | null = null;

  /** @param escaped Called when Escape closes a form; the button that opened it may be in a closed menu. */
  constructor(events: SteeringEvents, escaped: () => void) {
    this.rate = new RateForm(events.changeRequested);
    this.fork = new ForkForm(events.forkRequested);
    this.rateButton = this.opener('settings', 'rate-form', this.rate);
    this.forkButton = this.opener('repo-forked', 'fork-form', this.fork);
    this.buttons = [this.rateButton, this.forkButton];
    this.element = create('div', {}, this.rate.element, this.fork.element);
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.open(null);
      escaped();
    });
  }

  update(shown: Shown): void {
    this.shown = shown;
    const { state } = shown.session;
    const active = state === 'running' || state === 'paused';
    this.label(this.rateButton, l10n.t('Change the learning rate'), active);
    const obstacle = forkObstacle(shown);
    const fork = l10n.t`Fork from step ${formatCount(shown.step)}`;
    this.label(this.forkButton, obstacle === null ? fork : `${fork}: ${obstacle}`, obstacle === null);
    if (!active && !this.rate.element.hidden) this.open(null);
    if (obstacle !== null && !this.fork.element.hidden) this.open(null);
    this.rate.update(shown);
    this.fork.update(shown);
  }

  private label(button: HTMLButtonElement, title: string, enabled: boolean): void {
    setAttribute(button, 'title', title);
    setAttribute(button, 'aria-label', title);
    setAttribute(button, 'aria-disabled', enabled ? undefined : 'true');
  }

  private opener(name: string, id: string, form: Form): HTMLButtonElement {
    form.element.id = id;
    const button = create(
      'button',
      { type: 'button', class: 'icon', 'aria-expanded': 'false', 'aria-controls': id },
      icon(name),
    );
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      this.open(form.element.hidden ? form : null);
      if (!form.element.hidden) form.rate.input.focus();
    });
    return button;
  }

  private open(form: Form | null): void {
    this.rate.element.hidden = form !== this.rate;
    this.fork.element.hidden = form !== this.fork;
    setAttribute(this.rateButton, 'aria-expanded', String(form === this.rate));
    setAttribute(this.forkButton, 'aria-expanded', String(form === this.fork));
    if (this.shown) form?.update(this.shown);
  }
}

/** Reason why no visible run can be forked; null if at least one can. */
function forkObstacle({ session, drawn }: Shown): string | null {
  if (session.unforkable !== null) return session.unforkable;
  if (drawn.length === 0) return l10n.t('no arm is shown');
  const obstacles = drawn.map(({ run }) => run.state.unforkable);
  return obstacles.every((obstacle) => obstacle !== undefined) ? (obstacles[0] ?? null) : null;
}
