/** What went wrong, and what else should be known: runs that failed or are not whole, which, why, and what to do, as the host said it. */
import { create, icon } from './dom';
import type { Session } from './store';

interface Trouble {
  kind: 'error' | 'warning' | 'info';
  strong: string;
  words: string;
}

export class Failures {
  readonly element = create('section', { class: 'failures', 'aria-label': 'What went wrong', hidden: true });
  private signature = '[]';

  update(session: Session): void {
    const troubles = [
      ...session.remarks.map((words): Trouble => ({ kind: 'info', strong: '', words })),
      ...[...session.runs.values()].flatMap(({ state }): Trouble[] => {
        const who = `${state.arm}, seed ${state.seed}`;
        const error = state.error ?? '';
        const because = error === '' ? '.' : `: ${error}`;
        if (state.status === 'failed') return [{ kind: 'error', strong: `${who} failed`, words: because }];
        return error === '' ? [] : [{ kind: 'warning', strong: who, words: because }];
      }),
    ];
    const signature = JSON.stringify(troubles);
    if (signature === this.signature) return;
    this.signature = signature;
    this.element.hidden = troubles.length === 0;
    this.element.replaceChildren(
      ...troubles.map(({ kind, strong, words }) =>
        create('p', { 'data-kind': kind }, icon(kind), create('span', {}, create('b', {}, strong), words)),
      ),
    );
  }
}
