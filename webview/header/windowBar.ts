/** Notices about the window below the header: a question, a run that is being read, and the experiments that run next. */
import * as l10n from '@vscode/l10n';
import type { QueuedExperiment, WindowState } from '../../src/protocol';
import { create, icon, setText } from '../view/dom';

export interface WindowEvents {
  /** A choice for a question; null cancels. */
  answered(question: string, choice: string | null): void;
  /** An experiment is removed from the queue. */
  unqueued(id: string): void;
  readingCancelled(): void;
}

export class WindowBar {
  readonly element = create('div', { class: 'notices', hidden: true });
  private readonly question = create('div', { class: 'notice question', role: 'alert', hidden: true });
  private readonly readingText = create('span');
  private readonly reading: HTMLElement;
  private readonly queue = create('div', {
    class: 'notice queue',
    role: 'group',
    'aria-label': l10n.t('Queue'),
    hidden: true,
  });
  private signature = '';

  constructor(private readonly events: WindowEvents) {
    this.reading = create(
      'div',
      { class: 'notice reading', hidden: true },
      icon('loading'),
      this.readingText,
      pushButton(l10n.t('Cancel'), () => events.readingCancelled()),
    );
    this.element.append(this.question, this.reading, this.queue);
  }

  update({ question, reading, queue }: WindowState): void {
    this.element.hidden = !question && !reading && queue.length === 0;
    this.reading.hidden = !reading;
    if (reading) setText(this.readingText, l10n.t`Reading “${reading.name}”: ${Math.floor(100 * reading.share)} %`);
    // Replacing an unchanged button would take the keyboard focus from it.
    const signature = JSON.stringify([question, queue]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.question.hidden = !question;
    this.question.replaceChildren(
      ...(question
        ? [
            create('span', {}, icon('question'), ' ', question.text),
            ...question.choices.map(({ id, label }) => pushButton(label, () => this.events.answered(question.id, id))),
            pushButton(l10n.t('Cancel'), () => this.events.answered(question.id, null)),
          ]
        : []),
    );
    this.queue.hidden = queue.length === 0;
    this.queue.replaceChildren(...queue.map((queued, place) => this.entry(queued, place)));
  }

  private entry({ id, name }: QueuedExperiment, place: number): HTMLElement {
    const label = l10n.t`Remove “${name}” from the queue`;
    const remove = create(
      'button',
      { type: 'button', class: 'icon small', title: label, 'aria-label': label },
      icon('close'),
    );
    remove.addEventListener('click', () => this.events.unqueued(id));
    const words = create(
      'span',
      {},
      create('span', { class: 'dim' }, `${place === 0 ? l10n.t('next:') : l10n.t('then:')} `),
      name,
    );
    return create('span', { class: 'queued' }, words, remove);
  }
}

function pushButton(label: string, pressed: () => void): HTMLButtonElement {
  const button = create('button', { type: 'button', class: 'push' }, label);
  button.addEventListener('click', pressed);
  return button;
}
