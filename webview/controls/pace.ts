/** The pace at which an experiment trains: a list beside the latest step, and a notice while it is limited. */
import * as l10n from '@vscode/l10n';
import { formatCount } from '../../src/shared/numbers';
import type { Session } from '../session/store';
import { create, setAttribute, setText } from '../view/dom';

export interface PaceEvents {
  /** Steps per second of each run; null for as fast as it can. */
  paceChosen(stepsPerSecond: number | null): void;
}

/** Offered paces, in steps per second. */
const paces = [1000, 500, 300, 200, 100, 50, 20, 10];
const fullSpeed = 'full';

function isTraining({ state }: Session): boolean {
  return state === 'running' || state === 'paused';
}

function stepsPerSecond(pace: number): string {
  return l10n.t`${formatCount(pace)} steps/s`;
}

/** A list of paces, shown while the experiment trains. */
export class PaceList {
  readonly element = create('select', {
    class: 'pace',
    'aria-label': l10n.t('Pace'),
    title: l10n.t('Pace: steps per second of each run. The results are the same.'),
    hidden: true,
  });
  /** The offered paces, with the pace of the file. */
  private offered: number[] = [];

  constructor(events: PaceEvents) {
    this.element.addEventListener('change', () => {
      const { value } = this.element;
      events.paceChosen(value === fullSpeed ? null : Number(value));
    });
  }

  update(session: Session): void {
    setAttribute(this.element, 'hidden', !isTraining(session));
    const { pace } = session;
    if (this.offered.length === 0 || (pace !== null && !this.offered.includes(pace))) {
      this.offered = [...new Set([...paces, ...(pace === null ? [] : [pace])])].sort((a, b) => b - a);
      this.element.replaceChildren(
        create('option', { value: fullSpeed }, l10n.t('full speed')),
        ...this.offered.map((each) => create('option', { value: each }, stepsPerSecond(each))),
      );
    }
    const value = pace === null ? fullSpeed : String(pace);
    if (this.element.value !== value) this.element.value = value;
  }
}

/** `Slowed to watch: 300 steps/s`, with a button for full speed. */
export class PaceChip {
  private readonly pace = create('span', { class: 'roomy' });
  readonly element: HTMLElement;

  constructor(events: PaceEvents) {
    const words = create('span', { class: 'words' }, l10n.t('Slowed to watch'), this.pace);
    const faster = create(
      'button',
      { type: 'button', class: 'link', title: l10n.t('Train as fast as it can. The results are the same.') },
      l10n.t('Full speed'),
    );
    faster.addEventListener('click', () => events.paceChosen(null));
    this.element = create('div', { class: 'slowed', hidden: true }, words, faster);
  }

  update(session: Session): void {
    setAttribute(this.element, 'hidden', session.pace === null || !isTraining(session));
    if (session.pace !== null) setText(this.pace, `: ${stepsPerSecond(session.pace)}`);
  }
}
